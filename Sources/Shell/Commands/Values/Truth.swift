import Acting
import ArgumentParser
import Critics
import Generation
import Problems

struct Truth: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "truth", "Measure what prefixes are worth: the actor continues each many times, the grader counts.",
        discussion: """
            With --all or --problems it measures all solutions of many problems, each continued by the loaded actor of \
            its actor's name. What was measured before by as many continuations under the same seed counts: whatever \
            ended the command, the same one goes on.
            """,
        examples: ["truth 2", "truth 2.3 --rollouts 256", "truth --all --rollouts 16"])

    @Argument(help: ArgumentHelp("A solution or prefix (default: the newest solution).", valueName: "prefix"))
    var target: Target?

    @OptionGroup var several: SeveralProblems

    @Option(help: ArgumentHelp("Continuations of each prefix (truth.rollouts).", valueName: "count"))
    var rollouts: Int?

    @Option(help: ArgumentHelp("The seed of the continuations (default: the setting seed).", valueName: "number"))
    var seed: Int?

    func run(_ context: CommandContext) throws -> Outcome {
        if let rollouts { try RangeCheck.require("--rollouts", rollouts, in: 1...100_000) }
        var options = MonteCarlo.Options()
        options.rollouts = rollouts ?? context.settings.integer("truth.rollouts")
        options.seed = try context.settings.seed(given: seed)
        guard let target = try several.target(target) else { return try TruthSeveral(context, options, several).run() }
        let opened = try OpenedSolution(target, in: context.workspace)
        let actor = try actor(continuing: opened.solution, context)
        let estimator = MonteCarlo(name: actor.name, actor: actor, options: options)
        let bar = context.console.progress("truth", unit: "tokens", total: 0)
        defer { bar.finish() }
        let prefixes = try opened.prefixes(target, maximum: context.settings.integer("critic.max_prefixes"))
        let (valuations, tooLong) = try estimator.valuesWhereRoom(
            for: prefixes, cancellation: context.console.cancellation, progress: { bar.update($0, of: $1) })
        if valuations.isEmpty, !tooLong.isEmpty { throw CriticsError.tooLong(tooLong) }
        try context.valuations.keep(valuations, isTruth: true)
        let leftOut =
            target.step == nil ? LeftOutPrefixes(opened, selected: prefixes.map(\.step), tooLong: tooLong) : nil
        let table = TruthTable(opened: opened, actor: actor.name, valuations: valuations, leftOut: leftOut)
        return Outcome(table.fields) { table.render($0) }
    }

    /// The actor in use, sampling as the solution's did.
    private func actor(continuing solution: Solution, _ context: CommandContext) throws -> Actor {
        var actor = try context.solving.actor(context.models.model(.actor))
        actor.sampling = solution.actor.sampling
        guard actor.name != solution.actor.name else { return actor }
        let tokens = actor.model as? any TokenModel
        if let tokens, solution.ids.contains(where: { $0 >= tokens.tokenizer.vocabularySize }) {
            throw ShellError.refused(
                "solution \(solution.id) is by \(solution.actor.name), whose tokens \(actor.name) does not have",
                hint: "`use actor \(solution.actor.name)`, or name a solution of \(actor.name)'s")
        }
        context.console.remark(
            "note: solution \(solution.id) is by \(solution.actor.name); \(actor.name) continues it")
        return actor
    }
}
