import Formats
import Foundation
import Generation
import Problems
import Tokenizers

/// A line of `rollouts/STEP.jsonl` read back: the problem, and the solution with the actor as it was when it sampled
/// it.
package struct SampledRow: Sendable {
    /// What was to be solved.
    package let problem: Problem
    /// As it was sampled, graded then.
    package let solution: Solution
    /// ICC fields that dropout had left out.
    package let iccOff: [String]

    /// All rows of a file (`~` is the home), each with its line.
    /// - Throws: ``TrainingError/badRollout(file:line:what:)``, and what reading throws.
    package static func read(_ file: String) throws -> [(row: SampledRow, line: Int)] {
        var rows: [(row: SampledRow, line: Int)] = []
        try JSONLines.forEach(in: (file as NSString).expandingTildeInPath) { line, value in
            rows.append((try SampledRow(value, file: file, line: line), line))
        }
        return rows
    }

    /// - Throws: ``TrainingError/badRollout(file:line:what:)``.
    package init(_ value: JSONValue, file: String, line: Int) throws {
        func bad(_ what: String) -> TrainingError { .badRollout(file: file, line: line, what: what) }
        guard let row = value.asObject else { throw bad("the row is \(value.kind), not an object") }
        func read<Value: Decodable>(_ key: String, as type: Value.Type) throws -> Value {
            guard let member = row[key] else { throw bad("the row has no \(key)") }
            do {
                return try member.decoded(as: type)
            } catch {
                throw bad("\(key) is not what a rollout holds")
            }
        }
        problem = try read("problem", as: Problem.self)
        let status = try read("status", as: Verdict.Status?.self)
        var solution = Solution(
            id: 0, problem: problem.id, ids: try read("ids", as: [TokenID].self),
            logprobs: try read("logprobs", as: [Float].self),
            text: try read("output", as: String.self),
            verdict: status.map { Verdict(status: $0, extracted: row["extracted"]?.asString) },
            finish: try read("finish", as: FinishReason.self), actor: try read("actor", as: ActorSnapshot.self),
            seed: 0,
            sample: UInt64(max(0, try read("sample", as: Int.self))))
        let score = try read("score", as: Double?.self)
        guard score.map((0...1).contains) ?? (status?.hasOutcome == false) else {
            throw bad("the rollout's score is not from 0 to 1")
        }
        solution.outcome = score
        guard problem.id > 0 else { throw bad("its problem's id is \(problem.id), and ids count from 1") }
        guard solution.logprobs?.count == solution.ids.count else {
            throw bad(
                "the rollout has \(solution.ids.count) ids and \(solution.logprobs?.count ?? 0) log-probabilities")
        }
        self.solution = solution
        iccOff = try read("icc_off", as: [String].self)
    }
}
