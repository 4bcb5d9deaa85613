import Critics
import Problems
import Workspace

extension Session {
    /// Keeps what an estimator said; `truth` apart from critics' scores.
    func keep(_ valuations: [Valuation], isTruth: Bool) throws {
        guard !valuations.isEmpty else { return }
        let shelf = isTruth ? truthShelf : valuationShelf
        _ = try shelf.add(count: valuations.count) { index, _ in valuations[index] }
    }

    /// The newest measured truth of each prefix of a solution, by step.
    func truth(of solution: Int) throws -> [Int: Valuation] { try truthShelf.newest(of: solution) }

    /// The newest score of each prefix of a solution, by step.
    func scores(of solution: Int) throws -> [Int: Valuation] { try valuationShelf.newest(of: solution) }
}

extension Valuation: Estimate {}
