import Acting
import Critics
import Tokenizers

/// What a step said of one prefix, for the record.
struct JudgedPrefix {
    var prefix: SolutionPrefix
    /// Exactly what the critic read; nil where none rated it.
    var prompt: String?
    var value: Double?
    /// What its value is regressed on, or rewarded by.
    var target: Double
    /// What the step before it was pushed by, as its tokens' mean; nil where no actor learns.
    var advantage: Double?
    var chains: [JudgedChain] = []
    var promptIDs: [TokenID]

    /// - Throws: ``TrainingError/noValue(prefix:)``: a 0 in its place would be an advantage that nobody gave.
    var knownValue: Double {
        get throws {
            guard let value else { throw TrainingError.noValue(prefix: "\(prefix.prefix)") }
            return value
        }
    }
}

struct JudgedChain {
    var chain: Chain
    var reward: Double
    var advantage: Double
}
