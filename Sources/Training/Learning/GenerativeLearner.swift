import Acting
import Checkpoints
import Compute
import Critics
import Formats
import Generation
import Prompts
import Transformer

/// A generative critic that learns by REINFORCE: it writes chains about prefixes, and every sampled token of a chain is
/// pushed by the chain's advantage:
///
///     loss = -sum over chains of weight · A · (sum of the chain's log-probabilities),  A from R = 1 - (r - v)²
///
/// One update a step, so the chains are always the present weights' own. Prompts and chains are trained as the tree of
/// their common beginnings.
final class GenerativeLearner: CriticLearner {
    let template: PromptTemplate
    private let builder: PromptBuilder
    private let settings: GenerativeCriticSettings
    private let data: DataSettings
    let learner: Learner

    /// - Parameter template: the one it reads, `Resources.criticTemplate`.
    init(
        _ checkpoint: Checkpoint, template: PromptTemplate, _ settings: GenerativeCriticSettings, _ data: DataSettings,
        totalSteps: Int, world: World
    ) throws {
        (self.template, self.settings, self.data) = (template, settings, data)
        builder = PromptBuilder(checkpoint)
        learner = try Learner(
            checkpoint, model: TrainableModel(checkpoint.model), role: .critic, settings.optimiser,
            totalSteps: totalSteps, world: world)
    }

    // MARK: A step

    /// Chains for every chosen prefix of the rollouts that are learned from, with their rewards.
    func judge(_ rollouts: [Rollout], step: Int) throws -> [JudgedRollout] {
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
        let valuations = try critic.values(
            for: used.flatMap(\.prefixes), cancellation: Cancellation(), progress: nil)
        var said = valuations.cut(like: rollouts.map { $0.masked == nil ? $0.prefixes.count : 0 })[...]
        return rollouts.map { rollout in
            var judged = JudgedRollout(rollout)
            judged.prefixes = zip(rollout.prefixes, said.removeFirst()).map {
                self.judged($0, $1, outcome: rollout.outcome)
            }
            return judged
        }
    }

    private func options(step: Int) -> GenerativeCritic.Options {
        var options = GenerativeCritic.Options()
        options.samples = settings.samples
        options.sampling = Sampling(temperature: settings.temperature, maxTokens: settings.responseLength)
        options.fallback = settings.fallback
        options.readsDistribution = false
        options.seed = data.seed
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
        let advantages = Reinforce.advantages(rewards, baseline: settings.baseline)
        return JudgedPrefix(
            prefix: prefix, prompt: valuation.prompt, value: valuation.value, target: outcome,
            chains: valuation.chains.indices.map {
                JudgedChain(chain: valuation.chains[$0], reward: rewards[$0], advantage: advantages[$0])
            },
            promptIDs: valuation.promptIDs)
    }

    /// One update on the chains of a step, those of each rollout a group; none where there is no chain, as when every
    /// rollout is masked: the optimiser's momentum alone would move the weights.
    func reinforce(_ judged: [JudgedRollout], step: Int) throws -> CriticUpdate {
        var update = CriticUpdate(lossName: "critic/pg_loss")
        let groups = weighted(judged)
        guard groups.joined().contains(where: { !$0.sequence.scored.isEmpty }) else { return update }
        var loss = 0.0
        try learner.sumGradients(of: groups.cut(like: judged.byProblem.map(\.count))) { problem in
            for pass in WeightedChain.passes(problem, limit: data.passTokens) {
                let batch = TokenTree.batch(pass.map(\.sequence))
                let slopes = pass.flatMap { chain in
                    [Float](repeating: Float(-chain.push), count: chain.sequence.scored.count)
                }
                try learner.model.forward(batch)
                let scores = try learner.model.backward(
                    TargetCoefficients(logprobs: slopes), temperature: Float(settings.temperature))
                loss += zip(scores.logprobs, slopes).reduce(0) { $0 + Double($1.0) * Double($1.1) }
                update.rows += batch.rows
            }
        }
        update.parts = [CriticUpdate.Part(update: try learner.update(step: step, loss: loss), loss: loss)]
        return update
    }

    /// [rollouts][chains].
    private func weighted(_ judged: [JudgedRollout]) -> [[WeightedChain]] {
        let chains = judged.map { rollout in
            rollout.prefixes.flatMap { prefix in prefix.chains.map { (prompt: prefix.promptIDs, chain: $0) } }
        }
        let weights = settings.aggregation.weights(
            lengths: chains.joined().map(\.chain.chain.ids.count), horizon: settings.responseLength,
            over: learner.world)
        return zip(chains, weights.cut(like: chains.map(\.count))).map { chains, weights in
            zip(chains, weights).map { one, weight in
                let ids = one.chain.chain.ids, start = one.prompt.count
                return WeightedChain(
                    sequence: TokenTree.Sequence(ids: one.prompt + ids, scored: start..<start + ids.count),
                    push: weight * one.chain.advantage)
            }
        }
    }
}

/// What a generative critic takes of memory.
struct GenerativeCriticSize {
    private let shape: Configuration
    /// Rows of the largest pass.
    private let rows: Int
    /// Positions of the keys and values of a step's chains.
    private let positions: Int

    /// A rollout's prompts share their trunk, a prefix's chains what the prompt says after the solution. Keys and
    /// values take whole pages.
    /// - Throws: ``UnfitSetting`` when a prompt and its chain are longer than the critic can read.
    init(
        _ settings: GenerativeCriticSettings, _ reading: CriticReading, _ passes: PassRows, _ critic: Checkpoint
    ) throws {
        shape = critic.model.configuration
        let limit = shape.maxPositions
        guard reading.longest + settings.responseLength <= limit else {
            throw UnfitSetting(
                key: "critic.response_length",
                expected:
                    "at most \(max(limit - reading.longest, 0)): \(critic.name) reads \(limit) tokens, and the longest "
                    + "prompt with the longest solution has \(reading.longest)"
            )
        }
        func own(page: Int) -> Int {
            let chains = settings.samples * (settings.responseLength + page)
            return reading.solution + settings.maxPrefixes * (reading.after + page + chains)
        }
        let page = KVCache.pagePositions
        rows = passes.most(before: reading.before, own: own(page: 0))
        positions = passes.beginnings * (reading.before + page) + passes.solutions * own(page: page)
    }

    /// Bytes of training it, and of the keys and values of its chains.
    var training: Int { Learner.bytes(shape, rows: rows) }
    var chains: Int { KVCache(configuration: shape).bytes(positions: positions) }
}
