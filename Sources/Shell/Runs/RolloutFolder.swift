import Formats
import Training

/// A run's `rollouts/STEP.jsonl`: what the actor wrote at a step of training and what the critic made of it.
package struct RolloutFolder {
    let run: String
    private let runs: String

    init(run: String, in runs: String) { (self.run, self.runs) = (run, runs) }

    /// The steps kept, ascending.
    var steps: [Int] {
        get throws { try RunDirectory.rolloutSteps(of: run, in: runs) }
    }

    /// The rollouts of a step, or of the newest.
    /// - Throws: a refusal that lists the steps kept, or what a broken row throws.
    func rows(of wanted: Int?) throws -> (step: Int, rows: [RolloutRow]) {
        let steps = try self.steps
        guard let newest = steps.last else {
            throw ShellError.refused(
                "the run \(run) keeps no rollouts",
                hint: "a stage that samples solutions keeps them from its first step on")
        }
        let step = wanted ?? newest
        guard steps.contains(step) else {
            throw ShellError.refused(
                "the run \(run) keeps no rollouts of step \(step)", hint: "it keeps: \(Self.listed(steps))")
        }
        let rows = try JSONLines.objects(in: "\(runs)/\(run)/rollouts/\(step).jsonl", .file)
        return (step, rows.map { RolloutRow($0) })
    }

    /// Steps as people list them: `1 10-370 by 10`, `1-4 6 8`.
    package static func listed(_ steps: [Int]) -> String {
        var parts: [String] = []
        var rest = steps[...]
        while let first = rest.first {
            let stride = (rest.dropFirst().first ?? first) - first
            let regular = zip(rest, rest.dropFirst()).prefix { $1 - $0 == stride }.count + 1
            if regular >= 3 {
                parts.append("\(first)-\(first + stride * (regular - 1))" + (stride == 1 ? "" : " by \(stride)"))
                rest = rest.dropFirst(regular)
            } else {
                parts.append(String(first))
                rest = rest.dropFirst()
            }
        }
        return parts.joined(separator: " ")
    }
}
