import Acting
import ArgumentParser
import Critics
import Formats
import Problems
import Studies

/// What studies of critics ask for alike: problems, the actors that solve them, and the critics.
struct StudyOptions: ParsableArguments {
    @OptionGroup var set: StudySet

    @Option(help: ArgumentHelp("How many of them.", valueName: "count"))
    var problems = 100

    @Option(help: ArgumentHelp("Fresh rollouts of each prefix, M.", valueName: "count"))
    var rollouts = 64

    @Option(
        help: ArgumentHelp("Actors, which take the problems in turn (default: the one in use).", valueName: "model"))
    var actor: [Text] = []

    @Option(
        help: ArgumentHelp(
            "Actors that no critic was trained on: a part of the study of their own, on problems without a shift.",
            valueName: "model"))
    var unseen: [Text] = []

    @Option(
        help: ArgumentHelp(
            """
            Critics, or rate, likelihood and exact (default: these and the one in use); each is also set beside the \
            one before it.
            """,
            valueName: "model"))
    var critic: [Text] = []

    @Flag(help: "A look: a fifth of the problems and a quarter of the rollouts.")
    var quick = false

    @OptionGroup var keeping: StudyKeeping

    /// One part of a study: problems, who solves them, who rates the solutions.
    struct Part {
        var name: String
        var problems: [Problem]
        var subjects: [Approximation.Subject]
        var critics: [Approximation.Contender]
    }

    /// One way of asking a critic, told apart by a word.
    struct Variant {
        var name: String
        var critic: (StudyDesk, LoadedModel) throws -> any ValueEstimator
    }

    /// Estimators that are no models.
    enum Control: String, CaseIterable { case rate, likelihood, exact }

    var problemCount: Int { quick ? max(problems / 5, 2) : problems }
    var rolloutCount: Int { quick ? max(rollouts / 4, 2) : rollouts }

    /// - Parameter variants: ways of asking each critic; each is set beside the first of its critic.
    ///   None: as the session has it, each critic beside the one before.
    /// - Parameter controls: asked as the session has it, each beside none; they come last.
    func parts(_ desk: StudyDesk, variants: [Variant] = [], controls: [String] = []) throws -> [Part] {
        try RangeCheck.require("--rollouts", rollouts, in: 2...100_000)
        var asked = Swift.Set<String>()
        for text in try critics(desk).filter({ Control(rawValue: $0) != nil }) + controls
        where !asked.insert(text).inserted {
            throw ShellError.refused(
                "\(text) is asked twice",
                hint:
                    "name it once, as --critic or as --control; without --critic a study asks rate, likelihood and "
                    + "exact by itself"
            )
        }
        func part(_ name: String, _ split: StudySet.Split, _ subjects: [Approximation.Subject]) throws -> Part {
            var critics = try critics(desk).reduce(into: [Approximation.Contender]()) { found, text in
                found += try contenders(text, variants, after: found.count, subjects, split.difficulty, desk)
            }
            for text in controls {
                critics.append(
                    .init(
                        name: text, runs: try estimators(text, subjects, split.difficulty, desk),
                        rival: critics.count))
            }
            return Part(name: name, problems: split.problems, subjects: subjects, critics: critics)
        }
        let subjects = try actors(desk).map { try subject($0, desk) }
        let parts = try set.splits(problemCount, desk).map { try part($0.name, $0, subjects) }
        guard !unseen.isEmpty else { return parts }
        for known in try actors(desk).map(\.name) where unseen.contains(where: { $0.string == known }) {
            throw ShellError.refused("\(known) is an actor of the study already", hint: "--unseen names another one")
        }
        let others = try unseen.map { try subject(desk.models.find($0.string), desk) }
        var plain = set
        (plain.shift, plain.groups, plain.operations) = ([], nil, nil)
        return try parts + plain.splits(problemCount, desk).map { try part("unseen actor", $0, others) }
    }

