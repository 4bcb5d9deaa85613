import Acting
import Problems
import Prompts
import Tokenizers

/// What an estimator says one prefix is worth.
package struct Valuation: Sendable, Codable, Equatable {
    /// Which prefix it is of.
    package var prefix: Prefix
    /// The name of who says so.
    package var estimator: String
    /// The last step: a range of the solution's sampled ids, or of its text's bytes where it has none; and its text.
    package var start: Int
    /// One past the last step's last id.
    package var end: Int
    /// The last step alone.
    package var text: String
    /// In 0...1, the mean over chains or rollouts; nil when every chain failed and nothing stands in for it. A value
    /// head's number is kept as it is: nothing holds it to 0...1, and only what shows it may clamp it.
    package var value: Double?
    /// A generative critic's chains of thought.
    package var chains: [Chain]
    /// Monte Carlo's rollouts.
    package var rollouts: Rollouts?
    /// What the critic read: its text, and its ids as they were fed, if it has any.
    package var prompt: String
    /// As they were fed; a value head's include the solution's.
    package var promptIDs: [TokenID]
    /// What the prompt said about the actor.
    package var icc: [ICCValue]
    /// This prefix's even share of its batch's time.
    package var seconds: Double
    /// What it depends on beside the prefix and the actor, in words of whoever asked: the same question has the same.
    /// Nil where nobody said.
    package var question: String?

    /// Of a prefix, with nothing said yet.
    package init(of prefix: SolutionPrefix, by estimator: String) {
        self.prefix = prefix.prefix
        self.estimator = estimator
        (start, end, text) = (prefix.place.lowerBound, prefix.place.upperBound, prefix.stepText)
        (value, chains, rollouts, prompt, promptIDs, icc, seconds) = (nil, [], nil, "", [], [], 0)
        question = nil
    }
}

extension Valuation {
    /// Its value, where there has to be one.
    /// - Throws: ``CriticsError/noValue(prefix:estimator:)``.
    package var known: Double {
        get throws {
            guard let value else { throw CriticsError.noValue(prefix: "\(prefix)", estimator: estimator) }
            return value
        }
    }
}

/// One chain of thought and the score read from it.
package struct Chain: Sendable, Codable, Equatable {
    /// How a chain got its value.
    package enum Status: String, Sendable, Codable {
        /// The chain ended in a score.
        case parsed
        /// It did not; the cue was appended and the score read from the distribution after it.
        case forced
        /// It did not; the actor's known success rate stands in.
        case fallback
        /// It did not, and nothing stands in.
        case failed
    }

    /// What was written, without the end token.
    package var text: String
    /// Sampled ids, an end token included, and their log-probabilities at the sampling temperature. Only
    /// these are ever trained on. Both are empty where the model tells none.
    package var ids: [TokenID]
    /// One for each of ``ids``.
    package var logprobs: [Float]
    /// 0...10, parsed or forced.
    package var score: Int?
    /// 0...1, what this chain adds to the mean.
    package var value: Double?
    /// How it got its value.
    package var status: Status
    /// Why it could not be parsed.
    package var failure: ScoreGrammar.Failure?
    /// Eleven probabilities for 0...10 at the score's place, summing to 1.
    package var distribution: [Double]?
    /// What the eleven had in the model's own distribution, before they were made to sum to 1.
    package var mass: Double?
    /// The ids appended to read a forced score; kept apart because the model did not choose them.
    package var forcedIDs: [TokenID]

    /// A chain whose score was not read from a distribution.
    package init(
        text: String, ids: [TokenID], logprobs: [Float], score: Int?, value: Double?, status: Status,
        forcedIDs: [TokenID]
    ) {
        (self.text, self.ids, self.logprobs, self.forcedIDs) = (text, ids, logprobs, forcedIDs)
        (self.score, self.value, self.status) = (score, value, status)
    }
}

/// Fresh continuations of a prefix by the actor.
package struct Rollouts: Sendable, Codable, Equatable {
    /// How many were rolled out.
    package var count: Int
    /// The sum of their outcomes, each in 0...1.
    package var successes: Double
    /// Cut off by the token limit, and for that counted as failures.
    package var truncated: Int
    /// 95 %, Wilson.
    package var interval: Interval
}
