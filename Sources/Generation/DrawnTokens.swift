import Foundation
import Tokenizers

/// A token just drawn, and its log-probability in the whole distribution.
struct DrawnToken {
    let id: TokenID
    let logprob: Float
}

/// Where threads leave the tokens they drew; each writes its own place.
final class DrawnTokens: @unchecked Sendable {
    enum One {
        case token(DrawnToken)
        /// A logit that is infinite or no number, and how many tokens of its completion came before.
        case notFinite(Float, step: Int)
    }

    private(set) var values: [One]
    private let lock = NSLock()

    init(count: Int) { values = Array(repeating: .notFinite(.nan, step: 0), count: count) }

    func set(_ index: Int, _ value: One) { lock.withLock { values[index] = value } }
}
