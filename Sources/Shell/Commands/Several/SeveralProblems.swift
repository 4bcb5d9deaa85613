import ArgumentParser
import Problems
import Workspace

/// Which problems a command goes over, where it goes over more than the current one.
struct SeveralProblems: ParsableArguments {
    @Flag(help: "Over every problem that is kept; what is done already is passed over.")
    var all = false

    @Option(help: ArgumentHelp("Over the problems of these numbers, such as 3-20.", valueName: "range"))
    var problems: NumberRange?

    var isGiven: Bool { all || problems != nil }

    /// - Throws: ``ShellError/refused(_:hint:)`` where there are none.
    func chosen(in workspace: Workspace) throws -> [Problem] {
        let chosen = try problems.map { try workspace.problems.between($0.low, $0.high) } ?? workspace.problems.all()
        guard !chosen.isEmpty else {
            throw ShellError.refused(
                problems.map { "no problem from \($0.low) to \($0.high) is kept" } ?? "no problems are kept",
                hint: problems == nil
                    ? "`problems load FILE`, or `problems load starter:jumps`" : "`problems` lists them"
            )
        }
        return chosen
    }

    /// The one solution that is meant, the newest where none is named; nil where several problems are.
    /// - Throws: ``ShellError/refused(_:hint:)`` where both are.
    func target(_ target: Target?) throws -> Target? {
        guard isGiven else { return target ?? .last }
        guard let target else { return nil }
        throw ShellError.refused("\(target) is one solution", hint: "name it, or give --all or --problems")
    }
}
