import Checkpoints
import Compute
import Critics
import Formats
import Foundation
import Tokenizers
import Transformer

/// The discriminative critic, GenAC's measure: the same backbone with a linear head, regressed on the same prefixes and
/// outcomes that `critic-rl` with the same settings and seed learns from.
///
/// It reads the critic template's opening (ICC and problem) and the sampled ids of the solution, and its value is read
/// at the position before the next action. The return of every prefix is the outcome (gamma 1, nothing earned before):
///
///     loss = mean over prefixes of max((v - r)², (clip(v, v_old - c, v_old + c) - r)²) / 2
final class ValueHeadStage: Stage, Estimated {
    private(set) var step = 0
    let totalSteps: Int
    let memory: MemoryEstimate

    private let recipe: Recipe
    private let actors: FrozenActors
    private let learner: Learner
    private let template: PromptTemplate
    private let builder: PromptBuilder
    private var alarms = Alarms()

    var templates: [PromptTemplate] { actors.templates + [template] }

    /// - Throws: also ``TrainingError/otherWords(critic:actor:)``.
    init(_ recipe: Recipe, resources: Resources) throws {
        self.recipe = recipe
        actors = try FrozenActors(recipe, resources: resources)
        totalSteps = actors.totalSteps(recipe)
        let checkpoint = try resources.load(recipe.text("model.path"))
        try actors.checkWords(of: checkpoint)
        template = try resources.criticTemplate(recipe, for: checkpoint)
        builder = PromptBuilder(checkpoint)
        let sequences = recipe.integer("data.train_batch_size") * recipe.integer("rollout.n")
        let length = try actors.longestCriticPrompt(builder, template)
        let rows = max(min(recipe.integer("data.max_token_len_per_gpu"), sequences * length), length)
        memory = MemoryEstimate(
            bytes: Learner.bytes(checkpoint.model.configuration.headless, rows: rows, valueHead: true) + (try actors.bytes()),
            available: resources.availableMemory)
        try memory.check()
        let head = try checkpoint.valueHead
            ?? Initialisation.valueHead(hidden: checkpoint.model.configuration.hidden, seed: UInt64(recipe.integer("data.seed")))
        learner = try Learner(
            checkpoint, model: TrainableModel(checkpoint.model, valueHead: head), role: "critic", recipe: recipe, totalSteps: totalSteps)
    }

    // MARK: A step

    func advance() throws -> StepReport {
        var clock = StopWatch()
        let rollouts = try actors.sample(step: step)
        let sampled = clock.lap()
        let read = try rollouts.filter { $0.masked == nil }.map { try Reading($0, builder, template) }
        let fit = try fit(read)
        let learned = clock.lap()
        let rates = actors.rates
        actors.learn(outcomes: rollouts)
        step += 1
        var values = fit.old.makeIterator()
        let judged = rollouts.map { rollout -> [JudgedPrefix] in
            guard let reading = read.first(where: { $0.rollout.index == rollout.index }) else { return [] }
            return rollout.prefixes.map { reading.judged($0, value: values.next(), tokenizer: builder.tokenizer) }
        }
        let summary = JudgedSummary(rollouts, judged)
        var report = StepReport(
            step: step, of: totalSteps, summary: summary, update: fit.update, loss: ("critic/vf_loss", fit.loss), rows: fit.rows, rates: rates,
            timing: [("gen", sampled), ("update_critic", learned)],
            warnings: alarms.check(
                rewards: rollouts.map(\.outcome), cutOff: summary.cutOff, parseFailures: nil, explainedVariance: summary.explainedVariance),
            rollouts: try recipe.logsRollouts(step, of: totalSteps) ? zip(rollouts, judged).map { try $0.row(step: step, $1) } : nil)
        report.metrics["critic/vf_clipfrac"] = .number(fit.clipped)
        return report
    }

    private struct Fit {
        /// The values that the step began with, prefix after prefix.
        var old: [Double] = []
        /// Of the first epoch.
        var loss = 0.0
        /// Of the last epoch.
        var clipped = 0.0
        var rows = 0
        var update: Learner.Update
    }

    /// `critic.ppo_epochs` updates on the step's prefixes.
    private func fit(_ readings: [Reading]) throws -> Fit {
        let passes = Self.passes(readings, limit: recipe.integer("data.max_token_len_per_gpu"))
        let count = readings.reduce(0) { $0 + $1.sequence.positions.count }
        var fit = Fit(update: Learner.Update(norm: 0, rate: 0))
        for epoch in 0..<recipe.integer("critic.ppo_epochs") {
            learner.model.clearGradients()
            var place = 0, clipped = 0.0
            for pass in passes {
                let batch = TokenTree.batch(pass.map(\.sequence))
                try learner.model.forward(batch)
                let values = try learner.model.headValues().map(Double.init)
                if epoch == 0 { fit.old += values }
                let loss = ValueLoss(
                    predictions: values, old: Array(fit.old[place..<place + values.count]), returns: pass.flatMap(\.returns),
                    clip: recipe.number("critic.cliprange_value"))
                try learner.model.backward(values: loss.slopes.map { Float($0 / Double(count)) })
                place += values.count
                clipped += loss.clippedShare * Double(values.count) / Double(count)
                if epoch == 0 { fit.loss += loss.losses.reduce(0, +) / Double(count) }
                fit.rows += batch.rows
            }
            fit.update = learner.update(step: step)
            fit.clipped = clipped
        }
        return fit
    }

    /// Readings packed in order into passes of at most `limit` rows; a longer one is alone.
    private static func passes(_ readings: [Reading], limit: Int) -> [[Reading]] {
        var passes: [[Reading]] = [], rows = 0
        for reading in readings {
            if passes.isEmpty || rows + reading.sequence.ids.count > limit {
                passes.append([])
                rows = 0
            }
            passes[passes.count - 1].append(reading)
            rows += reading.sequence.ids.count
        }
        return passes
    }

    // MARK: Checkpoints

    func save(to folder: String) throws -> JSONObject { try actors.save(with: learner, to: folder) }

    func restore(_ state: JSONObject, from folder: String) throws {
        step = try actors.restore(state, with: learner, from: folder)
    }
}

/// A rollout as a value head reads it.
private struct Reading {
    let rollout: Rollout
    let opening: RenderedPrompt
    /// The opening and the solution's ids up to the last chosen prefix, with the positions before each next action.
    let sequence: TokenTree.Valued

    init(_ rollout: Rollout, _ builder: PromptBuilder, _ template: PromptTemplate) throws {
        self.rollout = rollout
        opening = try builder.opening(template, problem: rollout.problem.text, icc: rollout.icc.values(for: rollout.solution.actor))
        let ends = rollout.prefixes.map(\.tokens.upperBound)
        sequence = TokenTree.Valued(
            ids: opening.ids + rollout.solution.ids[..<(ends.max() ?? 0)], positions: ends.map { [opening] in opening.ids.count + $0 - 1 })
    }

    var returns: [Double] { rollout.prefixes.map { _ in rollout.outcome } }

    func judged(_ prefix: SolutionPrefix, value: Double?, tokenizer: Tokenizer) -> JudgedPrefix {
        JudgedPrefix(
            prefix: prefix, prompt: opening.text + tokenizer.decode(prefix.ids), value: value, target: rollout.outcome,
            promptIDs: opening.ids + prefix.ids)
    }
}
