/// What every error of every room can say: what was wrong, where (file, offset, line, key), and what to do.
/// The shell prints it as one line; `--json` gives the three parts as `error: {what, where, hint}`.
public protocol GenacError: Error, Sendable, CustomStringConvertible {
    var what: String { get }
    var location: String? { get }
    var hint: String? { get }
}

extension GenacError {
    public var description: String {
        let place = location.map { "\($0): " } ?? ""
        let advice = hint.map { "; \($0)" } ?? ""
        return place + what + advice
    }
}
