import CEdit
import Formats
import Foundation

/// A run's `metrics.jsonl` as series over its steps.
struct RunMetrics {
    let run: String
    private var log: RowLog

    init(run: String, in runs: String) {
        self.run = run
        log = RowLog("\(runs)/\(run)/metrics.jsonl")
    }

    /// - Throws: what a broken row throws.
    static func load(_ run: String, in runs: String) throws -> RunMetrics {
        var metrics = RunMetrics(run: run, in: runs)
        try metrics.update()
        return metrics
    }

    /// Reads the steps that were taken since.
    mutating func update() throws { try log.update() }

    var isEmpty: Bool { log.rows.isEmpty }

    /// Every numeric metric, in the order of first appearance.
    var names: [String] {
        var names: [String] = []
        var seen: Set<String> = ["step"]
        for row in log.rows {
            for member in row.members where member.value.asDouble != nil && seen.insert(member.key).inserted { names.append(member.key) }
        }
        return names
    }

    func points(_ metric: String) -> [(x: Double, y: Double)] {
        log.rows.compactMap { row in
            guard let step = row["step"]?.asDouble, let value = row[metric]?.asDouble else { return nil }
            return (step, value)
        }
    }

    /// A metric's newest values, oldest first. Not every step has every metric.
    func newest(_ count: Int, of metric: String) -> [Double] {
        var values: [Double] = []
        for row in log.rows.reversed() where values.count < count {
            if let value = row[metric]?.asDouble { values.append(value) }
        }
        return values.reversed()
    }

    /// Whether a metric depends on the clock, and so tells of the machine rather than of the training.
    static func isClock(_ metric: String) -> Bool { metric.hasPrefix("timing_s/") || metric.hasPrefix("perf/") }

    /// The mean over the newest steps.
    var secondsPerStep: Double? { newest(20, of: "timing_s/step").mean }

    /// What went wrong without ending the run, oldest first: what a step calls `warning` or `warnings`, and updates
    /// that were skipped.
    var warnings: [String] {
        log.rows.flatMap { row -> [String] in
            let step = row["step"]?.asInt.map { "step \($0): " } ?? ""
            var texts = [row["warning"]?.asString].compactMap { $0 } + (row["warnings"]?.asArray ?? []).compactMap(\.asString)
            if let skipped = row["train/skipped"]?.asDouble, skipped != 0 { texts.append("the update was skipped, its gradient is not finite") }
            return texts.map { step + $0 }
        }
    }
}

/// Metrics as a person names them: by name, or by a pattern with `*` and `?` like `actor/*`.
package enum MetricPatterns {
    /// The metrics among `known` that the patterns mean, each once, in the patterns' order; and the patterns that mean none.
    package static func resolve(_ patterns: [String], among known: [String]) -> (chosen: [String], unknown: [String]) {
        var chosen: [String] = []
        var unknown: [String] = []
        for pattern in patterns {
            let fitting = known.contains(pattern) ? [pattern] : known.filter { fnmatch(pattern, $0, 0) == 0 }
            if fitting.isEmpty { unknown.append(pattern) }
            for metric in fitting where !chosen.contains(metric) { chosen.append(metric) }
        }
        return (chosen, unknown)
    }

    /// The same, where each pattern must mean something in `owner`.
    static func require(_ patterns: [String], among known: [String], of owner: String) throws -> [String] {
        let (chosen, unknown) = resolve(patterns, among: known)
        guard let missing = unknown.first else { return chosen }
        let near = DidYouMean.nearest(to: missing, in: known).map { "did you mean \($0)? " } ?? ""
        throw ShellError.refused("\(owner) has no metric \(missing)", hint: near + "there are: \(known.joined(separator: ", "))")
    }
}

extension Array where Element == Double {
    var mean: Double? { isEmpty ? nil : reduce(0, +) / Double(count) }
}
