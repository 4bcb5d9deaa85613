import Foundation
import Terminal

/// Text changed by the user's own editor.
struct Editor {
    let output: Output
    /// Signals; nil where there are none to mind.
    let interrupts: Interrupts?

    /// - Throws: ``ShellError/refused(_:hint:)`` without a terminal, ``ShellError/cannotRun(program:reason:)``.
    func edit(_ text: String, name: String) throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let editor = environment["VISUAL"] ?? environment["EDITOR"] ?? "vi"
        guard environment["VISUAL"] != nil || environment["EDITOR"] != nil || isatty(STDIN_FILENO) == 1 else {
            throw ShellError.refused(
                "there is no terminal for an editor", hint: "set EDITOR to a program that changes the file it is given")
        }
        return try TemporaryFolder.with { folder in
            let path = folder + "/" + name
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            output.flush()
            try ForegroundProcess.runInForeground("\(editor) '\(path)'", interrupts: interrupts)
            guard let data = FileManager.default.contents(atPath: path),
                let edited = String(validating: data, as: UTF8.self)
            else {
                throw ShellError.refused("what the editor left is no UTF-8 text")
            }
            return edited
        }
    }
}
