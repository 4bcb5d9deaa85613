import Compute

/// Why something could not be done: what is wrong, where, and what to do.
public struct Failure: Error, Sendable, CustomStringConvertible {
    /// What is wrong.
    public let what: String
    /// A file, with a line or a key where there is one.
    public let location: String?
    /// What would mend it.
    public let hint: String?

    /// All three in a line.
    public var description: String { (location.map { "\($0): " } ?? "") + what + (hint.map { "; \($0)" } ?? "") }

    /// Carries out some work of the rooms below, whose errors have the same three parts.
    static func telling<Result>(_ work: () throws -> Result) throws(Failure) -> Result {
        do {
            return try work()
        } catch let error as any GenacError {
            throw Failure(what: error.what, location: error.location, hint: error.hint)
        } catch let error as Failure {
            throw error
        } catch {
            throw Failure(what: error.inWords, location: nil, hint: nil)
        }
    }
}
