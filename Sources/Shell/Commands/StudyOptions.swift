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

    func read(_ session: Session) throws -> Material {
        try RangeCheck.require("--rollouts", rollouts, in: 2...100_000)
        let actors = try actor.isEmpty ? [session.models.model(.actor)] : actor.map { try session.models.find($0.string) }
        let subjects = try actors.map { try subject($0, session) }
        return Material(
            problems: try set.problems(problems, session), subjects: subjects,
            critics: try contenders(subjects, session), actors: actors.map(\.name).joined(separator: ", "))
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

    private func contenders(_ subjects: [Approximation.Subject], _ session: Session) throws -> [Approximation.Contender] {
        guard !critic.isEmpty else {
            let model = try session.models.model(.critic)
            return [.init(name: model.name, runs: [try session.critic(model)])]
        }
        return try critic.map { text in
            guard text.string != "exact" else {
                let skills = try subjects.map { ($0.actor.name, try session.skill(of: $0.actor)) }
                return .init(name: "exact", runs: [ExactCritic(skills: Dictionary(skills) { first, _ in first }, jitter: 0)])
            }
            let names = text.string.split(separator: ",").map(String.init)
            return .init(name: text.string, runs: try names.map { try session.critic(session.models.find($0)) })
        }
    }
}
