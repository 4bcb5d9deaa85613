import Foundation
import Terminal

/// Shows a person what is taller than the screen, by a program that turns pages: `$PAGER`, else `less` where it is.
/// `PAGER=cat`, or an empty one, means none.
struct Pager {
    /// As `sh` runs it; nil: none.
    private let command: String?

    init(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
        let terminal = environment["TERM"] ?? ""
        guard !terminal.isEmpty, terminal != "dumb" else {
            command = nil
            return
        }
        let named = environment["PAGER"]?.trimmingBlanks
        let folders = (environment["PATH"] ?? "").split(separator: ":")
        let hasLess = folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/less") }
        guard let program = named ?? (hasLess ? "less" : nil), !program.isEmpty, program != "cat" else {
            command = nil
            return
        }
        // -F: what fits is just printed; -R: colours; -X: it stays on the screen; -K: Ctrl-C leaves it.
        command = environment["LESS"] == nil ? "LESS=FRXK \(program)" : program
    }

    /// Prints `text`, on pages where it and the prompt below it are taller than the screen.
    /// - Throws: ``ShellError/cannotRun(program:reason:)``, after the text was printed whole.
    func show(_ text: String, on output: Output, colour: ColourChoice, _ interrupts: Interrupts?) throws {
        guard let command, let size = output.size, Self.rows(of: text, columns: size.columns) >= size.rows else {
            return output.write(text)
        }
        do {
            let sink = try Sink(.program(command), standard: output, colour: colour)
            sink.output.write(text)
            try sink.finish(interrupts)
        } catch {
            output.write(text)
            throw error
        }
    }

    /// How many rows of the screen a text takes.
    private static func rows(of text: String, columns: Int) -> Int {
        text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().reduce(0) { rows, line in
            rows + max(1, (TextWidth.uncolouredColumns(line) + columns - 1) / max(1, columns))
        }
    }
}
