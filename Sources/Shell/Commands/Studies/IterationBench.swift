import ArgumentParser
import Formats

struct IterationBench: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "iteration",
        "What an iteration of ppo, genac, vineppo and grpo costs on equal work, by phase, with the loaded model.",
        discussion: """
            All methods sample the same number of solutions of the same length and train on all of their tokens. ppo's \
            critic is a value head read at every token; genac's writes one chain for each prefix and is trained on all \
            of them; vineppo's values are fresh continuations of each prefix to the end. Actor and critic are both the \
            loaded model. The methods alternate.
            """,
        examples: ["bench iteration", "bench iteration --rollouts 2 --runs 3"])

    @OptionGroup var work: IterationWork

    func run(_ context: CommandContext) throws -> Outcome {
        let desk = StudyDesk(context)
        let name = try work.loaded(desk).name, rows = try work.measure(desk, log: nil)
        return Outcome([("model", .string(name)), ("rows", .array(IterationWork.json(rows).map { .object($0) }))]) {
            StudyPage.render(work.blocks(rows, name), on: $0)
        }
    }
}
