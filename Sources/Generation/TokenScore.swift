import Compute
import Tokenizers

/// How likely a given token was where it stands.
package struct TokenScore: Sendable, Equatable {
    /// Another token that might have stood there.
    package struct Alternative: Sendable, Equatable {
        /// What it is.
        package var id: TokenID
        /// In nats, at temperature 1.
        package var logprob: Float

        /// A token and its log-probability.
        package init(id: TokenID, logprob: Float) { (self.id, self.logprob) = (id, logprob) }
    }

    /// The token that stands there.
    package var id: TokenID
    /// In nats, at temperature 1.
    package var logprob: Float
    /// Of the whole next-token distribution, in nats.
    package var entropy: Float
    /// The likeliest tokens, best first.
    package var top: [Alternative]

    /// A token with what was known of its place.
    package init(id: TokenID, logprob: Float, entropy: Float, top: [Alternative]) {
        self.id = id
        self.logprob = logprob
        self.entropy = entropy
        self.top = top
    }
}

extension TokenScore {
    /// The score of token `next` in a row of logits.
    init(_ row: LogitRow, next: TokenID, top: Int) {
        let sum = row.logSum()
        var best: [Alternative] = []
        for index in 0..<row.count where top > 0 {
            let logprob = sum.logprob(of: row[index])
            if best.count == top, let last = best.last, logprob <= last.logprob { continue }
            let place = best.firstIndex { $0.logprob < logprob } ?? best.count
            best.insert(Alternative(id: TokenID(index), logprob: logprob), at: place)
            if best.count > top { best.removeLast() }
        }
        self.init(id: next, logprob: sum.logprob(of: row[Int(next)]), entropy: row.entropy(sum), top: best)
    }
}
