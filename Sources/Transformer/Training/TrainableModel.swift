import CKernels
import Compute

/// A model in training: f32 master weights, their gradients, and a forward pass that keeps what the backward
/// pass needs. The forward pass runs the inference kernels, so a rollout's log-probabilities are this one's.
///
/// Used by one thread at a time:
///
///     try model.forward(batch)
///     let scores = try model.scores()                      // when coefficients depend on them
///     try model.backward(TargetCoefficients(logprobs: c))  // adds to `gradients`
///
/// A value model has a value head instead of a language-model head; its batches ask for values instead of targets:
///
///     try model.forward(batch)
///     let values = try model.headValues()
///     try model.backward(values: derivatives)
package final class TrainableModel {
    /// Its shape; a value model's has no output head.
    package let configuration: Configuration
    /// Where each tensor lies in `values` and `gradients`.
    package let layout: ParameterLayout
    /// Flat, laid out by `layout`.
    package let values: FloatBuffer
    /// Sums since ``clearGradients()``, laid out by `layout`.
    package let gradients: FloatBuffer
    /// Called between layers: gives the cores to interactive work, or throws to abandon the batch.
    package var atBorder: (() throws -> Void)?

    let activations: TrainingActivations
    private(set) var batch = TrainingBatch()
    private var head: HeadPass.Buffers?
    private var headRows = 0
    private let rotary: RotaryTables
    private var rope: Rotations

    /// - Parameters:
    ///   - values: A buffer laid out by `ParameterLayout(configuration, valueHead: valueHead)`; kept, not copied.
    ///   - valueHead: whether this is a value model.
    /// - Throws: ``TransformerError/invalidConfiguration(_:)`` for a shape that no decoder has;
    ///   ``TrainingPassError/wrongSize(_:_:)`` for a buffer that is too small;
    ///   ``ComputeError/outOfMemory(bytes:)``.
    package init(configuration: Configuration, values: FloatBuffer, valueHead: Bool = false) throws {
        try configuration.validate()
        self.configuration = valueHead ? configuration.headless : configuration
        layout = ParameterLayout(configuration, valueHead: valueHead)
        guard values.count >= layout.count else { throw TrainingPassError.wrongSize(values.count, layout.count) }
        self.values = values
        gradients = try FloatBuffer(count: layout.count)
        rotary = try RotaryTables(configuration)
        rope = try rotary.covering(0)
        activations = try TrainingActivations()
    }

    /// Bytes of weights, gradients and kept activations for batches of `rows` rows.
    package static func bytes(_ configuration: Configuration, rows: Int, valueHead: Bool = false) -> Int {
        let chunk = min(HeadPass.chunkRows(vocabulary: configuration.vocabulary), max(rows, 1))
        let head =
            valueHead
            ? ValuePass.workFloats(rows: rows, hidden: configuration.hidden)
            : chunk * (configuration.vocabulary + 2 * configuration.hidden)
        return 8 * ParameterLayout(configuration, valueHead: valueHead).count
            + TrainingActivations.bytes(rows: rows, configuration) + 4 * head
    }

    /// Sets all gradients to 0.
    package func clearGradients() {
        gradients.pointer.update(repeating: 0, count: gradients.count)
    }

    /// Where the tensors lie in `values` and `gradients`.
    var offsets: Decoder<Int, Int> { layout.decoder }

    func value(_ offset: Int) -> UnsafePointer<Float> { UnsafePointer(values.pointer + offset) }

    func gradient(_ offset: Int) -> UnsafeMutablePointer<Float> { gradients.pointer + offset }

    func border() throws { try atBorder?() }

    func headBuffers(rows: Int) throws -> HeadPass.Buffers {
        if let head, headRows >= rows { return head }
        let c = configuration
        let made = HeadPass.Buffers(
            logits: try FloatBuffer(count: rows * c.vocabulary), normed: try FloatBuffer(count: rows * c.hidden),
            dnormed: try FloatBuffer(count: rows * c.hidden),
            normPartials: try FloatBuffer(count: (rows / HeadPass.tile + 1) * c.hidden))
        (head, headRows) = (made, rows)
        return made
    }

    /// Runs the layers over `batch` and keeps their activations for `scores` and `backward`.
    /// - Throws: ``TrainingPassError`` for ids outside the vocabulary or positions outside the context;
    ///   ``ComputeError/outOfMemory(bytes:)``; what `atBorder` throws.
    package func forward(_ batch: TrainingBatch) throws {
        try check(batch)
        try activations.reserve(rows: batch.rows, configuration)
        self.batch = batch
        rope = try rotary.covering(Int(batch.positions.max() ?? 0) + 1)
        try ForwardPass(model: self, batch: batch, rope: rope).run()
    }

    /// Log-probabilities (and entropies) of the last batch's targets, in nats, at `temperature` above 0.
    /// - Throws: ``ComputeError/outOfMemory(bytes:)``; what `atBorder` throws.
    package func scores(temperature: Float = 1, wantsEntropy: Bool = false) throws -> TargetScores {
        try HeadPass(model: self, batch: batch, temperature: temperature, coefficients: nil)
            .run(wantsEntropy: wantsEntropy)
    }

    /// Adds the last batch's gradients, given the loss's derivative by each target's log-probability. Uses up
    /// the kept activations.
    /// - Returns: The targets' scores, as ``scores(temperature:wantsEntropy:)``.
    @discardableResult
    package func backward(
        _ coefficients: TargetCoefficients, temperature: Float = 1, wantsEntropy: Bool = false
    ) throws -> TargetScores {
        precondition(coefficients.count.map { $0 == batch.targets.count } ?? true)
        precondition(coefficients.entropies.isEmpty || coefficients.entropies.count == batch.targets.count)
        activations.dx.pointer.update(repeating: 0, count: batch.rows * configuration.hidden)
        let scores = try HeadPass(model: self, batch: batch, temperature: temperature, coefficients: coefficients)
            .run(wantsEntropy: wantsEntropy)
        try BackwardPass(model: self, batch: batch, rope: rope).run()
        batch = TrainingBatch()
        return scores
    }

    /// The last batch's values.
    /// - Throws: ``TrainingPassError/noValueHead``.
    package func headValues() throws -> [Float] { try valuePass().values() }

    /// Adds the last batch's gradients, given the loss's derivative by each value. Uses up the kept activations.
    /// - Throws: ``TrainingPassError/noValueHead``.
    package func backward(values derivatives: [Float]) throws {
        precondition(derivatives.count == batch.valueRows.count)
        activations.dx.pointer.update(repeating: 0, count: batch.rows * configuration.hidden)
        try border()
        try valuePass().backward(derivatives)
        try BackwardPass(model: self, batch: batch, rope: rope).run()
        batch = TrainingBatch()
    }

    private func valuePass() throws -> ValuePass {
        guard let head = layout.valueHead else { throw TrainingPassError.noValueHead }
        return ValuePass(model: self, batch: batch, head: head)
    }

    private func check(_ batch: TrainingBatch) throws {
        for id in batch.ids + batch.targets.map(\.token) where id < 0 || id >= configuration.vocabulary {
            throw TrainingPassError.unknownToken(id, configuration.vocabulary)
        }
        if let last = batch.positions.max(), Int(last) >= configuration.maxPositions {
            throw TrainingPassError.tooLong(Int(last) + 1, configuration.maxPositions)
        }
    }
}

/// Why a batch cannot be run.
package enum TrainingPassError: GenacError {
    /// Numbers given, and numbers needed.
    case wrongSize(Int, Int)
    /// An id, and the size of the vocabulary.
    case unknownToken(Int32, Int)
    /// Tokens of a sequence, and the model's context.
    case tooLong(Int, Int)
    /// Values were asked for of a language model.
    case noValueHead

    /// What is wrong.
    package var what: String {
        switch self {
        case .wrongSize(let given, let needed): "weights hold \(given) numbers where the model has \(needed)"
        case .unknownToken(let id, let vocabulary): "token id \(id) is outside the vocabulary of \(vocabulary)"
        case .tooLong(let tokens, let limit): "a sequence of \(tokens) tokens exceeds the model's context of \(limit)"
        case .noValueHead: "values are asked for, but the model has no value head"
        }
    }

    /// None: it is the caller's batch.
    package var location: String? { nil }

    /// What may help.
    package var hint: String? {
        switch self {
        case .wrongSize: nil
        case .unknownToken: "tokenize the data with this model's own tokenizer"
        case .tooLong: "lower data.max_length"
        case .noValueHead: "load a value model, or make it one with a fresh head"
        }
    }
}
