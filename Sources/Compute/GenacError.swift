import Foundation

/// What every error of every room can say: what was wrong, where (file, offset, line, key), and what to do.
/// The shell prints it as one line; `--json` gives the three parts as `error: {what, where, hint}`.
package protocol GenacError: Error, Sendable, CustomStringConvertible {
    var what: String { get }
    var location: String? { get }
    var hint: String? { get }
}

extension Error {
    /// In words, also where it is the system's or a library's. Foundation's text for a Swift error that is none of its
    /// own says only that an operation could not be completed.
    package var inWords: String {
        if let own = self as? any GenacError { return own.description }
        return self is CocoaError || self is POSIXError ? localizedDescription : String(describing: self)
    }
}

extension GenacError {
    package var description: String {
        let place = location.map { "\($0): " } ?? ""
        let advice = hint.map { "; \($0)" } ?? ""
        return place + what + advice
    }
}
