import Acting
import Compute
import Critics
import Foundation
import Problems

/// Says of each prefix what a test tells it to, in chains of so many tokens.
struct FakeCritic: ValueEstimator {
    var name = "fake"
    /// Sampled tokens of each of a prefix's chains, and whether it ended in a score by itself.
    var chains: [(tokens: Int, isParsed: Bool)] = []
    /// What its chains say.
    var text: @Sendable (SolutionPrefix) -> String = { _ in "" }
    let value: @Sendable (SolutionPrefix) throws -> Double?

    func values(
        for prefixes: [SolutionPrefix], cancellation: Cancellation, progress: (@Sendable (Int, Int) -> Void)?
    ) throws -> [Valuation] {
        try prefixes.map { prefix in
            var valuation = Valuation(of: prefix, by: name)
            valuation.value = try value(prefix)
            valuation.chains = try chains.map { try chain(text(prefix), tokens: $0.tokens, isParsed: $0.isParsed) }
            return valuation
        }
    }

    private func chain(_ text: String, tokens: Int, isParsed: Bool) throws -> Chain {
        let members: [String: Any] = [
            "text": text, "ids": Array(repeating: 1, count: tokens), "logprobs": Array(repeating: -1, count: tokens),
            "status": isParsed ? "parsed" : "forced", "forcedIDs": [Int](),
        ]
        return try JSONDecoder().decode(Chain.self, from: JSONSerialization.data(withJSONObject: members))
    }
}

extension FakeCritic {
    /// - Parameter table: by problem, the values of its steps 0, 1, …
    init(_ table: [Int: [Double?]]) { self.init { table[$0.problem.id]?[$0.step] } }
}
