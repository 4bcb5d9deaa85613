import Acting
import Checkpoints
import Compute
import Critics
import Formats
import Foundation
import Generation
import Problems
import Tokenizers
import Transformer
import Prompts

/// Where a step's solutions and outcomes come from: actors solving problems in turn. They are a function of the seed,
/// the step, the actors' weights and the rates told: two critics that learn from frozen actors with the same settings
/// see the same.
final class RolloutSource: RolloutStream {
    private let recipe: Recipe
    /// Frozen ones, or the single one that learns and is put here anew after each of its updates.
    var actors: [Actor]
    private let problems: [Problem]
    private var order: RowOrder
    private let icc: ICC
    /// Whether there is a critic that is told of the actors.
    private let isTold: Bool
    private let truncated: Actor.Truncation
    let longestPrompt: Int
    /// Each actor's running success rate; none before the first step.
    private(set) var trackers: [SuccessRateTracker] = []

    var templates: [PromptTemplate] { actors.map(\.template) }

    /// The frozen actors `data.actors`.
    convenience init(frozen recipe: Recipe, resources: Resources) throws {
        let actors = try recipe.files("data.actors").map { source in
            let checkpoint = try resources.languageModel(source)
            return try Actor(checkpoint, recipe, resources)
        }
        try self.init(recipe, actors: actors)
    }

    init(_ recipe: Recipe, actors: [Actor]) throws {
        (self.recipe, self.actors) = (recipe, actors)
        problems = try ProblemSource.load(
            recipe, files: "data.train_files", most: recipe.integer("data.train_max_samples"))
        let seed = UInt64(recipe.integer("data.seed"))
        order = RowOrder(
            count: problems.count, batch: recipe.integer("data.train_batch_size"),
            seed: recipe.flag("data.shuffle") ? seed : nil)
        truncated = recipe.choice("rollout.truncated")
        var icc = ICC()
        isTold = StageName.conditioned.contains(recipe.stage)
        if isTold { for field in recipe.files("critic.icc.off") { try icc.turn(field, on: false) } }
        self.icc = icc
        longestPrompt =
            try problems.prefix(64).flatMap { problem in
                try actors.map { try $0.builder.actor($0.template, problem: problem.text).ids.count }
            }.max() ?? 0
        try checkLengths()
    }

    /// - Throws: ``TrainingError/wrongValue(key:value:expected:)`` when solutions may become longer than an actor can
    ///   read.
    private func checkLengths() throws {
        for actor in actors {
            guard let limit = actor.model.contextLength, longestPrompt + longestSolution > limit else { continue }
            throw TrainingError.wrongValue(
                key: "rollout.response_length", value: recipe.text("rollout.response_length"),
                expected:
                    "at most \(max(limit - longestPrompt, 0)): \(actor.name) reads \(limit) tokens, and the longest "
                    + "prompt has \(longestPrompt)"
            )
        }
    }

    /// As asked, else one pass over the problems.
    func totalSteps(_ recipe: Recipe) -> Int {
        let asked = recipe.integer("trainer.total_training_steps")
        return asked > 0 ? asked : order.stepsPerEpoch
    }

    /// Of the first problems.
    func longestCriticPrompt(_ builder: PromptBuilder, _ template: PromptTemplate) throws -> Int {
        let snapshots = actors.map { $0.snapshot(rate: SuccessRate(value: 1, source: .set)) }
        let bare = try problems.prefix(64).flatMap { problem in
            try snapshots.flatMap {
                try builder.critic(template, problem: problem.text, solutions: [""], icc: ICC().values(for: $0))
            }
        }
        return bare.map(\.ids.count).max() ?? 0
    }

    var longestSolution: Int { recipe.integer("rollout.response_length") }

    /// Bytes that sampling holds: the actors' weights, keys and values of every token of a step, and what stays.
    func bytes() -> Int {
        let sequences = recipe.integer("data.train_batch_size") * recipe.integer("rollout.n")
        let length = longestPrompt + longestSolution
        return actors.reduce(0) { $0 + $1.model.residentBytes(sequences: sequences, length: length) }
    }

    /// Samples the rollouts of step `step`, counted from 0, under the rates known before them.
    func sample(step: Int) throws -> [Rollout] {
        if trackers.isEmpty { trackers = try actors.map(measured) }
        let samples = recipe.integer("rollout.n")
        let chosen = order.rows(step).map { problems[$0] }
        var rollouts: [Rollout] = []
        for (index, actor) in actors.enumerated() {
            let mine = chosen.indices.filter { (step * order.batch + $0 - chosen.startIndex) % actors.count == index }
            let orders = mine.flatMap { place in
                (0..<samples).map { sample in
                    Actor.Order(problem: chosen[place], key: key(.sampling, step, chosen[place], sample))
                }
            }
            let solved = try actor.solve(orders, as: actor.snapshot(rate: trackers[index].rate), truncated: truncated)
            for one in solved { rollouts.append(try rollout(one, by: index, step: step, place: rollouts.count)) }
            actor.model.clear()
        }
        return rollouts
    }

