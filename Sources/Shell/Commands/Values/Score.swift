import Acting
import ArgumentParser
import Critics
import Formats
import Foundation
import Plots
import Problems
import Prompts
import Terminal

struct Score: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "score", "Have the critic rate a solution's prefixes: a chain of thought and an integer 0-10 for each.",
        discussion: """
            With --all or --problems it rates all solutions of many problems. What this critic was asked before in the \
            same words counts, so whatever ended the command, the same one goes on.
            """,
        examples: [
            "score 2", "score 2.3 --chain", "score --all", "score last --samples 4 --readout expected --critic judge",
        ])

    @Argument(help: ArgumentHelp("A solution or prefix (default: the newest solution).", valueName: "prefix"))
    var target: Target?

    @OptionGroup var several: SeveralProblems

    @Option(help: ArgumentHelp("Which critic (default: the one in use).", valueName: "model"))
    var critic: [Text] = []

    @Option(help: ArgumentHelp("Chains per prefix (critic.num_samples).", valueName: "count"))
    var samples: Int?

    @Option(help: ArgumentHelp("parsed or expected (critic.value_readout).", valueName: "readout"))
    var readout: GenerativeCritic.Readout?

    @Option(help: ArgumentHelp("The seed of the chains (default: the setting seed).", valueName: "number"))
    var seed: Int?

    @Flag(help: "Print the critic's reasoning.")
    var chain = false

    func run(_ context: CommandContext) throws -> Outcome {
        guard critic.count <= 1 else {
            throw ShellError.refused("score takes one critic", hint: "score with each in turn")
        }
        if let samples { try RangeCheck.require("--samples", samples, in: 1...256) }
        let model = try critic.first.map { try context.models.find($0.string) } ?? context.models.model(.critic)
        let judge = try context.judging.critic(
            model, samples: samples, readout: readout ?? context.judging.shellReadout(model),
            seed: try context.settings.seed(given: seed))
        let work = ScoreWork(
            model: model, judge: judge, judging: context.judging, valuations: context.valuations,
            console: context.console, showsChains: chain)
        guard let target = try several.target(target) else { return try ScoreSeveral(context, work, several).run() }
        let table = try work.score(OpenedSolution(target, in: context.workspace), target)
        return Outcome(table.fields) { table.render($0) }
    }
}

extension GenerativeCritic.Readout: ExpressibleByArgument {}

/// One critic rating prefixes, with a progress bar.
struct ScoreWork {
    let model: LoadedModel
    /// `model`, as it is asked.
    let judge: any Critic
    let judging: Judging
    let valuations: Valuations
    let console: Console
    var showsChains = false

    /// A solution rated while it was written: what of that still holds for its final steps, and the rest rated now.
    func complete(_ opened: OpenedSolution, live: [Int: Valuation]) throws -> ScoreTable {
        let holding = live.filter { step, valuation in
            step == 0 || (step < opened.steps.count && opened.steps[step - 1].tokens.upperBound == valuation.end)
        }
        let wanted = PrefixSelection.evenlySpaced(steps: opened.steps.count, maximum: judging.maxPrefixes)
        let missing = try wanted.filter { holding[$0] == nil }.map(opened.prefix)
        let rest = missing.isEmpty || console.cancellation.isCancelled ? ([], []) : try rate(missing)
        return try table(
            opened, rated: (Array(holding.values) + rest.0).sorted { $0.prefix < $1.prefix },
            LeftOutPrefixes(opened, selected: wanted + holding.keys, tooLong: rest.1))
    }

    /// - Parameter target: which of the solution's prefixes.
    /// - Throws: ``CriticsError/tooLong(_:)`` where the critic has room for none of them.
    func score(_ opened: OpenedSolution, _ target: Target) throws -> ScoreTable {
        let prefixes = try opened.prefixes(target, maximum: judging.maxPrefixes)
        let (rated, tooLong) = try rate(prefixes)
        if rated.isEmpty, !tooLong.isEmpty { throw CriticsError.tooLong(tooLong) }
        let leftOut = LeftOutPrefixes(opened, selected: prefixes.map(\.step), tooLong: tooLong)
        return try table(opened, rated: rated, target.step == nil ? leftOut : nil)
    }

    private func rate(_ prefixes: [SolutionPrefix]) throws -> ([Valuation], [TooLong]) {
        let bar = console.progress("score", unit: "tokens", total: 0)
        defer { bar.finish() }
        return try judge.valuesWhereRoom(for: prefixes, cancellation: console.cancellation) { bar.update($0, of: $1) }
    }

    /// Keeps the valuations and lays them out. All were told the same fields, those of the solution's actor.
    private func table(_ opened: OpenedSolution, rated: [Valuation], _ leftOut: LeftOutPrefixes?) throws -> ScoreTable {
        try valuations.keep(rated, isTruth: false)
        let told = rated.first?.icc ?? judging.told(model).values(for: opened.solution.actor)
        return ScoreTable(
            opened: opened, critic: judge.name, reading: (judge as? GenerativeCritic).map(Reading.init),
            prompt: try judging.prompt(model), valuations: rated,
            truth: try valuations.truth(of: opened.solution.id), icc: ToldField.all(told, by: judge),
            leftOut: leftOut, showsChains: showsChains)
    }
}
