import Formats
import Transformer
import Prompts

/// Stage 2 of GenAC: a generative critic learns by REINFORCE what frozen actors' beginnings are worth. A step samples
/// solutions, has the critic write `critic.num_samples` chains for each chosen prefix, and makes one update.
final class CriticRLStage: Stage, Estimated {
    private(set) var step = 0
    let totalSteps: Int
    let memory: MemoryEstimate

    private let recipe: Recipe
    private let source: RolloutSource
    private let critic: GenerativeLearner
    private var alarms = Alarms()

    var templates: [PromptTemplate] { source.templates + [critic.template] }
    var updates: Int { critic.updates }

    init(_ recipe: Recipe, resources: Resources) throws {
        self.recipe = recipe
        try GenerativeLearner.check(recipe)
        source = try RolloutSource(frozen: recipe, resources: resources)
        totalSteps = source.totalSteps(recipe)
        let checkpoint = try resources.languageModel(recipe.text("model.path"), as: .critic)
        let template = try resources.criticTemplate(recipe, for: checkpoint)
        let sizes = try GenerativeLearner.sizes(recipe, CriticReading(source, checkpoint, template), checkpoint)
        let configuration = checkpoint.model.configuration
        // Keys and values are those of the actors' solutions or, later in a step, of the chains.
        memory = MemoryEstimate(
            bytes: Learner.bytes(configuration, rows: sizes.rows)
                + max(KVCache(configuration: configuration).bytes(positions: sizes.positions), source.bytes()),
            available: resources.availableMemory)
        try memory.check()
        critic = try GenerativeLearner(checkpoint, template: template, recipe, totalSteps: totalSteps)
    }

    func advance() throws -> StepReport {
        var clock = StopWatch()
        let rollouts = try source.sample(step: step)
        let sampled = clock.lap()
        let judged = try critic.judge(rollouts, step: step)
        let valued = clock.lap()
        let update = try critic.learn(from: judged, step: step)
        let learned = clock.lap()
        let rates = source.rates
        source.learn(outcomes: rollouts)
        step += 1
        let summary = JudgedSummary(rollouts, judged)
        return StepReport(
            step: step, of: totalSteps, summary: summary, update: update, rates: rates,
            timing: [("gen", sampled), ("values", valued), ("update_critic", learned)],
            warnings: alarms.check(
                rewards: summary.rewards, cutOff: summary.cutOff, parseFailures: summary.parseFailureRate,
                explainedVariance: summary.explainedVariance),
            rollouts: try recipe.logsRollouts(step, of: totalSteps)
                ? zip(rollouts, judged).map { try $0.row(step: step, $1) } : nil)
    }

    func save(to folder: String) throws -> JSONObject { try critic.save(to: folder).merging(source.state) }

    func restore(_ state: JSONObject, from folder: String) throws {
        step = try state.step(in: folder)
        try source.restore(state, from: folder)
        try critic.restore(state, from: folder)
    }
}

extension JSONObject {
    func merging(_ other: JSONObject) -> JSONObject {
        var merged = self
        for member in other.members { merged[member.key] = member.value }
        return merged
    }

    /// The step of a checkpoint's `state.json`.
    /// - Throws: ``TrainingError/damagedRun(file:what:)``.
    func step(in folder: String) throws -> Int {
        guard let step = self["step"]?.asInt, step >= 0 else {
            throw TrainingError.damagedRun(file: folder + "/state.json", what: "its step is missing")
        }
        return step
    }
}