    /// Takes the outcomes into the running rates, after everything that was told of them has been said.
    func learn(outcomes rollouts: [Rollout]) {
        for index in trackers.indices {
            trackers[index].update(outcomes: rollouts.filter { $0.actor == index }.map(\.outcome))
        }
    }

    /// What each actor's rate is told as now.
    var rates: [JSONObject.Member] {
        zip(actors, trackers).compactMap { actor, tracker in
            tracker.value.map { ("actor/\(actor.name)/success_rate", .number($0)) }
        }
    }

    /// Where no critic is told, the first outcomes will do.
    private func measured(_ actor: Actor) throws -> SuccessRateTracker {
        guard isTold else { return SuccessRateTracker() }
        let few = Array(problems.prefix(recipe.integer("critic.icc.measured_on")))
        let rate = try actor.measure(few, seed: UInt64(recipe.integer("data.seed")))
        return SuccessRateTracker(start: rate, momentum: recipe.number("critic.icc.momentum"))
    }

    private func key(_ purpose: RandomKey.Purpose, _ step: Int, _ problem: Problem, _ sample: Int) -> RandomKey {
        RandomKey(
            seed: UInt64(recipe.integer("data.seed")), purpose: purpose, iteration: UInt64(step + 1),
            problem: UInt64(problem.id),
            sample: UInt64(sample))
    }

    private func rollout(_ solved: Actor.Solved, by actor: Int, step: Int, place: Int) throws -> Rollout {
        let dropping = key(.dropout, step, solved.problem, Int(solved.solution.sample))
        let told = isTold ? icc.dropping(rate: recipe.number("critic.icc.dropout"), key: dropping) : icc
        return try Rollout(solved, by: actor, place: place, icc: told, recipe)
    }

    // MARK: Checkpoints

    /// What belongs into `state.json`: the rates told.
    var state: JSONObject { get throws { JSONObject([("actors", try .encoding(trackers))]) } }

    /// - Throws: ``TrainingError/damagedRun(file:what:)``.
    func restore(_ state: JSONObject, from folder: String) throws {
        func damaged(_ what: String) -> TrainingError { .damagedRun(file: folder + "/state.json", what: what) }
        guard let rates = state["actors"] else { throw damaged("the actors' success rates are missing") }
        let saved: [SuccessRateTracker]
        do {
            saved = try rates.decoded(as: [SuccessRateTracker].self)
        } catch {
            throw damaged("the actors' success rates cannot be read: \(error)")
        }
        guard saved.count == actors.count || saved.isEmpty else {
            throw damaged("it has the success rates of \(saved.count) actors, not of \(actors.count)")
        }
        guard saved.allSatisfy(\.isPlausible) else { throw damaged("a success rate in it is none") }
        trackers = saved
    }
}

extension Actor {
    /// A model of a training run as the one that solves, with the prompt template that the run begins with or has kept.
    init(_ checkpoint: Checkpoint, _ recipe: Recipe, _ resources: Resources) throws {
        self.init(
            checkpoint, model: checkpoint.model,
            template: try resources.prompts.load(.actor, checkpoint.standardTemplate),
            sampling: recipe.sampling, version: 0)
    }

    /// The same actor after training: `model`'s weights, and all else as it was when the run began.
    func updated(_ checkpoint: Checkpoint, model: Model, version: Int) -> Actor {
        Actor(checkpoint, model: model, template: template, sampling: sampling, version: version)
    }

    private init(_ checkpoint: Checkpoint, model: Model, template: PromptTemplate, sampling: Sampling, version: Int) {
        self.init(
            name: checkpoint.name, parameters: checkpoint.parameters,
            model: checkpoint.textModel(model, priority: .background), builder: PromptBuilder(checkpoint),
            template: template, sampling: sampling, version: version)
    }
}

extension Recipe {
    /// The settings `rollout.*`.
    var sampling: Sampling {
        Sampling(
            temperature: number("rollout.temperature"), topK: integer("rollout.top_k"), topP: number("rollout.top_p"),
            minP: number("rollout.min_p"), maxTokens: integer("rollout.response_length"))
    }
}
