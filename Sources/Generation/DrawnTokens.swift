import Synchronization
import Tokenizers

/// A token just drawn, and its log-probability in the whole distribution.
struct DrawnToken: Sendable {
    let id: TokenID
    let logprob: Float
}

/// Where threads leave the tokens they drew; each writes its own place.
final class DrawnTokens: Sendable {
    enum One: Sendable {
        case token(DrawnToken)
        /// A logit that is infinite or no number, and how many tokens of its completion came before.
        case notFinite(Float, step: Int)
    }

    private let drawn: Mutex<[One]>
    var values: [One] { drawn.withLock { $0 } }

    init(count: Int) { drawn = Mutex(Array(repeating: .notFinite(.nan, step: 0), count: count)) }

    func set(_ index: Int, _ value: One) { drawn.withLock { $0[index] = value } }
}
