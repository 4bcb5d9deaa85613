import ArgumentParser

/// An argument that is plain text. A quoted word may begin with `-`; ArgumentParser would take it for an option,
/// so such a word travels behind a mark that this type takes off again.
public struct Text: ExpressibleByArgument, Sendable, Equatable, CustomStringConvertible {
    /// The last private-use scalar; a text that begins with it gets a second one, so nothing is lost.
    static let mark: Unicode.Scalar = "\u{10FFFD}"

    public let string: String

    public init(_ string: String) { self.string = string }

    public init?(argument: String) { string = Self.revealed(argument) }

    public var description: String { string }

    /// The word as ArgumentParser shall see it.
    static func shielded(_ word: Word) -> String {
        let first = word.text.unicodeScalars.first
        guard first == mark || (word.isQuoted && first == "-") else { return word.text }
        return String(mark) + word.text
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
