import ArgumentParser
import Critics
import Problems
import Studies

/// What studies of critics ask for alike: problems, the actors that solve them, and the critics.
struct StudyOptions: ParsableArguments {
    @OptionGroup var set: StudySet

    @Option(help: ArgumentHelp("How many of them.", valueName: "count"))
    var problems = 100

    @Option(help: ArgumentHelp("Fresh rollouts of each prefix, M.", valueName: "count"))
    var rollouts = 64

    @Option(help: ArgumentHelp("Actors, which take the problems in turn (default: the one in use).", valueName: "model"))
    var actor: [Text] = []

    @Option(help: ArgumentHelp("Critics (default: the one in use); each is also set beside the one before it.", valueName: "model"))
    var critic: [Text] = []

    /// What a study works on.
    struct Material {
        var problems: [Problem]
        var subjects: [Approximation.Subject]
        var critics: [Approximation.Contender]
        /// The actors' names.
        var actors: String
    }

    /// - Parameter variants: what each critic is told, with a word for it; each variant is set beside the first of its critic.
    ///   None: as the session has it, each critic beside the one before.
    func read(_ session: Session, variants: [(name: String, icc: ICC)] = []) throws -> Material {
        try RangeCheck.require("--rollouts", rollouts, in: 2...100_000)
        let actors = try actor.isEmpty ? [session.models.model(.actor)] : actor.map { try session.models.find($0.string) }
        let subjects = try actors.map { try subject($0, session) }
        return Material(
            problems: try set.problems(problems, session), subjects: subjects,
            critics: try contenders(subjects, session, variants), actors: actors.map(\.name).joined(separator: ", "))
    }

    private func subject(_ model: LoadedModel, _ session: Session) throws -> Approximation.Subject {
        let actor = try session.actor(model)
        var options = MonteCarlo.Options()
        (options.rollouts, options.sampling, options.seed) = (rollouts, actor.sampling, session.seed)
        // The rate that the critics are told was measured on other problems, before: none of the test's outcomes are in it.
        let rate = model.measured.map { SuccessRate(value: $0.rate, source: .measured($0.rollouts)) }
        return .init(
            actor: actor, snapshot: actor.snapshot(rate: rate),
            truth: MonteCarlo(actor: actor.completer, builder: actor.builder, template: actor.template, options: options))
    }

    private func contenders(
        _ subjects: [Approximation.Subject], _ session: Session, _ variants: [(name: String, icc: ICC)]
    ) throws -> [Approximation.Contender] {
        var found: [Approximation.Contender] = []
        for text in try critic.isEmpty ? [session.models.model(.critic).name] : critic.map(\.string) {
            if text == "exact" {
                let skills = try subjects.map { ($0.actor.name, try session.skill(of: $0.actor)) }
                let exact = ExactCritic(skills: Dictionary(skills) { first, _ in first }, jitter: 0)
                found.append(.init(name: "exact", runs: [exact], rival: variants.isEmpty ? nil : found.count))
                continue
            }
            let models = try text.split(separator: ",").map { try session.models.find(String($0)) }, first = found.count
            if variants.isEmpty { found.append(.init(name: text, runs: try models.map { try session.critic($0) })) }
            for variant in variants {
                found.append(.init(name: "\(text), \(variant.name)", runs: try models.map { try session.critic($0, icc: variant.icc) }, rival: first))
            }
        }
        return found
    }
}

extension StudyOptions.Material {
    /// The study of approximation, with its progress shown.
    func approximate(_ context: CommandContext, rollouts: Int) throws -> Approximation.Report {
        var options = Approximation.Options()
        (options.rollouts, options.seed) = (rollouts, context.session.seed)
        options.maxPrefixes = context.session.settings.integer("critic.max_prefixes")
        let bar = context.progress("study", unit: "problems", total: problems.count)
        defer { bar.finish() }
        return try Approximation(options: options).run(
            problems: problems, subjects: subjects, critics: critics, cancellation: context.cancellation
        ) { bar.update($0) }
    }
}
