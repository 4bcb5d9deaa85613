import Foundation
import Tokenizers

/// A token just drawn, and its log-probability in the whole distribution.
struct DrawnToken: Sendable {
    let id: TokenID
    let logprob: Float
}

/// Where threads leave the tokens they drew; each writes its own place.
///
/// Sendable unchecked: a lock guards the array. It is no `Mutex`, because ThreadSanitizer does not see that one lock on
/// Linux and reports its every use from two threads (Swift 6.3).
final class DrawnTokens: @unchecked Sendable {
    enum One: Sendable {
        case token(DrawnToken)
        /// A logit that is infinite or no number, and how many tokens of its completion came before.
        case notFinite(Float, step: Int)
    }

    private var drawn: [One]
    private let lock = NSLock()
    var values: [One] { lock.withLock { drawn } }

    init(count: Int) { drawn = Array(repeating: .notFinite(.nan, step: 0), count: count) }

    func set(_ index: Int, _ value: One) { lock.withLock { drawn[index] = value } }
}
