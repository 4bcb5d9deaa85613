import Acting
import Checkpoints
import Critics
import Formats
import Generation
import Problems
import Prompts
import Tokenizers
import Transformer

/// A discriminative critic that learns: a linear head on a backbone, regressed on returns.
///
/// It reads the critic template's opening (ICC and problem) and the sampled ids of the solution; a state's value is
/// read at the position before the next action.
///
///     loss = mean over states of max((v - R)², (clip(v, v_old - c, v_old + c) - R)²) / 2
final class HeadLearner: CriticLearner {
    let template: PromptTemplate
    private let builder: PromptBuilder
    private let settings: ValueHeadSettings
    private let data: DataSettings
    let learner: Learner

    init(
        _ checkpoint: Checkpoint, template: PromptTemplate, _ settings: ValueHeadSettings, _ data: DataSettings,
        totalSteps: Int, world: World
    ) throws {
        (self.template, self.settings, self.data) = (template, settings, data)
        builder = PromptBuilder(checkpoint)
        let head =
            try checkpoint.valueHead
            ?? Initialisation.valueHead(hidden: checkpoint.model.configuration.hidden, seed: data.seed)
        learner = try Learner(
            checkpoint, model: TrainableModel(checkpoint.model, valueHead: head), role: .critic, settings.optimiser,
            totalSteps: totalSteps, world: world)
    }

    /// What training it takes of memory: it reads what stands before a solution, and the solution.
    static func bytes(_ reading: CriticReading, _ passes: PassRows, _ critic: Checkpoint) -> Int {
        let rows = passes.most(before: reading.before, own: reading.solution)
        return Learner.bytes(critic.model.configuration.headless, rows: rows, valueHead: true)
    }

    // MARK: A step

    /// What it reads of each rollout that is learned from.
    /// - Parameter states: how many of the rollout's ids have been written where its value is wanted.
    func readings(_ rollouts: [Rollout], states: (Rollout) -> [Int]) throws -> [JudgedRollout] {
        try rollouts.map { rollout in
            var judged = JudgedRollout(rollout)
            if judged.isUsed { judged.reading = try reading(rollout, states: states(rollout)) }
            return judged
        }
    }

    private func reading(_ rollout: Rollout, states: [Int]) throws -> HeadReading {
        let opening = try builder.opening(
            template, problem: rollout.problem.text, icc: rollout.icc.values(for: rollout.solution.actor))
        return HeadReading(
            opening: opening,
            sequence: TokenTree.Valued(
                ids: opening.ids + rollout.solution.ids[..<(states.max() ?? 0)],
                positions: states.map { opening.ids.count + $0 - 1 }))
    }

    /// Gives each rollout its states' values.
    func value(_ judged: inout [JudgedRollout]) throws {
        var values: [Double] = []
        for pass in passes(judged) {
            try learner.model.forward(TokenTree.batch(pass))
            values += try learner.model.headValues().map(Double.init)
        }
        take(values, &judged)
    }

    /// `critic.ppo_epochs` updates towards the rollouts' returns, one for each state. Values that they do not have yet
    /// are those that the first epoch finds. There is no update where there is no state, as when every rollout is
    /// masked: the optimiser's momentum alone would move the weights.
    func fit(_ judged: inout [JudgedRollout], step: Int) throws -> CriticUpdate {
        let count = learner.world.sum(judged.reduce(0) { $0 + $1.returns.count })
        let returns = judged.flatMap(\.returns), isNew = judged.allSatisfy(\.values.isEmpty)
        var old = judged.flatMap(\.values)
        var fit = CriticUpdate(lossName: "critic/vf_loss")
        guard count > 0 else { return fit }
        for epoch in 0..<settings.epochs {
            var place = 0, clipped = 0.0, mean = 0.0
            try learner.sumGradients(of: judged.byProblem) { problem in
                for pass in passes(problem) {
                    let batch = TokenTree.batch(pass)
                    try learner.model.forward(batch)
                    let values = try learner.model.headValues().map(Double.init)
                    let states = place..<place + values.count
                    if epoch == 0, isNew { old += values }
                    let loss = ValueLoss(
                        predictions: values, old: Array(old[states]), returns: Array(returns[states]),
                        clip: settings.clip)
                    try learner.model.backward(values: loss.slopes.map { Float($0 / Double(count)) })
                    place += values.count
                    clipped += loss.clippedShare * Double(values.count) / Double(count)
                    mean += loss.losses.reduce(0, +) / Double(count)
                    fit.rows += batch.rows
                }
            }
            fit.parts.append(
                CriticUpdate.Part(update: try learner.update(step: step, loss: mean), loss: mean, clipped: clipped))
        }
        if isNew { take(old, &judged) }
        return fit
    }

    private func passes(_ judged: [JudgedRollout]) -> [[TokenTree.Valued]] {
        packed(judged.compactMap(\.reading?.sequence), limit: data.passTokens) { $0.ids.count }
    }

    private func take(_ values: [Double], _ judged: inout [JudgedRollout]) {
        let each = values.cut(like: judged.map { $0.reading?.sequence.positions.count ?? 0 })
        for index in judged.indices { judged[index].values = each[index] }
    }

    /// Puts values and returns of states beside the rollouts' prefixes, for the record.
    /// - Parameter place: which of the rollout's states the prefix, its number given too, ends at.
    func record(_ judged: inout [JudgedRollout], place: (Int, SolutionPrefix) -> Int) {
        let tokenizer = builder.tokenizer
        for index in judged.indices {
            guard let opening = judged[index].reading?.opening else { continue }
            let (values, returns) = (judged[index].values, judged[index].returns)
            judged[index].prefixes = judged[index].rollout.prefixes.enumerated().map { number, prefix in
                let state = place(number, prefix)
                return JudgedPrefix(
                    prefix: prefix, prompt: opening.text + tokenizer.decode(prefix.ids), value: values[state],
                    target: returns[state], promptIDs: opening.ids + prefix.ids)
            }
        }
    }
}

/// What a value head reads of a solution, with the positions at which its values are wanted.
struct HeadReading {
    let opening: Passage
    let sequence: TokenTree.Valued
}
