import Compute

/// Any error in the three parts that are shown.
struct ErrorParts {
    var what: String
    var location: String?
    var hint: String?

    init(_ error: any Error) {
        if let error = error as? any GenacError {
            (what, location, hint) = (error.what, error.location, ShellHints.of(error))
        } else {
            (what, location, hint) = (error.inWords, nil, nil)
        }
    }

    /// `where: what; what to do`.
    var text: String {
        [location, what].compactMap { $0 }.joined(separator: ": ") + (hint.map { "; \($0)" } ?? "")
    }
}
