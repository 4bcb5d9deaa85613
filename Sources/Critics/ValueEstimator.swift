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
    /// - Throws: ``CriticsError/tooLong(_:)``, before any work starts.
    /// - Parameters:
    ///   - needed: the tokens that each prefix takes, what is to be written after it included.
    ///   - limit: nil where it is not known: then the model itself has to say so.
    func checkContext(_ prefixes: [SolutionPrefix], needed: [Int], limit: Int?) throws {
        guard let limit else { return }
        let tooLong = zip(prefixes, needed).filter { $0.1 > limit }.map { prefix, needed in
            TooLong(solution: prefix.solution.id, step: prefix.step, needed: needed, limit: limit)
        }
        if !tooLong.isEmpty { throw CriticsError.tooLong(tooLong) }
    }

    /// As ``values(for:cancellation:progress:)``, of those prefixes that fit into its reader's context; and the others.
    package func valuesWhereRoom(
        for prefixes: [SolutionPrefix], cancellation: Cancellation, progress: (@Sendable (Int, Int) -> Void)?
    ) throws -> (values: [Valuation], tooLong: [TooLong]) {
        do {
            return (try values(for: prefixes, cancellation: cancellation, progress: progress), [])
        } catch CriticsError.tooLong(let tooLong) {
            let left = prefixes.filter { prefix in
                !tooLong.contains { $0.solution == prefix.solution.id && $0.step == prefix.step }
            }
            guard !left.isEmpty, left.count < prefixes.count else { return ([], tooLong) }
            return (try values(for: left, cancellation: cancellation, progress: progress), tooLong)
        }
    }
}
