import Checkpoints
import Compute
import Formats
import Foundation
import Transformer

/// A model that learns: its weights and gradients, the optimiser, the learning rate's schedule, clipping, and how all
/// of that is saved and taken up again to the bit.
final class Learner {
    /// Whose words, and for a value model the head, surround the weights.
    let checkpoint: Checkpoint
    let model: TrainableModel
    /// Its directory in a checkpoint of the run is named so.
    let role: ModelRole
    let world: World
    private let optimiser: AdamW
    private let schedule: Schedule
    private let clip: Double
    /// Of the portions of an update that are summed so far; made when there is more than one.
    var sum: FloatBuffer?

    /// What one update did.
    struct Update {
        /// The gradient's norm before clipping.
        var norm: Double
        var rate: Double
        /// The gradient was not finite and was left out.
        var isSkipped: Bool { !norm.isFinite }
    }

    /// Updates made since the run began, those before a resume among them; skipped ones are none.
    var updates: Int { optimiser.step }

    init(
        _ checkpoint: Checkpoint, model: TrainableModel, role: ModelRole, _ settings: OptimiserSettings,
        totalSteps: Int, world: World
    ) throws {
        (self.checkpoint, self.model, self.role, self.world) = (checkpoint, model, role, world)
        (schedule, clip) = (settings.schedule(totalSteps: totalSteps), settings.clip)
        optimiser = try AdamW(count: model.layout.count, options: settings.adamW)
    }

    /// Bytes of weights, gradients, their sum, moments and of batches of `rows` rows.
    static func bytes(_ configuration: Configuration, rows: Int, valueHead: Bool = false) -> Int {
        TrainableModel.bytes(configuration, rows: rows, valueHead: valueHead)
            + AdamW.bytes(count: ParameterLayout(configuration, valueHead: valueHead).count)
            + 4 * ParameterLayout(configuration, valueHead: valueHead).count
    }

    /// Moves the weights against the gradients, at the rate of `step` (counted from 0).
    /// - Parameter loss: the loss whose gradients they are.
    /// - Throws: ``TrainingError/notFinite(what:step:)`` for a loss that is infinite or no number: no later step could
    ///   mend it.
    func update(step: Int, loss: Double) throws -> Update {
        guard loss.isFinite else {
            throw TrainingError.notFinite(
                what: "the \(role.rawValue)'s loss", value: loss, step: step + 1,
                tensor: model.firstNotFinite?.description)
        }
        world.sum(model.gradients)
        let norm = clipGradients(model.gradients, to: clip), rate = schedule.rate(step)
        // A gradient that is not a number would spoil the weights for good; verl leaves such a step out too.
        if norm.isFinite { optimiser.update(model.values, model.gradients, learningRate: rate) }
        return Update(norm: norm, rate: rate)
    }

    /// - Returns: What belongs into `state.json`.
    /// - Throws: also ``TrainingError/spoiledWeights(role:tensor:)``: a checkpoint that nothing could go on from is not
    ///   written.
    func save(to folder: String) throws -> JSONObject {
        if let bad = model.firstNotFinite {
            throw TrainingError.spoiledWeights(role: role.rawValue, tensor: bad.description)
        }
        try checkpoint.replacing(model: try model.inferenceModel(), valueHead: try model.inferenceValueHead()).save(
            to: "\(folder)/\(role.rawValue)")
        try OptimiserFile.write(optimiser, layout: model.layout, to: optimiserFile(in: folder))
        return JSONObject([(updatesKey, .integer(Int64(optimiser.step)))])
    }

    /// - Throws: ``TrainingError/damagedRun(file:what:)``, and what a checkpoint's reader throws.
    func restore(_ state: JSONObject, from folder: String) throws {
        func damaged(_ what: String) -> TrainingError { .damagedRun(file: folder + "/state.json", what: what) }
        guard let updates = state[updatesKey]?.asInt, (0...1 << 40).contains(updates) else {
            throw damaged("\(updatesKey) is missing, or no number of updates")
        }
        let saved = try Checkpoint.load("\(folder)/\(role.rawValue)")
        guard saved.model.configuration == model.configuration else { throw damaged("its model has another shape") }
        let weights = try TrainableModel(saved.model, valueHead: saved.valueHead)
        guard weights.layout == model.layout else { throw damaged("its model has no value head, or one too many") }
        model.values.pointer.update(from: weights.values.pointer, count: model.layout.count)
        try OptimiserFile.read(optimiser, layout: model.layout, from: optimiserFile(in: folder), step: updates)
    }

    private var updatesKey: String { "\(role.rawValue)_updates" }

    private func optimiserFile(in folder: String) -> String { "\(folder)/\(role.rawValue)-optimiser.safetensors" }
}
