import Checkpoints
import Compute
import Critics
import Formats
import Foundation
import Generation
import Transformer

/// Stage 2 of GenAC: a generative critic learns by REINFORCE what frozen actors' beginnings are worth.
///
/// A step samples solutions, has the critic write `critic.num_samples` chains for each chosen prefix, and pushes every
/// sampled token of a chain by the chain's advantage:
///
///     loss = -sum over chains of weight · A · (sum of the chain's log-probabilities),  A from R = 1 - (r - v)²
///
/// One update a step, so the chains are always the present weights' own. Prompts and chains are trained as the tree of
/// their common beginnings.
final class CriticRLStage: Stage, Estimated {
    private(set) var step = 0
    let totalSteps: Int
    let memory: MemoryEstimate

    private let recipe: Recipe
    private let actors: FrozenActors
    private let learner: Learner
    private let template: PromptTemplate
    private let builder: PromptBuilder
    private let baseline: Reinforce.Baseline
    private let aggregation: LossAggregation
    private var alarms = Alarms()

    var templates: [PromptTemplate] { actors.templates + [template] }

    init(_ recipe: Recipe, resources: Resources) throws {
        self.recipe = recipe
        try Self.check(recipe)
        baseline = Reinforce.Baseline(rawValue: recipe.text("critic.baseline")) ?? .none
        aggregation = LossAggregation(rawValue: recipe.text("critic.loss_agg_mode")) ?? .tokenMean
        actors = try FrozenActors(recipe, resources: resources)
        totalSteps = actors.totalSteps(recipe)
        let checkpoint = try resources.languageModel(recipe.text("model.path"))
        template = try resources.criticTemplate(recipe, for: checkpoint)
        builder = PromptBuilder(checkpoint)
        memory = MemoryEstimate(
            bytes: try Self.bytes(recipe, checkpoint, prompt: actors.longestCriticPrompt(builder, template), sampling: actors.bytes()),
            available: resources.availableMemory)
        try memory.check()
        learner = try Learner(checkpoint, model: TrainableModel(checkpoint.model), role: "critic", recipe: recipe, totalSteps: totalSteps)
    }

    /// Writes chains with the weights as they are now: nothing computed with earlier ones may be found again, and an
    /// inference model has copies of the norms.
    private func completer() throws -> LocalCompleter {
        let checkpoint = learner.checkpoint
        return LocalCompleter(
            name: checkpoint.name, model: try learner.model.inferenceModel(), tokenizer: checkpoint.tokenizer,
            endTokens: checkpoint.endTokens, priority: .background)
    }

    private static func check(_ recipe: Recipe) throws {
        if recipe.number("critic.temperature") < LocalCompleter.temperatures.lowerBound {
            throw TrainingError.wrongValue(
                key: "critic.temperature", value: recipe.text("critic.temperature"), expected: "above 0: greedy chains are all alike")
        }
        if recipe.text("critic.baseline") == Reinforce.Baseline.leaveOneOut.rawValue, recipe.integer("critic.num_samples") < 2 {
            throw TrainingError.wrongValue(
                key: "critic.num_samples", value: recipe.text("critic.num_samples"), expected: "2 or more, which critic.baseline=leave_one_out needs")
        }
    }

    /// Weights, moments and one pass; and the keys and values of the actors' solutions or, later in a step, of the chains:
    /// a rollout's prompts share their trunk.
    private static func bytes(_ recipe: Recipe, _ checkpoint: Checkpoint, prompt: Int, sampling: Int) throws -> Int {
        let rollouts = recipe.integer("data.train_batch_size") * recipe.integer("rollout.n")
        let prefixes = recipe.integer("critic.max_prefixes"), chain = recipe.integer("critic.response_length") + KVCache.pagePositions
        let tree = prompt + prefixes * (suffixTokens + recipe.integer("critic.num_samples") * chain)
        let rows = max(min(recipe.integer("data.max_token_len_per_gpu"), rollouts * tree), tree)
        let configuration = checkpoint.model.configuration
        let chains = KVCache(configuration: configuration).bytes(positions: rollouts * tree)
        return Learner.bytes(configuration, rows: rows) + max(chains, sampling)
    }

    /// What a prompt is thought to say after the solution.
    private static let suffixTokens = 64

    // MARK: A step

    func advance() throws -> StepReport {
        var clock = StopWatch()
        let rollouts = try actors.sample(step: step)
        let sampled = clock.lap()
        let judged = try judge(rollouts)
        let valued = clock.lap()
        let update = try learn(from: judged, of: rollouts)
        let learned = clock.lap()
        let rates = actors.rates
        actors.learn(outcomes: rollouts)
        step += 1
        let summary = JudgedSummary(rollouts, judged)
        return StepReport(
            step: step, of: totalSteps, summary: summary, update: update.update, loss: ("critic/pg_loss", update.loss), rows: update.rows,
            rates: rates, timing: [("gen", sampled), ("values", valued), ("update_critic", learned)],
            warnings: alarms.check(
                rewards: summary.rewards, cutOff: summary.cutOff, parseFailures: summary.parseFailureRate, explainedVariance: summary.explainedVariance),
            rollouts: try recipe.logsRollouts(step, of: totalSteps) ? zip(rollouts, judged).map { try $0.row(step: step, $1) } : nil)
    }

