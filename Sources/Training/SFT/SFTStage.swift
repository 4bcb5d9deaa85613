import Checkpoints
import Compute
import Formats
import Foundation
import Transformer
import Prompts

/// Supervised finetuning: the response's tokens are made likelier, the prompt is only read.
///
/// loss = -(sum of the response tokens' log-probabilities) / (number of them in the mini-batch): a mean over the
/// whole mini-batch, however many passes it is cut into.
final class SFTStage: Stage, Estimated {
    private(set) var step = 0
    let totalSteps: Int
    let memory: MemoryEstimate

    /// What training starts from.
    package enum Beginning: String, CaseIterable { case weights, random }

    var updates: Int { learner.updates }

    /// Rows are read as they stand, or in the model's own chat template.
    var templates: [PromptTemplate] { [] }

    private let recipe: Recipe
    private let learner: Learner
    private var model: TrainableModel { learner.model }
    private let train: [SFTExample], validation: [SFTExample]
    private var order: RowOrder
    /// Response tokens learned from so far.
    private var tokensSeen = 0

    init(_ recipe: Recipe, resources: Resources) throws {
        self.recipe = recipe
        let checkpoint = try resources.languageModel(recipe.text("model.path"))
        let reader = try SFTReader(recipe, checkpoint: checkpoint)
        train = try reader.read(recipe.files("data.train_files"))
        validation = try reader.read(recipe.files("data.val_files"))
        let seed = UInt64(recipe.integer("data.seed"))
        order = RowOrder(
            count: train.count, batch: recipe.integer("data.train_batch_size"),
            seed: recipe.flag("data.shuffle") ? seed : nil)
        let asked = recipe.integer("trainer.total_training_steps")
        totalSteps = asked > 0 ? asked : recipe.integer("trainer.total_epochs") * order.stepsPerEpoch
        let longest = (train + validation).map(\.rows).max() ?? 0
        let most = max(min(train.count, order.batch) * longest, validation.reduce(0) { $0 + $1.rows })
        let rows = max(longest, min(recipe.integer("data.max_token_len_per_gpu"), most))
        let shape = checkpoint.model.configuration
        memory = MemoryEstimate(bytes: Learner.bytes(shape, rows: rows), available: resources.availableMemory)
        try memory.check()
        let model =
            recipe.choice("model.init") as Beginning == .random
            ? try TrainableModel(configuration: shape, values: Initialisation.values(shape, seed: seed))
            : try TrainableModel(checkpoint.model)
        learner = try Learner(checkpoint, model: model, role: "actor", recipe: recipe, totalSteps: totalSteps)
    }

    func advance() throws -> StepReport {
        let start = Date()
        let rows = order.rows(step).map { train[$0] }
        let targets = rows.reduce(0) { $0 + $1.targets }
        model.clearGradients()
        var loss = 0.0
        for batch in passes(rows) {
            try model.forward(batch)
            let coefficients = [Float](repeating: -1 / Float(targets), count: batch.targets.count)
            let scores = try model.backward(TargetCoefficients(logprobs: coefficients))
            loss -= scores.logprobs.reduce(0.0) { $0 + Double($1) } / Double(targets)
        }
        let update = try learner.update(step: step, loss: loss)
        step += 1
        tokensSeen += targets
        let seconds = Date().timeIntervalSince(start)
        return try report(
            loss: loss, update, tokens: rows.reduce(0) { $0 + $1.rows }, targets: targets, seconds: seconds)
    }

    private func report(
        loss: Double, _ update: Learner.Update, tokens: Int, targets: Int, seconds: Double
    ) throws -> StepReport {
        var metrics = JSONObject([
            ("train/loss", .number(loss)),
            ("train/response_tokens", .integer(Int64(targets))), ("train/total_tokens", .integer(Int64(tokensSeen))),
            ("train/epoch", .number(Double(step) / Double(order.stepsPerEpoch))),
        ])
        for member in UpdateMetrics(updates: [update]).members("train") { metrics[member.key] = member.value }
        var line =
            "step \(step)/\(totalSteps)  loss \(Self.short(loss))  lr \(update.rate)  grad norm "
            + "\(Self.short(update.norm))"
        let testEvery = recipe.integer("trainer.test_freq")
        if !validation.isEmpty, step == totalSteps || (testEvery > 0 && step % testEvery == 0) {
            let before = Date()
            let loss = try validationLoss()
            metrics["val/loss"] = .number(loss)
            metrics["timing_s/test"] = .number(Date().timeIntervalSince(before))
            line += "  val loss \(Self.short(loss))"
        }
        metrics["timing_s/step"] = .number(seconds)
        metrics["perf/throughput"] = .number(Double(tokens) / max(seconds, 1e-9))
        line += "  \(Int(Double(tokens) / max(seconds, 1e-9))) tokens/s"
        return StepReport(metrics: metrics, line: line)
    }

    private func validationLoss() throws -> Double {
        var sum = 0.0, count = 0
        for batch in passes(validation) {
            try model.forward(batch)
            sum -= try model.scores().logprobs.reduce(0.0) { $0 + Double($1) }
            count += batch.targets.count
        }
        return sum / Double(max(count, 1))
    }

    /// Rows packed in order into batches of at most `data.max_token_len_per_gpu` rows; a longer one is alone.
    private func passes(_ examples: [SFTExample]) -> [TrainingBatch] {
        let limit = recipe.integer("data.max_token_len_per_gpu")
        var batches: [TrainingBatch] = [], batch = TrainingBatch()
        for example in examples {
            if batch.rows > 0, batch.rows + example.rows > limit {
                batches.append(batch)
                batch = TrainingBatch()
            }
            batch.appendSequence(example.ids, scored: example.prompt..<example.ids.count)
        }
        if batch.rows > 0 { batches.append(batch) }
        return batches
    }

    private static func short(_ value: Double) -> String { String(format: "%.4f", value) }

    // MARK: Checkpoints

    /// Changes with any token of the training rows.
    private lazy var fingerprint: String = {
        var hash = StableHash()
        for example in train {
            hash.add(UInt64(example.prompt))
            for id in example.ids { hash.add(UInt64(UInt32(bitPattern: id))) }
        }
        return "\(train.count) rows, \(String(hash.value, radix: 16))"
    }()

    func save(to folder: String) throws -> JSONObject {
        var state = try learner.save(to: folder)
        state["tokens_seen"] = .integer(Int64(tokensSeen))
        state["data"] = .string(fingerprint)
        return state
    }

    func restore(_ state: JSONObject, from folder: String) throws {
        let file = folder + "/state.json"
        guard let step = state["step"]?.asInt, let seen = state["tokens_seen"]?.asInt, step >= 0 else {
            throw TrainingError.damagedRun(file: file, what: "a counter is missing")
        }
        guard state["data"]?.asString == fingerprint else { throw TrainingError.dataChanged(file: file) }
        try learner.restore(state, from: folder)
        (self.step, tokensSeen) = (step, seen)
    }
}
