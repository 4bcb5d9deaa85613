import Compute

/// Why a model cannot be made, or cannot run what it is given.
package enum TransformerError: GenacError {
    /// Sizes that no decoder has.
    case invalidConfiguration(String)
    /// A tensor of another shape, [rows, columns] or [length], than the configuration's.
    case wrongShape(tensor: String, expected: [Int], found: [Int])
    /// A tensor of another number of bytes than its shape and type need.
    case wrongSize(tensor: String, expected: Int, found: Int)
    /// More tokens than the model has positions.
    case contextTooLong(tokens: Int, limit: Int)
    /// An id that no token of the vocabulary has.
    case tokenOutOfRange(id: Int, vocabulary: Int)
    /// A tensor, by its Hugging Face name.
    case missingTensor(String)
    /// A weight that nothing could be computed or learned from.
    case notFinite(NotFinite)

    /// What is wrong.
    package var what: String {
        switch self {
        case .invalidConfiguration(let reason): "this configuration cannot be run: \(reason)"
        case .wrongShape(_, let expected, let found): "shape \(found) where the configuration asks for \(expected)"
        case .wrongSize(_, let expected, let found): "\(found) bytes where its shape and type need \(expected)"
        case .contextTooLong(let tokens, let limit): "\(tokens) tokens do not fit the model's context of \(limit)"
        case .tokenOutOfRange(let id, let vocabulary): "token id \(id) is outside the vocabulary of \(vocabulary)"
        case .missingTensor(let name): "the model has no tensor \(name)"
        case .notFinite(let weight): "the weights are not all numbers: \(weight)"
        }
    }

    /// The tensor.
    package var location: String? {
        switch self {
        case .wrongShape(let tensor, _, _), .wrongSize(let tensor, _, _): tensor
        case .invalidConfiguration, .contextTooLong, .tokenOutOfRange, .missingTensor, .notFinite: nil
        }
    }

    /// What may help.
    package var hint: String? {
        switch self {
        case .contextTooLong: "take fewer tokens"
        case .notFinite: "the file is damaged, or its training diverged: take another, or an earlier checkpoint"
        case .wrongShape, .wrongSize, .missingTensor, .invalidConfiguration:
            "check that the weights and config.json belong together"
        case .tokenOutOfRange: "the ids come from another tokenizer"
        }
    }
}