    /// The critic's chains for every chosen prefix of the rollouts that are learned from, with their rewards.
    private func judge(_ rollouts: [Rollout]) throws -> [[JudgedPrefix]] {
        var options = GenerativeCritic.Options()
        options.samples = recipe.integer("critic.num_samples")
        options.sampling = Sampling(temperature: recipe.number("critic.temperature"), maxTokens: recipe.integer("critic.response_length"))
        options.fallback = GenerativeCritic.Fallback(rawValue: recipe.text("critic.parse_fallback")) ?? .icc
        options.readsDistribution = false
        options.seed = UInt64(recipe.integer("data.seed"))
        options.iteration = UInt64(step + 1)
        let told = Dictionary(uniqueKeysWithValues: rollouts.map { ($0.solution.id, $0.icc) })
        let critic = GenerativeCritic(
            name: learner.checkpoint.name, completer: try completer(), builder: builder, template: template, options: options
        ) { told[$0.solution.id] ?? ICC() }
        let used = rollouts.filter { $0.masked == nil }
        let valuations = try critic.values(for: used.flatMap(\.prefixes), cancellation: Cancellation(), progress: nil)
        var next = valuations.makeIterator()
        return rollouts.map { rollout in
            guard rollout.masked == nil else { return [] }
            return rollout.prefixes.compactMap { prefix in next.next().map { judged(prefix, $0, outcome: rollout.outcome) } }
        }
    }

    private func judged(_ prefix: SolutionPrefix, _ valuation: Valuation, outcome: Double) -> JudgedPrefix {
        let rewards = valuation.chains.map { Reinforce.reward(outcome: outcome, value: $0.status == .parsed ? $0.value : nil) }
        let advantages = Reinforce.advantages(rewards, baseline: baseline)
        return JudgedPrefix(
            prefix: prefix, prompt: valuation.prompt, value: valuation.value, target: outcome,
            chains: zip(valuation.chains, zip(rewards, advantages)).map { JudgedChain(chain: $0, reward: $1.0, advantage: $1.1) },
            promptIDs: valuation.promptIDs)
    }

    private func learn(from judged: [[JudgedPrefix]], of rollouts: [Rollout]) throws -> (update: Learner.Update, loss: Double, rows: Int) {
        let chains = judged.map { prefixes in prefixes.flatMap { prefix in prefix.chains.map { (prefix: prefix, chain: $0) } } }
        let weights = aggregation.weights(
            lengths: chains.joined().map(\.chain.chain.ids.count), horizon: recipe.integer("critic.response_length"))
        var next = weights.makeIterator()
        let weighted = chains.map { list in
            list.map { one in
                WeightedChain(
                    sequence: TokenTree.Sequence(
                        ids: one.prefix.promptIDs + one.chain.chain.ids,
                        scored: one.prefix.promptIDs.count..<one.prefix.promptIDs.count + one.chain.chain.ids.count),
                    push: (next.next() ?? 0) * one.chain.advantage)
            }
        }
        learner.model.clearGradients()
        var loss = 0.0, rows = 0
        for pass in WeightedChain.passes(weighted, limit: recipe.integer("data.max_token_len_per_gpu")) {
            let batch = TokenTree.batch(pass.map(\.sequence))
            let slopes = pass.flatMap { chain in [Float](repeating: Float(-chain.push), count: chain.sequence.scored.count) }
            try learner.model.forward(batch)
            let scores = try learner.model.backward(
                TargetCoefficients(logprobs: slopes), temperature: Float(recipe.number("critic.temperature")))
            loss += zip(scores.logprobs, slopes).reduce(0) { $0 + Double($1.0) * Double($1.1) }
            rows += batch.rows
        }
        return (learner.update(step: step), loss, rows)
    }

    // MARK: Checkpoints

    func save(to folder: String) throws -> JSONObject { try actors.save(with: learner, to: folder) }

    func restore(_ state: JSONObject, from folder: String) throws {
        step = try actors.restore(state, with: learner, from: folder)
    }
}

/// A chain's tokens with what the loss pushes each of them by: weight · advantage.
package struct WeightedChain {
    package var sequence: TokenTree.Sequence
    package var push: Double

    package init(sequence: TokenTree.Sequence, push: Double) { (self.sequence, self.push) = (sequence, push) }

    /// Groups (a rollout's chains each) packed in order into passes of at most `limit` rows of their trees; a larger group
    /// is alone. Chains with nothing to push are left out.
    package static func passes(_ groups: [[WeightedChain]], limit: Int) -> [[WeightedChain]] {
        var passes: [[WeightedChain]] = [], pass: [WeightedChain] = [], rows = 0
        for group in groups {
            let useful = group.filter { $0.push != 0 && !$0.sequence.scored.isEmpty }
            guard !useful.isEmpty else { continue }
            let size = TokenTree.batch(useful.map(\.sequence)).rows
            if rows > 0, rows + size > limit {
                passes.append(pass)
                (pass, rows) = ([], 0)
            }
            pass += useful
            rows += size
        }
        return pass.isEmpty ? passes : passes + [pass]
    }
}
