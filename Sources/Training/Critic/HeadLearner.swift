import Acting
import Checkpoints
import Critics
import Formats
import Generation
import Problems
import Tokenizers
import Transformer
import Prompts

/// A discriminative critic that learns: a linear head on a backbone, regressed on returns.
///
/// It reads the critic template's opening (ICC and problem) and the sampled ids of the solution; a state's value is
/// read at the position before the next action.
///
///     loss = mean over states of max((v - R)², (clip(v, v_old - c, v_old + c) - R)²) / 2
final class HeadLearner {
    let template: PromptTemplate
    let builder: PromptBuilder
    private let recipe: Recipe
    private let learner: Learner

    init(_ checkpoint: Checkpoint, template: PromptTemplate, _ recipe: Recipe, totalSteps: Int) throws {
        (self.template, self.recipe) = (template, recipe)
        builder = PromptBuilder(checkpoint)
        let head =
            try checkpoint.valueHead
            ?? Initialisation.valueHead(
                hidden: checkpoint.model.configuration.hidden, seed: UInt64(recipe.integer("data.seed")))
        learner = try Learner(
            checkpoint, model: TrainableModel(checkpoint.model, valueHead: head), role: "critic", recipe: recipe,
            totalSteps: totalSteps)
    }

    /// Rows of the largest pass: it reads what stands before a solution, and the solution.
    static func rows(_ recipe: Recipe, _ reading: CriticReading) -> Int {
        PassRows(recipe, sharing: StageName.policies.contains(recipe.stage)).most(
            before: reading.before, own: reading.solution)
    }

    /// What is read of a solution, with the states at which values are wanted.
    struct Reading {
        let opening: Passage
        let sequence: TokenTree.Valued

        func judged(_ prefix: SolutionPrefix, value: Double?, target: Double, tokenizer: Tokenizer) -> JudgedPrefix {
            JudgedPrefix(
                prefix: prefix, prompt: opening.text + tokenizer.decode(prefix.ids), value: value, target: target,
                promptIDs: opening.ids + prefix.ids)
        }
    }

    /// - Parameter states: how many of the solution's ids have been written at each.
    func reading(_ rollout: Rollout, states: [Int]) throws -> Reading {
        let opening = try builder.opening(
            template, problem: rollout.problem.text, icc: rollout.icc.values(for: rollout.solution.actor))
        return Reading(
            opening: opening,
            sequence: TokenTree.Valued(
                ids: opening.ids + rollout.solution.ids[..<(states.max() ?? 0)],
                positions: states.map { opening.ids.count + $0 - 1 }))
    }

    /// The values of all states, reading by reading.
    func values(_ readings: [Reading]) throws -> [[Double]] {
        var values: [Double] = []
        for pass in passes(readings) {
            try learner.model.forward(TokenTree.batch(pass.map(\.sequence)))
            values += try learner.model.headValues().map(Double.init)
        }
        return values.cut(like: readings.map(\.sequence.positions.count))
    }

    /// `critic.ppo_epochs` updates towards `returns`, one for each state.
    /// - Parameter old: the values that the step began with; nil takes those that the first epoch finds.
    /// - Returns: also those values. There is no update where there is no state, as when every rollout is masked: the
    ///   optimiser's momentum alone would move the weights.
    func fit(_ readings: [Reading], returns: [[Double]], old: [[Double]]? = nil, step: Int) throws -> (
        update: CriticUpdate, old: [[Double]]
    ) {
        let counts = readings.map(\.sequence.positions.count), count = counts.reduce(0, +)
        let targets = returns.flatMap { $0 }
        var known = old?.flatMap { $0 } ?? []
        var fit = CriticUpdate(lossName: "critic/vf_loss")
        guard count > 0 else { return (fit, known.cut(like: counts)) }
        for epoch in 0..<recipe.integer("critic.ppo_epochs") {
            learner.model.clearGradients()
            var place = 0, clipped = 0.0, mean = 0.0
            for pass in passes(readings) {
                let batch = TokenTree.batch(pass.map(\.sequence))
                try learner.model.forward(batch)
                let values = try learner.model.headValues().map(Double.init), states = place..<place + values.count
                if epoch == 0, old == nil { known += values }
                let loss = ValueLoss(
                    predictions: values, old: Array(known[states]), returns: Array(targets[states]),
                    clip: recipe.number("critic.cliprange_value"))
                try learner.model.backward(values: loss.slopes.map { Float($0 / Double(count)) })
                place += values.count
                clipped += loss.clippedShare * Double(values.count) / Double(count)
                mean += loss.losses.reduce(0, +) / Double(count)
                fit.rows += batch.rows
            }
            fit.parts.append(
                CriticUpdate.Part(update: try learner.update(step: step, loss: mean), loss: mean, clipped: clipped))
        }
        return (fit, known.cut(like: counts))
    }

    /// Updates made since the run began.
    var updates: Int { learner.updates }

    /// Readings packed in order into passes of at most `data.max_token_len_per_gpu` rows; a longer one is alone.
    private func passes(_ readings: [Reading]) -> [[Reading]] {
        packed(readings, limit: recipe.integer("data.max_token_len_per_gpu")) { $0.sequence.ids.count }
    }

    // MARK: Checkpoints

    func save(to folder: String) throws -> JSONObject { try learner.save(to: folder) }

    func restore(_ state: JSONObject, from folder: String) throws { try learner.restore(state, from: folder) }
}

/// `items` in order in groups of at most `limit` in sum; a larger one is alone.
func packed<Item>(_ items: [Item], limit: Int, _ size: (Item) -> Int) -> [[Item]] {
    var groups: [[Item]] = [], sum = 0
    for item in items {
        if groups.isEmpty || sum + size(item) > limit {
            groups.append([])
            sum = 0
        }
        groups[groups.count - 1].append(item)
        sum += size(item)
    }
    return groups
}

extension Array {
    /// Consecutive pieces of the given lengths.
    func cut(like lengths: [Int]) -> [[Element]] {
        var place = startIndex
        return lengths.map { length in
            defer { place += length }
            return Array(self[place..<place + length])
        }
    }
}
