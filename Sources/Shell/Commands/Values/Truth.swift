import ArgumentParser
import Critics
import Formats
import Foundation
import Generation
import Terminal

struct Truth: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "truth", "Measure what prefixes are worth: the actor continues each many times, the grader counts.",
        examples: ["truth 2", "truth 2.3 --rollouts 256"])

    @Argument(help: ArgumentHelp("A solution or prefix.", valueName: "prefix"))
    var target: Target

    @Option(help: ArgumentHelp("Continuations of each prefix (truth.rollouts).", valueName: "count"))
    var rollouts: Int?

    func run(_ context: CommandContext) throws -> Outcome {
        let model = try context.models.model(.actor)
        var actor = try context.solving.actor(model)
        let opened = try OpenedSolution(target, in: context.workspace)
        if let rollouts { try RangeCheck.require("--rollouts", rollouts, in: 1...100_000) }
        if actor.name != opened.solution.actor.name {
            let tokens = actor.model as? any TokenModel
            if let tokens, opened.solution.ids.contains(where: { $0 >= tokens.tokenizer.vocabularySize }) {
                throw ShellError.refused(
                    "solution \(opened.solution.id) is by \(opened.solution.actor.name), whose tokens \(actor.name) "
                        + "does not have",
                    hint: "`use actor \(opened.solution.actor.name)`, or name a solution of \(actor.name)'s")
            }
            context.console.remark(
                "note: solution \(opened.solution.id) is by \(opened.solution.actor.name); \(actor.name) continues it")
        }
        var options = MonteCarlo.Options()
        options.rollouts = rollouts ?? context.settings.integer("truth.rollouts")
        options.seed = context.settings.seed
        actor.sampling = opened.solution.actor.sampling
        let estimator = MonteCarlo(name: actor.name, actor: actor, options: options)
        let bar = context.console.progress("truth", unit: "tokens", total: 0)
        defer { bar.finish() }
        let prefixes = try opened.prefixes(target, maximum: context.settings.integer("critic.max_prefixes"))
        let valuations = try estimator.values(
            for: prefixes, cancellation: context.console.cancellation, progress: { bar.update($0, of: $1) })
        try context.valuations.keep(valuations, isTruth: true)
        return outcome(valuations, opened, actor.name)
    }

    private func outcome(_ valuations: [Valuation], _ opened: OpenedSolution, _ actor: String) -> Outcome {
        let rows: [JSONValue] = valuations.map { valuation in
            .object([
                ("step", .int(valuation.prefix.step)), ("value", .number(valuation.value)),
                ("low", .number(valuation.rollouts?.interval.low)),
                ("high", .number(valuation.rollouts?.interval.high)),
                ("rollouts", .int(valuation.rollouts?.count ?? 0)),
                ("truncated", .int(valuation.rollouts?.truncated ?? 0)),
            ])
        }
        return Outcome([("solution", .int(opened.solution.id)), ("actor", .string(actor)), ("prefixes", .array(rows))])
        { page in
            page.line(page.style.bold("solution \(opened.solution.id)") + " continued by \(actor)")
            var table = Table([
                .init("prefix"), .init("value", right: true), .init("95 %"), .init("0        1"),
                .init("rollouts", right: true),
                .init("cut off", right: true), .init("step", flexible: true),
            ])
            for valuation in valuations {
                let rollouts = valuation.rollouts
                table.add([
                    .init("\(valuation.prefix)"), .init(valuation.value.map { String(format: "%.2f", $0) } ?? "-"),
                    .init(rollouts.map { String(format: "%.2f-%.2f", $0.interval.low, $0.interval.high) } ?? ""),
                    .init(valuation.value.map { Bar.text($0) } ?? "") { $0.accent($1) },
                    .init(String(rollouts?.count ?? 0)),
                    .init(String(rollouts?.truncated ?? 0)), .init(valuation.text.trimmingNewlines),
                ])
            }
            page.table(table)
        }
    }
}
