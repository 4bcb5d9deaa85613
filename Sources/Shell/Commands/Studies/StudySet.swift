import ArgumentParser
import Problems

/// The problems of a study: a data set, which of a built-in task may be shifted away from what critics were trained on.
struct StudySet: ParsableArguments {
    /// Away from 2-4 groups of 1-3 operations.
    enum Shift: String, CaseIterable, ExpressibleByArgument {
        case none, longer, jumps, both

        var difficulty: Difficulty {
            switch self {
            case .none: Difficulty()
            case .longer: Difficulty(["groups": 5...6])
            case .jumps: Difficulty(["operations": 3...4])
            case .both: Difficulty(["groups": 5...6, "operations": 3...4])
            }
        }
    }

    /// One part of a study, told apart from the others.
    struct Split {
        var name: String
        var difficulty: Difficulty
        var problems: [Problem]
    }

    @Option(help: ArgumentHelp("The problems: a data set, as `problems load` takes it.", valueName: "set"))
    var set: Text = Text("starter:jumps:test")

    @Option(
        help: ArgumentHelp(
            """
            Built-in problems unlike those trained on (2-4 groups of 1-3 operations): none, longer (5-6 groups), \
            jumps (3-4 operations), both. Several make a study of as many parts.
            """,
            valueName: "shift"))
    var shift: [Shift] = []

    @Option(help: ArgumentHelp("Groups of a built-in problem, such as 5-6.", valueName: "range"))
    var groups: NumberRange?

    @Option(help: ArgumentHelp("Operations of each group, such as 3-4.", valueName: "range"))
    var operations: NumberRange?

    /// A built-in set is drawn under a seed of the studies' own: nobody has played with these problems in the shell.
    private static let seed: UInt64 = 2_000_003

    /// - Throws: also a refusal of shifts beside a difficulty, or of a set that has none.
    func splits(_ count: Int, _ desk: StudyDesk) throws -> [Split] {
        try RangeCheck.require("--problems", count, in: 2...100_000)
        guard shift.isEmpty || (groups == nil && operations == nil) else {
            throw ShellError.refused(
                "--shift says already how many groups and operations there are",
                hint: "give --groups and --operations alone")
        }
        let builtIn = try Tasks.set(set.string) != nil
        guard shift.isEmpty || builtIn else {
            throw ShellError.refused(
                "\(set.string) cannot be shifted",
                hint: "--shift is for starter:jumps; give another data set with --set")
        }
        guard Swift.Set(shift).count == shift.count else {
            throw ShellError.refused("--shift names a shift twice", hint: "each is one part of the study")
        }
        let parts =
            shift.isEmpty
            ? [("", try Difficulty.asked(groups, operations))] : shift.map { ($0.rawValue, $0.difficulty) }
        return try parts.map { Split(name: $0, difficulty: $1, problems: try problems($1, count, desk)) }
    }

    func problems(_ difficulty: Difficulty, _ count: Int, _ desk: StudyDesk) throws -> [Problem] {
        try desk.sets.problems(set.string, limit: count, difficulty: difficulty, seed: Self.seed &+ desk.settings.seed)
    }

    var question: [(key: String, value: String)] {
        [
            ("set", set.string), ("shift", shift.map(\.rawValue).joined(separator: " ")),
            ("groups", groups?.description ?? ""),
            ("operations", operations?.description ?? ""),
        ]
    }
}
