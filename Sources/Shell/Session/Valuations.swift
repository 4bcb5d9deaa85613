import Critics
import Problems
import Workspace

/// What estimators said of prefixes: critics' scores, and apart from them the measured truth.
struct Valuations {
    private let scores: Shelf<Valuation>
    private let truths: Shelf<Valuation>

    init(_ workspace: Workspace) {
        scores = workspace.estimates(.valuation, as: Valuation.self)
        truths = workspace.estimates(.truth, as: Valuation.self)
    }

    /// Keeps what an estimator said; `truth` apart from critics' scores.
    func keep(_ valuations: [Valuation], isTruth: Bool) throws {
        guard !valuations.isEmpty else { return }
        try (isTruth ? truths : scores).keep(valuations)
    }

    /// The newest measured truth of each prefix of a solution, by step.
    func truth(of solution: Int) throws -> [Int: Valuation] { try truths.newest(of: solution) }

    /// The newest score of each prefix of a solution, by step.
    func scores(of solution: Int) throws -> [Int: Valuation] { try scores.newest(of: solution) }

    /// The newest answer to a question about each prefix of a solution, by step.
    func answers(to question: String, about solution: Int, isTruth: Bool) throws -> [Int: Valuation] {
        let all = try (isTruth ? truths : scores).all(of: solution).filter { $0.question == question }
        return Dictionary(all.map { ($0.prefix.step, $0) }) { $1 }
    }
}

extension Valuation: Estimate {}
