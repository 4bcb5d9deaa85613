import Foundation

/// Text that a person gives to a command: as a file, in quotes, on standard input, or from an editor.
struct GivenText {
    let text: String
    /// Where it came from, as records of it say.
    let origin: String
    /// It stands in the command itself.
    let isTyped: Bool

    private static let limit = 1 << 20

    /// - Parameters:
    ///   - source: a file's path, or text.
    ///   - edit: it is written in the user's editor.
    ///   - name: what it is; the name of the editor's file.
    /// - Returns: nil where the editor's file was left empty.
    /// - Throws: ``ShellError``.
    init?(_ source: String?, edit: Bool, name: String, _ context: CommandContext) throws {
        guard (source == nil) == edit else {
            throw ShellError.refused(
                edit ? "--edit takes no file and no text" : "there is nothing to add",
                hint: "give a file, text in quotes, - for standard input, or --edit")
        }
        guard let source else {
            let text = try context.editor.edit("", name: "\(name).txt")
            guard !Self.isBlank(text) else { return nil }
            (self.text, origin, isTyped) = (text, "the editor", false)
            return
        }
        if Self.isFile(source) {
            let path = (source as NSString).expandingTildeInPath
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ShellError.cannotOpen(path: source, reason: "no such file, or not readable")
            }
            (text, origin, isTyped) = (
                try Self.decoded(Array(data), from: source), (path as NSString).lastPathComponent, false
            )
        } else {
            (text, origin, isTyped) = (source, "typed text", true)
        }
        try requireText()
    }

    /// What standard input held.
    init(piped bytes: [UInt8]) throws {
        (text, origin, isTyped) = (try Self.decoded(bytes, from: StandardInput.name), StandardInput.name, false)
        try requireText()
    }

    private func requireText() throws {
        guard !Self.isBlank(text) else {
            throw ShellError.invalid(what: "there is no text", location: origin, hint: nil)
        }
    }

    /// Text of several words is a file only where there is one of that name, or where it ends as files of text do.
    private static func isFile(_ source: String) -> Bool {
        let path = (source as NSString).expandingTildeInPath
        if FileManager.default.fileExists(atPath: path) || !source.contains(where: \.isWhitespace) { return true }
        return !source.contains(where: \.isNewline)
            && ["txt", "md", "json", "jsonl"].contains((path as NSString).pathExtension)
    }

    private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

    private static func decoded(_ bytes: [UInt8], from origin: String) throws -> String {
        guard bytes.count <= limit, let text = String(validating: bytes, as: UTF8.self) else {
            throw ShellError.invalid(
                what: "no UTF-8 text of at most a megabyte", location: origin, hint: "save it as UTF-8")
        }
        return text
    }
}
