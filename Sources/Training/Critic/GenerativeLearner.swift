import Acting
import Checkpoints
import Compute
import Critics
import Formats
import Generation
import Problems
import Transformer
import Prompts

/// A generative critic that learns by REINFORCE: it writes chains about prefixes, and every sampled token of a chain is
/// pushed by the chain's advantage:
///
///     loss = -sum over chains of weight · A · (sum of the chain's log-probabilities),  A from R = 1 - (r - v)²
///
/// One update a step, so the chains are always the present weights' own. Prompts and chains are trained as the tree of
/// their common beginnings.
final class GenerativeLearner {
    let template: PromptTemplate
    let builder: PromptBuilder
    private let recipe: Recipe
    private let learner: Learner
    private let baseline: Reinforce.Baseline
    private let aggregation: LossAggregation

    /// - Parameter template: the one it reads, `Resources.criticTemplate`.
    init(_ checkpoint: Checkpoint, template: PromptTemplate, _ recipe: Recipe, totalSteps: Int) throws {
        (self.template, self.recipe) = (template, recipe)
        builder = PromptBuilder(checkpoint)
        baseline = recipe.choice("critic.baseline")
        aggregation = recipe.choice("critic.loss_agg_mode")
        learner = try Learner(
            checkpoint, model: TrainableModel(checkpoint.model), role: "critic", recipe: recipe, totalSteps: totalSteps)
    }

    /// - Throws: ``TrainingError/wrongValue(key:value:expected:)`` for settings from which nothing could be learned.
    static func check(_ recipe: Recipe) throws {
        if recipe.number("critic.temperature") < Sampling.temperatures.lowerBound {
            throw TrainingError.wrongValue(
                key: "critic.temperature", value: recipe.text("critic.temperature"),
                expected: "above 0: greedy chains are all alike")
        }
        let baseline: Reinforce.Baseline = recipe.choice("critic.baseline")
        if baseline == .leaveOneOut, recipe.integer("critic.num_samples") < 2 {
            throw TrainingError.wrongValue(
                key: "critic.num_samples", value: recipe.text("critic.num_samples"),
                expected: "2 or more, which critic.baseline=leave_one_out needs")
        }
    }

    /// Rows of the largest pass, and positions of the keys and values of a step's chains: a rollout's prompts share
    /// their trunk, a prefix's chains what the prompt says after the solution. Keys and values take whole pages.
    /// - Throws: ``TrainingError/wrongValue(key:value:expected:)`` when a prompt and its chain are longer than the
    ///   critic can read.
    static func sizes(_ recipe: Recipe, _ reading: CriticReading, _ critic: Checkpoint) throws -> (
        rows: Int, positions: Int
    ) {
        let limit = critic.model.configuration.maxPositions, key = "critic.response_length"
        guard reading.longest + recipe.integer(key) <= limit else {
            throw TrainingError.wrongValue(
                key: key, value: recipe.text(key),
                expected:
                    "at most \(max(limit - reading.longest, 0)): \(critic.name) reads \(limit) tokens, and the longest "
                    + "prompt with the longest solution has \(reading.longest)"
            )
        }
        func own(page: Int) -> Int {
            let chains = recipe.integer("critic.num_samples") * (recipe.integer(key) + page)
            return reading.solution + recipe.integer("critic.max_prefixes") * (reading.after + page + chains)
        }
        let passes = PassRows(recipe, sharing: StageName.policies.contains(recipe.stage)), page = KVCache.pagePositions
        return (
            passes.most(before: reading.before, own: own(page: 0)),
            passes.beginnings * (reading.before + page) + passes.solutions * own(page: page)
        )
    }

    // MARK: A step

    /// Chains for every chosen prefix of the rollouts that are learned from, with their rewards.
    func judge(_ rollouts: [Rollout], step: Int) throws -> [[JudgedPrefix]] {
        let told = Dictionary(uniqueKeysWithValues: rollouts.map { ($0.solution.id, $0.icc) })
        let critic = GenerativeCritic(
            name: learner.checkpoint.name, model: try writer(), builder: builder, template: template,
            options: options(step: step)
        ) { prefix in
            guard let icc = told[prefix.solution.id] else {
                preconditionFailure("a prefix of a rollout that is not the step's")
            }
            return icc
        }
        let used = rollouts.filter { $0.masked == nil }
        let prefixes = used.flatMap(\.prefixes)
        let valuations = try critic.values(for: prefixes, cancellation: Cancellation(), progress: nil)
        precondition(valuations.count == prefixes.count, "nothing cancels a job's chains")
        var next = valuations.makeIterator()
        return rollouts.map { rollout in
            guard rollout.masked == nil else { return [] }
            return rollout.prefixes.compactMap { prefix in
                next.next().map { judged(prefix, $0, outcome: rollout.outcome) }
            }
        }
    }

