import Foundation

extension StringProtocol {
    /// Without blanks at its ends.
    var trimmingBlanks: String { trimmingCharacters(in: .whitespaces) }

    /// Without line ends at its ends.
    var trimmingNewlines: String { trimmingCharacters(in: .newlines) }
}
