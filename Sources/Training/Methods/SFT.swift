import Checkpoints
import Compute
import Formats
import Foundation
import Prompts
import Transformer

extension Method {
    /// Stage 1 of the paper, with the traces of a teacher.
    package static let sft = Method(
        "sft", "A language model learns to write the responses of given rows.", trains: .actor, SFT.init)
}

/// Supervised finetuning: the response's tokens are made likelier, the prompt is only read.
///
/// loss = -(sum of the response tokens' log-probabilities) / (number of them in the mini-batch): a mean over the
/// whole mini-batch, however many passes it is cut into.
final class SFT: Stage {
    /// What finetuning reads.
    package struct Settings: SettingGroup {
        /// `model.path`.
        package let path: String
        /// The weights that it begins with.
        package let beginning: Beginning
        /// Rows and batches.
        package let data: DataSettings
        /// How a row becomes tokens.
        package let rows: SFTRowSettings
        /// Held-out rows.
        package let validation: ValidationSettings
        /// `actor.optim.…`.
        package let optimiser: OptimiserSettings
        /// How long, and what is saved.
        package let trainer: TrainerSettings
        /// `trainer.total_epochs`.
        package let epochs: Int

        /// Declares and reads them.
        package init(_ read: SettingReader) {
            path = read.modelPath()
            beginning = read(
                "model.init", .choice, "weights",
                "start from the weights found there, or from new ones of the same shape",
                formula: "random: matrices N(0, 1 / hidden), biases 0, norms 1, drawn by data.seed",
                source: "own; Benchmarks/LOG.md has the reason for the spread")
            data = DataSettings(read, batch: "32")
            rows = SFTRowSettings(read)
            validation = ValidationSettings(read, every: "100")
            optimiser = OptimiserSettings(read, of: .actor)
            trainer = TrainerSettings(read, steps: "0")
            epochs = read(
                "trainer.total_epochs", .integer(1...1 << 20), "1",
                "passes over the rows, unless trainer.total_training_steps is set", source: "verl")
        }
    }

    /// What training starts from.
    package enum Beginning: String, Sendable, CaseIterable { case weights, random }

    private(set) var step = 0
    let totalSteps: Int
    let memory: MemoryEstimate
    var updates: Int { learner.updates }

    /// Rows are read as they stand, or in the model's own chat template.
    var templates: [PromptTemplate] { [] }

    private let settings: Settings
    private let learner: Learner
    private let train: [SFTExample], validation: [SFTExample]
    private var order: RowOrder
    private let world: World
    /// Response tokens learned from so far.
    private var tokensSeen = 0

    init(_ settings: Settings, _ resources: Resources) throws {
        (self.settings, world) = (settings, resources.world)
        let checkpoint = try resources.languageModel(settings.path), data = settings.data
        let reader = try SFTReader(settings.rows, checkpoint: checkpoint)
        train = try reader.read(data.trainFiles)
        validation = try reader.read(settings.validation.files)
        order = RowOrder(count: train.count, batch: data.batch, seed: data.isShuffled ? data.seed : nil)
        let asked = settings.trainer.steps
        totalSteps = asked > 0 ? asked : settings.epochs * order.stepsPerEpoch
        let longest = (train + validation).map(\.rows).max() ?? 0
        let most = max(min(train.count, order.batch) * longest, validation.reduce(0) { $0 + $1.rows })
        let rows = max(longest, min(data.passTokens, most))
        let shape = checkpoint.model.configuration
        memory = try resources.memory(for: Learner.bytes(shape, rows: rows))
        let model =
            settings.beginning == .random
            ? try TrainableModel(configuration: shape, values: Initialisation.values(shape, seed: data.seed))
            : try TrainableModel(checkpoint.model)
        learner = try Learner(
            checkpoint, model: model, role: .actor, settings.optimiser, totalSteps: totalSteps, world: world)
    }

    func advance() throws -> StepReport {
        let start = Date()
        let rows = order.rows(step).map { train[$0] }
        let targets = world.sum(rows.reduce(0) { $0 + $1.targets })
        var loss = 0.0
        try learner.sumGradients(of: portions(rows)) { portion in
            for pass in packed(portion, limit: settings.data.passTokens, \.rows) {
                let batch = Self.batch(pass)
                try learner.model.forward(batch)
                let coefficients = [Float](repeating: -1 / Float(targets), count: batch.targets.count)
                let scores = try learner.model.backward(TargetCoefficients(logprobs: coefficients))
                loss -= scores.logprobs.reduce(0.0) { $0 + Double($1) } / Double(targets)
            }
        }
        let update = try learner.update(step: step, loss: loss)
        step += 1
        tokensSeen += targets
        let seconds = Date().timeIntervalSince(start)
        return try report(
            loss: loss, update, tokens: rows.reduce(0) { $0 + $1.rows }, targets: targets, seconds: seconds)
    }

    /// Rows are short: as many as there are in a portion of the gradient may share a pass.
    private func portions(_ rows: [SFTExample]) -> [[SFTExample]] {
        let size = (rows.count + World.portions - 1) / World.portions
        return stride(from: 0, to: rows.count, by: size).map { Array(rows[$0..<min($0 + size, rows.count)]) }
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
        if !validation.isEmpty, settings.validation.isDue(step, of: totalSteps) {
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
        for pass in packed(validation, limit: settings.data.passTokens, \.rows) {
            let batch = Self.batch(pass)
            try learner.model.forward(batch)
            sum -= try learner.model.scores().logprobs.reduce(0.0) { $0 + Double($1) }
            count += batch.targets.count
        }
        return world.mean(sum / Double(max(count, 1)), of: count)
    }

    private static func batch(_ examples: [SFTExample]) -> TrainingBatch {
        var batch = TrainingBatch()
        for example in examples { batch.appendSequence(example.ids, scored: example.prompt..<example.ids.count) }
        return batch
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
        guard state["data"]?.asString == fingerprint else {
            throw TrainingError.dataChanged(file: file, what: "the data files or the tokenizer")
        }
        try learner.restore(state, from: folder)
        (self.step, tokensSeen) = (step, seen)
    }
}
