import Acting
import Compute
import Generation
import Prompts

/// Says what prefixes are worth: a critic that thinks, a value head, or the truth by Monte Carlo.
package protocol ValueEstimator: Sendable {
    /// Shown beside its values and kept in them.
    var name: String { get }

    /// One valuation for each prefix, in their order. After a cancellation only those that were finished.
    /// - Parameter progress: called as work goes on, with what is done and an upper bound of what there is, in tokens.
    func values(
        for prefixes: [SolutionPrefix], cancellation: Cancellation, progress: (@Sendable (Int, Int) -> Void)?
    ) throws -> [Valuation]
}

/// An estimator that reads a prompt: a generative critic, or a value head.
package protocol Critic: ValueEstimator {
    var template: PromptTemplate { get }

    /// Those of the fields that its prompts tell.
    func told(_ icc: [ICCValue]) -> [ICCValue]

    /// Exactly what will be read for each prefix, under the fields of the actor that sampled its solution.
    func prompts(for prefixes: [SolutionPrefix]) throws -> [Passage]
}

extension Critic {
    /// Those that its template tells.
    package func told(_ icc: [ICCValue]) -> [ICCValue] { template.told(icc) }
}

extension ValueEstimator {
    /// - Throws: ``CriticsError/contextTooLong(needed:limit:prefix:)``, before any work starts.
    /// - Parameter limit: nil where it is not known: then the model itself has to say so.
    func checkContext(_ prompt: Int, _ maxTokens: Int, limit: Int?, of prefix: SolutionPrefix) throws {
        if let limit, prompt + maxTokens > limit {
            throw CriticsError.contextTooLong(needed: prompt + maxTokens, limit: limit, prefix: "\(prefix.prefix)")
        }
    }
}
