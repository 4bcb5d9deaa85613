import ArgumentParser
import Problems

struct BenchmarksStudy: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "benchmarks",
        "How often actors solve six held-out benchmarks of the built-in task, each actor beside the first.",
        discussion: """
            standard is what actors are trained on (2-4 groups of 1-3 operations); short has 2 groups, long 5-6; small \
            jumps over 1-2 operations a group, large over 3-4; both has 5-6 groups of 3-4. The mean counts each \
            benchmark alike. An actor given as A,B,C is one training under several seeds. Intervals are 95 %, paired \
            over problems.
            """,
        examples: ["study benchmarks --actor ppo-1,ppo-2,ppo-3 --actor genac-1,genac-2,genac-3 --problems 2000"])

    /// By length of problem, size of jump, and both.
    static let sets: [(name: String, difficulty: Difficulty)] = [
        ("standard", Difficulty()), ("short", Difficulty(["groups": 2...2])),
        ("long", Difficulty(["groups": 5...6])),
        ("small", Difficulty(["operations": 1...2])), ("large", Difficulty(["operations": 3...4])),
        ("both", Difficulty(["groups": 5...6, "operations": 3...4])),
    ]

    @OptionGroup var setting: SuccessOptions

    func run(_ context: CommandContext) throws -> Outcome {
        let desk = StudyDesk(context)
        let set = setting.set
        guard set.shift.isEmpty, set.groups == nil, set.operations == nil, try Tasks.set(set.set.string) != nil
        else {
            throw ShellError.refused(
                "the six benchmarks are of starter:jumps, each with its own difficulty",
                hint: "`study success` takes any set, --shift, --groups and --operations")
        }
        let splits = try Self.sets.map { try set.problems($0.difficulty, setting.problems, desk) }
        return try setting.measure("benchmarks", desk, sets: zip(Self.sets, splits).map { ($0.name, $1) })
    }
}
