import Checkpoints
import Formats
import Problems
import Transformer
import Prompts

/// The discriminative critic, GenAC's measure: the same backbone with a linear head, regressed on the same prefixes and
/// outcomes that `critic-rl` with the same settings and seed learns from. The return of every prefix is the outcome
/// (gamma 1, nothing earned before).
final class ValueHeadStage: Stage, Estimated {
    private(set) var step = 0
    let totalSteps: Int
    let memory: MemoryEstimate

    private let recipe: Recipe
    private let source: RolloutSource
    private let critic: HeadLearner
    private var alarms = Alarms()

    var templates: [PromptTemplate] { source.templates + [critic.template] }
    var updates: Int { critic.updates }

    /// - Throws: also ``TrainingError/otherWords(critic:actor:)``.
    init(_ recipe: Recipe, resources: Resources) throws {
        self.recipe = recipe
        source = try RolloutSource(frozen: recipe, resources: resources)
        totalSteps = source.totalSteps(recipe)
        let checkpoint = try resources.load(recipe.text("model.path"), .critic)
        try source.checkWords(of: checkpoint)
        let template = try resources.criticTemplate(recipe, for: checkpoint)
        let rows = HeadLearner.rows(recipe, try CriticReading(source, checkpoint, template))
        memory = MemoryEstimate(
            bytes: Learner.bytes(checkpoint.model.configuration.headless, rows: rows, valueHead: true) + source.bytes(),
            available: resources.availableMemory)
        try memory.check()
        critic = try HeadLearner(checkpoint, template: template, recipe, totalSteps: totalSteps)
    }

    func advance() throws -> StepReport {
        var clock = StopWatch()
        let rollouts = try source.sample(step: step)
        let sampled = clock.lap()
        let used = rollouts.filter { $0.masked == nil }
        let readings = try used.map { try critic.reading($0, states: $0.prefixes.map(\.tokens.upperBound)) }
        let labels = try used.map(labels)
        let fit = try critic.fit(readings, returns: labels, step: step)
        let learned = clock.lap()
        let rates = source.rates
        source.learn(outcomes: rollouts)
        step += 1
        let judged = judged(rollouts, readings, labels, fit.old)
        let summary = JudgedSummary(rollouts, judged)
        return StepReport(
            step: step, of: totalSteps, summary: summary, update: fit.update, rates: rates,
            timing: [("gen", sampled), ("update_critic", learned)],
            warnings: alarms.check(
                rewards: labels.flatMap { $0 }, cutOff: summary.cutOff, parseFailures: nil,
                explainedVariance: summary.explainedVariance),
            rollouts: try recipe.logsRollouts(step, of: totalSteps)
                ? zip(rollouts, judged).map { try $0.row(step: step, $1) } : nil)
    }

    /// What the prefixes of a rollout are to be worth: the outcome, or by `critic.labels=steps` whether they are right
    /// so far.
    private func labels(_ rollout: Rollout) throws -> [Double] {
        guard recipe.choice("critic.labels") as Labels == .steps else {
            return rollout.prefixes.map { _ in rollout.outcome }
        }
        guard let jumps = Jumps(text: rollout.problem.text) else {
            throw TrainingError.wrongValue(
                key: "critic.labels", value: "steps",
                expected: "outcomes, where problems are not the built-in task's: nobody knows which steps are right")
        }
        return rollout.prefixes.map { prefix in jumps.isRight(prefix.text, lines: prefix.step) ? 1 : 0 }
    }

    private func judged(
        _ rollouts: [Rollout], _ readings: [HeadLearner.Reading], _ labels: [[Double]], _ values: [[Double]]
    ) -> [[JudgedPrefix]] {
        var next = zip(readings, zip(labels, values)).makeIterator()
        return rollouts.map { rollout in
            guard rollout.masked == nil, let (reading, said) = next.next() else { return [] }
            return zip(rollout.prefixes, zip(said.0, said.1)).map { prefix, one in
                reading.judged(prefix, value: one.1, target: one.0, tokenizer: critic.builder.tokenizer)
            }
        }
    }

    /// `critic.labels`: what a head learns to say.
    package enum Labels: String, CaseIterable { case outcomes, steps }

    func save(to folder: String) throws -> JSONObject { try critic.save(to: folder).merging(source.state) }

    func restore(_ state: JSONObject, from folder: String) throws {
        step = try state.step(in: folder)
        try source.restore(state, from: folder)
        try critic.restore(state, from: folder)
    }
}