    /// Keeps a study's measurements under what they depend on; parts have names where there are several.
    func keep(
        _ study: String, _ desk: StudyDesk, parts: [Part], controls: [String] = [],
        measure: (StudyLog) throws -> StudyResult
    ) throws -> Outcome {
        let models =
            try actors(desk) + unseen.map { try desk.models.find($0.string) }
            + (critics(desk) + controls).filter { Control(rawValue: $0) == nil }.flatMap {
                try self.models($0, desk)
            }
        let question: [JSONObject.Member] =
            set.question.map { ($0.key, .string($0.value)) } + [
                ("problems", .int(problemCount)), ("rollouts", .int(rolloutCount)),
                ("actors", .array(try actors(desk).map { .string($0.name) })),
                ("unseen", .array(unseen.map { .string($0.string) })),
                ("critics", .array(try critics(desk).map { .string($0) })),
                ("controls", .array(controls.map { .string($0) })),
            ]
        return try keeping.keep(
            study, desk, measures: (parts.reduce(0) { $0 + $1.problems.count }, "problem"), question: question,
            models: models, measure: measure)
    }

    private func actors(_ desk: StudyDesk) throws -> [LoadedModel] {
        try actor.isEmpty ? [desk.models.model(.actor)] : actor.map { try desk.models.find($0.string) }
    }

    private func critics(_ desk: StudyDesk) throws -> [String] {
        guard critic.isEmpty else { return critic.map(\.string) }
        let own = try desk.models.model(.critic).name
        return ["rate", "likelihood", own] + (try Tasks.set(set.set.string) == nil ? [] : ["exact"])
    }

    private func subject(_ model: LoadedModel, _ desk: StudyDesk) throws -> Approximation.Subject {
        let actor = try desk.solving.actor(model)
        var options = MonteCarlo.Options()
        (options.rollouts, options.seed) = (rolloutCount, desk.settings.seed)
        // The rate that the critics are told was measured on other problems, before: none of the test's outcomes are in
        // it.
        let rate = model.measured.map { SuccessRate(value: $0.rate, source: .measured($0.rollouts)) }
        return .init(
            actor: actor, snapshot: actor.snapshot(rate: rate),
            truth: MonteCarlo(actor: actor, options: options))
    }

    /// One critic, or each way of asking it beside the first; a control that is no model is told nothing, so it has no
    /// ways.
    /// - Parameter place: how many contenders stand before.
    private func contenders(
        _ text: String, _ variants: [Variant], after place: Int, _ subjects: [Approximation.Subject],
        _ difficulty: Difficulty, _ desk: StudyDesk
    ) throws -> [Approximation.Contender] {
        guard Control(rawValue: text) == nil, !variants.isEmpty else {
            return [
                .init(
                    name: text, runs: try estimators(text, subjects, difficulty, desk),
                    rival: variants.isEmpty ? nil : place)
            ]
        }
        let models = try models(text, desk)
        return try variants.map { variant in
            .init(
                name: "\(text), \(variant.name)", runs: try models.map { try variant.critic(desk, $0) }, rival: place
            )
        }
    }

    /// A control, or the trainings of one critic as the session asks them.
    private func estimators(
        _ text: String, _ subjects: [Approximation.Subject], _ difficulty: Difficulty, _ desk: StudyDesk
    ) throws -> [any ValueEstimator] {
        if let control = Control(rawValue: text) { return [try estimator(control, subjects, difficulty, desk)] }
        return try models(text, desk).map { try desk.judging.critic($0) }
    }

    private func models(_ text: String, _ desk: StudyDesk) throws -> [LoadedModel] {
        try text.split(separator: ",").map { try desk.models.find(String($0)) }
    }

    private func estimator(
        _ control: Control, _ subjects: [Approximation.Subject], _ difficulty: Difficulty, _ desk: StudyDesk
    ) throws -> any ValueEstimator {
        switch control {
        case .rate: return RateAlone()
        case .likelihood: return Likelihood()
        case .exact:
            let task = try desk.solving.exactTask
            let skills = try subjects.map { ($0.actor.name, try desk.solving.tally($0.actor, at: task, difficulty)) }
            return task.exactCritic(skills: Dictionary(skills) { first, _ in first }, samples: 1, jitter: 0, seed: 0)
        }
    }
}
