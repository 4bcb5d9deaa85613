import Acting
import Checkpoints
import Compute
import Critics
import Formats
import Foundation
import Generation
import Problems
import Prompts
import Tokenizers
import Transformer

/// Where a step's solutions and outcomes come from: actors solving problems in turn. They are a function of the seed,
/// the step, the actors' weights and the rates told: two critics that learn from frozen actors with the same settings
/// see the same.
final class RolloutSource: RolloutStream {
    private let request: RolloutRequest
    private let world: World
    private let problems: [Problem]
    private var order: RowOrder
    private let icc: ICC
    /// The actors that it was planned with, as they would be told of.
    private let known: [ActorSnapshot]
    let longestPrompt: Int
    /// Each actor's running success rate; none before the first step.
    private(set) var trackers: [SuccessRateTracker] = []

    /// - Throws: what reading the problems throws; ``UnfitSetting`` when solutions may become longer than an actor can
    ///   read.
    init(_ request: RolloutRequest, actors: [Actor], world: World) throws {
        (self.request, self.world) = (request, world)
        let data = request.data
        problems = try ProblemSource.load(
            data.trainFiles, most: request.rollout.maxProblems, seed: data.seed,
            answered: request.rollout.reward == nil)
        order = RowOrder(count: problems.count, batch: data.batch, seed: data.isShuffled ? data.seed : nil)
        var icc = ICC()
        for field in request.conditioning?.off ?? [] { try icc.turn(field, on: false) }
        self.icc = icc
        known = actors.map { $0.snapshot(rate: SuccessRate(value: 1, source: .set)) }
        longestPrompt =
            try problems.prefix(64).flatMap { problem in
                try actors.map { try $0.builder.actor($0.template, problem: problem).ids.count }
            }.max() ?? 0
        try checkLengths(actors)
    }

    private func checkLengths(_ actors: [Actor]) throws {
        for actor in actors {
            guard let limit = actor.model.contextLength, longestPrompt + longestSolution > limit else { continue }
            throw UnfitSetting(
                key: "rollout.response_length",
                expected:
                    "at most \(max(limit - longestPrompt, 0)): \(actor.name) reads \(limit) tokens, and the longest "
                    + "prompt has \(longestPrompt)"
            )
        }
    }

    func checkGroups() throws {
        guard request.rollout.n < 2 else { return }
        throw UnfitSetting(
            key: "rollout.n", expected: "2 or more: the baseline is made of a problem's other solutions")
    }

    /// As asked, else one pass over the problems.
    func totalSteps(asked: Int) -> Int { asked > 0 ? asked : order.stepsPerEpoch }

    /// Of the first problems.
    func longestCriticPrompt(_ builder: PromptBuilder, _ template: PromptTemplate) throws -> Int {
        let bare = try problems.prefix(64).flatMap { problem in
            try known.flatMap {
                try builder.critic(template, problem: problem.text, solutions: [""], icc: ICC().values(for: $0))
            }
        }
        return bare.map(\.ids.count).max() ?? 0
    }

    var longestSolution: Int { request.rollout.responseLength }

    /// Bytes that sampling holds: the actors' weights, keys and values of every token of a step, and what stays.
    func bytes(_ actors: [Actor]) -> Int {
        let sequences = request.data.batch * request.rollout.n
        let length = longestPrompt + longestSolution
        return actors.reduce(0) { $0 + $1.model.residentBytes(sequences: sequences, length: length) }
    }

    func sample(step: Int, by actors: [Actor]) throws -> [Rollout] {
        if trackers.isEmpty { trackers = try actors.map(measured) }
        let chosen = order.rows(step).map { problems[$0] }
        var rollouts: [Rollout] = []
        for (index, actor) in actors.enumerated() {
            let mine = chosen.indices.filter { (step * order.batch + $0 - chosen.startIndex) % actors.count == index }
            let orders = mine.flatMap { place in
                (0..<request.rollout.n).map { sample in
                    Actor.Order(problem: chosen[place], key: key(.sampling, step, chosen[place], sample))
                }
            }
            let told = actor.snapshot(rate: trackers[index].rate)
            let solved = try actor.solve(orders, as: told, truncated: request.rollout.truncated, mayTimeOut: true)
            for one in solved { rollouts.append(try rollout(one, by: index, step: step, place: rollouts.count)) }
            actor.model.clear()
        }
        return rollouts
    }

    /// Takes the outcomes into the running rates, after everything that was told of them has been said.
    func learn(outcomes rollouts: [Rollout]) {
        for index in trackers.indices {
            let mine = rollouts.filter { $0.actor == index }.compactMap(\.known)
            trackers[index].update(outcomes: world.gathered(mine))
        }
    }

    /// What each actor's rate is told as now.
    var rates: [JSONObject.Member] {
        zip(known, trackers).compactMap { actor, tracker in
            tracker.value.map { ("actor/\(actor.name)/success_rate", .number($0)) }
        }
    }

    /// Where no critic is told, the first outcomes will do.
    private func measured(_ actor: Actor) throws -> SuccessRateTracker {
        guard let told = request.conditioning else { return SuccessRateTracker() }
        let rate = try actor.measure(Array(problems.prefix(told.measuredOn)), seed: request.data.seed)
        return SuccessRateTracker(start: rate, momentum: told.momentum)
    }

    private func key(_ purpose: RandomKey.Purpose, _ step: Int, _ problem: Problem, _ sample: Int) -> RandomKey {
        RandomKey(
            seed: request.data.seed, purpose: purpose, iteration: UInt64(step + 1), problem: UInt64(problem.id),
            sample: UInt64(sample))
    }

    private func rollout(_ solved: Actor.Solved, by actor: Int, step: Int, place: Int) throws -> Rollout {
        let dropping = key(.dropout, step, solved.problem, Int(solved.solution.sample))
        let told = request.conditioning.map { icc.dropping(rate: $0.dropout, key: dropping) } ?? icc
        return try Rollout(solved, by: actor, place: place, icc: told, request)
    }

    // MARK: Checkpoints

    private lazy var sum = InputSums.of(problems)

    /// What belongs into `state.json`: the rates told, and what tells the problems from others.
    var state: JSONObject { get throws { JSONObject([("actors", try .encoding(trackers)), ("problems", sum)]) } }

    /// - Throws: ``TrainingError/damagedRun(file:what:)``, ``TrainingError/dataChanged(file:what:)``.
    func restore(_ state: JSONObject, from folder: String) throws {
        try state.check("problems", is: sum, "the problems (data.train_files)", in: folder)
        func damaged(_ what: String) -> TrainingError { .damagedRun(file: folder + "/state.json", what: what) }
        guard let rates = state["actors"] else { throw damaged("the actors' success rates are missing") }
        let saved: [SuccessRateTracker]
        do {
            saved = try rates.decoded(as: [SuccessRateTracker].self)
        } catch {
            throw damaged("the actors' success rates cannot be read: \(error)")
        }
        guard saved.count == known.count || saved.isEmpty else {
            throw damaged("it has the success rates of \(saved.count) actors, not of \(known.count)")
        }
        guard saved.allSatisfy(\.isPlausible) else { throw damaged("a success rate in it is none") }
        trackers = saved
    }
}
