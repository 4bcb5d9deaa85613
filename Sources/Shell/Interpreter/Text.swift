import ArgumentParser

/// An argument that is plain text. It may begin with `-`; ArgumentParser would take it for an option, so such a word
/// travels behind a mark that this type takes off again (`ArgumentWords`).
struct Text: ExpressibleByArgument, Sendable, Equatable, CustomStringConvertible {
    /// The last private-use scalar; a text that begins with it gets a second one, so nothing is lost.
    static let mark: Unicode.Scalar = "\u{10FFFD}"

    let string: String

    init(_ string: String) { self.string = string }

    init?(argument: String) { string = Self.revealed(argument) }

    var description: String { string }

    /// The text as ArgumentParser shall see it; a dash before it is no option's where `isText`.
    static func shielded(_ text: String, isText: Bool) -> String {
        let first = text.unicodeScalars.first
        return first == mark || (isText && first == "-") ? String(mark) + text : text
    }

    static func revealed(_ argument: String) -> String {
        guard argument.unicodeScalars.first == mark else { return argument }
        return String(argument.unicodeScalars.dropFirst())
    }

    /// A message of ArgumentParser's without marks.
    static func unmarked(_ message: String) -> String {
        String(String.UnicodeScalarView(message.unicodeScalars.filter { $0 != mark }))
    }
}
