import Acting
import ArgumentParser
import Critics
import Formats
import Foundation
import Generation
import Plots
import Problems
import Studies
import Terminal
import Training

struct CompareCredits: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "compare-credits", "What every credit assignment would push the steps of one rollout by, side by side.",
        discussion: """
            FILE is rollouts/STEP.jsonl of a run. genac takes its values from a generative critic, ppo from a value \
            head, vineppo from continuations by the actor in use; grpo and rloo look at the other solutions of the \
            same problem in the file. A method whose critic is not loaded is left out, and said so. Outcomes are the \
            file's; where reward.command is set, that program's, except of solutions that were cut off. Advantages are \
            those before whitening; gamma and lambda are algorithm.gamma and algorithm.lam.
            """,
        examples: [
            "compare-credits runs/genac-1/rollouts/20.jsonl",
            "compare-credits runs/grpo-1/rollouts/1.jsonl --rollout 3 --critic judge --head values",
        ])

    @Argument(help: ArgumentHelp("Rollouts of a training step.", valueName: "file"))
    var file: Text

    @Option(
        help: ArgumentHelp(
            "Which of its rollouts, counted from 1 (default: the first whose problem was solved now and then).",
            valueName: "number"))
    var rollout: Int?

    @Option(help: ArgumentHelp("genac's critic (default: the critic in use, if it writes chains).", valueName: "model"))
    var critic: Text?

    @Option(
        help: ArgumentHelp("ppo's critic, a value head (default: the critic in use, if it is one).", valueName: "model")
    )
    var head: Text?

    func run(_ context: CommandContext) throws -> Outcome {
        let rows = try self.rows()
        let number = rollout ?? Self.interesting(rows)
        try RangeCheck.require("--rollout", number, in: 1...rows.count)
        let row = rows[number - 1]
        let others = rows.indices.filter { $0 != number - 1 && rows[$0].problem.id == row.problem.id }.map { rows[$0] }
        let actor = try context.solving.actor(context.models.model(.actor))
        let words = try actor.model.tokens(for: "`compare-credits`")
        let judges = try self.judges(context, row, actor)
        var options = CreditComparison.Options()
        (options.gamma, options.lambda) = (
            context.settings.number("algorithm.gamma"), context.settings.number("algorithm.lam")
        )
        options.maxPrefixes = context.settings.integer("critic.max_prefixes")
        let solved = try self.solved(row, actor, words)
        let group = try GradedGroup(row, number: number, others, context)
        let report = try CreditComparison(judges: judges.judges, options: options).run(
            .init(solved: solved, outcome: group.outcome, others: group.others),
            cancellation: context.console.cancellation)
        for missing in judges.missing + group.missing { context.console.remark("left out: \(missing)") }
        let texts = report.segments.map { TextWidth.visible(words.tokenizer.decode(solved.solution.ids[$0])) }
        return outcome(report, row.problem, group, texts, number: number, of: rows.count)
    }

    private func rows() throws -> [SampledRow] {
        let rows = try SampledRow.read(file.string).map(\.row)
        guard !rows.isEmpty else {
            throw ShellError.refused("\(file.string) holds no rollouts", hint: "name rollouts/STEP.jsonl of a run")
        }
        return rows
    }

    /// The first rollout of a group that has both outcomes, else the first.
    private static func interesting(_ rows: [SampledRow]) -> Int {
        let graded = Dictionary(grouping: rows.filter { $0.solution.outcome != nil }, by: \.problem.id)
        let place = rows.firstIndex { row in
            guard let outcome = row.solution.outcome, let group = graded[row.problem.id] else { return false }
            return group.contains { $0.solution.outcome != outcome }
        }
        return (place ?? 0) + 1
    }

    private func judges(_ context: CommandContext, _ row: SampledRow, _ actor: Actor) throws -> (
        judges: CreditComparison.Judges, missing: [String]
    ) {
        var judges = CreditComparison.Judges(), missing: [String] = []
        let inUse = context.models.has(.critic) ? try context.models.model(.critic) : nil
        let writer =
            try critic.map { try context.models.find($0.string) }
            ?? inUse.flatMap { $0.isValueModel ? nil : $0 }
        let reader =
            try head.map { try context.models.find($0.string) }
            ?? inUse.flatMap { $0.isValueModel ? $0 : nil }
        if let writer {
            guard !writer.isValueModel else {
                throw ShellError.refused(
                    "\(writer.name) has a value head and writes no chains", hint: "name it with --head")
            }
            judges.genac = try context.judging.critic(writer)
        } else {
            missing.append("genac: load a generative critic, or name one with --critic")
        }
        if let reader {
            guard let critic = try context.judging.critic(reader) as? ValueHeadCritic else {
                throw ShellError.refused(
                    "\(reader.name) has no value head", hint: "name it with --critic, or train one: `train value-head`")
            }
            judges.ppo = critic
        } else {
            missing.append("ppo: load a critic with a value head, as `load critic run:ppo-1`, and name it with --head")
        }
        var options = MonteCarlo.Options()
        (options.rollouts, options.seed) = (context.settings.integer("algorithm.mc_rollouts"), context.settings.seed)
        var sampler = actor
        sampler.sampling = row.solution.actor.sampling
        judges.vineppo = MonteCarlo(actor: sampler, options: options)
        return (judges, missing)
    }

    private func solved(_ row: SampledRow, _ actor: Actor, _ words: any TokenModel) throws -> Actor.Solved {
        guard !row.solution.ids.isEmpty,
            row.solution.ids.allSatisfy({ $0 >= 0 && $0 < words.tokenizer.vocabularySize })
        else {
            throw ShellError.refused(
                "\(actor.name) does not have the rollout's tokens",
                hint: "load the actor that sampled it, \(row.solution.actor.name)")
        }
        var solution = row.solution
        solution.id = 1
        return try actor.solved(solution, of: row.problem)
    }

    private func outcome(
        _ report: CreditComparison.Report, _ problem: Problem, _ group: GradedGroup, _ texts: [String], number: Int,
        of count: Int
    ) -> Outcome {
        let columns = report.columns.map(\.json)
        let fields: [JSONObject.Member] = [
            ("rollout", .int(number)), ("problem", .int(problem.id)), ("score", .number(group.outcome)),
            ("timed_out", .int(group.timedOut)), ("steps", .array(texts.map { .string($0) })),
            ("columns", .array(columns)),
        ]
        return Outcome(fields) { page in
            page.line(
                page.style.bold("rollout \(number) of \(count)")
                    + "  problem \(problem.id), score \(Chart.number(group.outcome))")
            page.line(page.style.faint(TextWidth.visible(problem.text)))
            var heads: [Table.Column] = [.init("step", right: true)]
            for column in report.columns {
                if column.values != nil { heads.append(.init("V", right: true)) }
                heads.append(.init(column.method.name, right: true))
            }
            var table = Table(heads + [.init("what was written", giving: .cut)])
            for segment in report.segments.indices {
                var cells: [Table.Cell] = [.init(String(segment + 1))]
                for column in report.columns {
                    if let values = column.values {
                        cells.append(.init(String(format: "%.2f", values[segment])) { $0.faint($1) })
                    }
                    let advantage = column.advantages[segment]
                    cells.append(
                        .init(String(format: "%+.3f", advantage)) {
                            advantage < 0 ? $0.bad($1) : advantage > 0 ? $0.good($1) : $1
                        })
                }
                table.add(cells + [.init(texts[segment])])
            }
            page.table(table)
            page.line(
                page.style.faint("V before the step; a step's advantage is the mean over its tokens, before whitening"))
        }
    }
}

extension CreditComparison.Column {
    fileprivate var json: JSONValue {
        .object([
            ("method", .string(method.name)), ("values", values.map { .array($0.map { .number($0) }) } ?? .null),
            ("advantages", .array(advantages.map { .number($0) })),
        ])
    }
}