    private func options(step: Int) -> GenerativeCritic.Options {
        var options = GenerativeCritic.Options()
        options.samples = recipe.integer("critic.num_samples")
        options.sampling = Sampling(
            temperature: recipe.number("critic.temperature"), maxTokens: recipe.integer("critic.response_length"))
        options.fallback = recipe.choice("critic.parse_fallback")
        options.readsDistribution = false
        options.seed = UInt64(recipe.integer("data.seed"))
        options.iteration = UInt64(step + 1)
        return options
    }

    /// Writes chains with the weights as they are now: nothing computed with earlier ones may be found again, and an
    /// inference model has copies of the norms.
    private func writer() throws -> any TextModel {
        learner.checkpoint.textModel(try learner.model.inferenceModel(), priority: .background)
    }

    private func judged(_ prefix: SolutionPrefix, _ valuation: Valuation, outcome: Double) -> JudgedPrefix {
        let rewards = valuation.chains.map {
            Reinforce.reward(outcome: outcome, value: $0.status == .parsed ? $0.value : nil)
        }
        let advantages = Reinforce.advantages(rewards, baseline: baseline)
        return JudgedPrefix(
            prefix: prefix, prompt: valuation.prompt, value: valuation.value, target: outcome,
            chains: zip(valuation.chains, zip(rewards, advantages)).map {
                JudgedChain(chain: $0, reward: $1.0, advantage: $1.1)
            },
            promptIDs: valuation.promptIDs)
    }

    /// One update on the chains of a step, those of each rollout a group; none where there is no chain, as when every
    /// rollout is masked: the optimiser's momentum alone would move the weights.
    func learn(from judged: [[JudgedPrefix]], step: Int) throws -> CriticUpdate {
        var update = CriticUpdate(lossName: "critic/pg_loss")
        let chains = judged.map { prefixes in
            prefixes.flatMap { prefix in prefix.chains.map { (prefix: prefix, chain: $0) } }
        }
        let weights = aggregation.weights(
            lengths: chains.joined().map(\.chain.chain.ids.count), horizon: recipe.integer("critic.response_length"))
        var place = 0
        let weighted = chains.map { list in
            list.map { one in
                defer { place += 1 }
                return WeightedChain(
                    sequence: TokenTree.Sequence(
                        ids: one.prefix.promptIDs + one.chain.chain.ids,
                        scored: one.prefix.promptIDs.count..<one.prefix.promptIDs.count + one.chain.chain.ids.count),
                    push: weights[place] * one.chain.advantage)
            }
        }
        guard chains.joined().contains(where: { !$0.chain.chain.ids.isEmpty }) else { return update }
        learner.model.clearGradients()
        var loss = 0.0
        for pass in WeightedChain.passes(weighted, limit: recipe.integer("data.max_token_len_per_gpu")) {
            let batch = TokenTree.batch(pass.map(\.sequence))
            let slopes = pass.flatMap { chain in
                [Float](repeating: Float(-chain.push), count: chain.sequence.scored.count)
            }
            try learner.model.forward(batch)
            let scores = try learner.model.backward(
                TargetCoefficients(logprobs: slopes), temperature: Float(recipe.number("critic.temperature")))
            loss += zip(scores.logprobs, slopes).reduce(0) { $0 + Double($1.0) * Double($1.1) }
            update.rows += batch.rows
        }
        update.parts = [CriticUpdate.Part(update: try learner.update(step: step, loss: loss), loss: loss)]
        return update
    }

    /// Updates made since the run began.
    var updates: Int { learner.updates }

    // MARK: Checkpoints

    func save(to folder: String) throws -> JSONObject { try learner.save(to: folder) }

    func restore(_ state: JSONObject, from folder: String) throws { try learner.restore(state, from: folder) }
}
