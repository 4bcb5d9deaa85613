import ArgumentParser
import Problems

/// The problems of a study: a data set, which of a built-in task may be shifted to longer problems or longer jumps.
struct StudySet: ParsableArguments {
    @Option(help: ArgumentHelp("The problems: a data set, as `problems load` takes it.", valueName: "set"))
    var set: Text = Text("starter:jumps:test")

    @Option(help: ArgumentHelp("Groups of a built-in problem, such as 5-6: longer ones than those trained on (2-4).", valueName: "range"))
    var groups: NumberRange?

    @Option(help: ArgumentHelp("Operations of each group, such as 3-4: longer jumps than those trained on (1-3).", valueName: "range"))
    var operations: NumberRange?

    /// A built-in set is drawn under a seed of the studies' own: nobody has played with these problems in the shell.
    private static let seed: UInt64 = 2_000_003

    func problems(_ count: Int, _ session: Session) throws -> [Problem] {
        try RangeCheck.require("--problems", count, in: 2...100_000)
        return try session.problemSet(
            set.string, limit: count, difficulty: try JumpsDifficulty.asked(groups, operations), seed: Self.seed &+ session.seed)
    }
}
