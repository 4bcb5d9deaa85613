import Problems

/// The problem that commands mean when they name none.
final class CurrentProblem {
    var problem: Problem?

    /// - Throws: ``ShellError/refused(_:hint:)`` where none is chosen.
    func required() throws -> Problem {
        guard let problem else {
            throw ShellError.refused(
                "no problem is chosen", hint: "`problem \"TEXT\" --answer A`, or `problems load FILE` and `problem N`")
        }
        return problem
    }
}
