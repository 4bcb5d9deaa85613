import CEdit
import Compute
import Formats
import Foundation

/// A run's `metrics.jsonl` as series over its steps, read as it grows.
struct RunMetrics {
    let run: String
    /// Every numeric metric, in the order of first appearance.
    private(set) var names: [String] = []
    /// Steps whose update was left out, oldest first.
    private(set) var skipped: [Int] = []
    private(set) var isEmpty = true
    private var series: [String: [(x: Double, y: Double)]] = [:]
    private var log: JSONLines

    init(run: String, in runs: String) {
        self.run = run
        log = JSONLines("\(runs)/\(run)/metrics.jsonl", .log)
    }

    /// - Throws: what a broken row throws.
    static func load(_ run: String, in runs: String) throws -> RunMetrics {
        var metrics = RunMetrics(run: run, in: runs)
        try metrics.update()
        return metrics
    }

    /// Reads the steps that were taken since.
    mutating func update() throws {
        let (rows, isAnew) = try log.newObjects()
        if isAnew { (names, skipped, isEmpty, series) = ([], [], true, [:]) }
        rows.forEach { take($0) }
    }

    private mutating func take(_ row: JSONObject) {
        isEmpty = false
        let step = row["step"]?.asDouble
        for member in row.members where member.key != "step" {
            guard let value = member.value.asDouble else { continue }
            if series[member.key] == nil { names.append(member.key) }
            series[member.key, default: []] += step.map { [($0, value)] } ?? []
        }
        if let step = row["step"]?.asInt, row.members.contains(where: { $0.key.hasSuffix("/skipped") }) {
            skipped.append(step)
        }
    }

    func points(_ metric: String) -> [(x: Double, y: Double)] { series[metric] ?? [] }

    /// Seconds of training that had passed after each step; what testing took is not counted.
    var seconds: [(step: Double, sum: Double)] {
        let tests = Dictionary(points("timing_s/testing").map { ($0.x, $0.y) }) { $1 }
        var sum = 0.0
        return points("timing_s/step").map { step in
            sum += step.y - (tests[step.x] ?? 0)
            return (step.x, sum)
        }
    }

    /// A metric's newest values, oldest first. Not every step has every metric.
    func newest(_ count: Int, of metric: String) -> [Double] { (series[metric] ?? []).suffix(count).map(\.y) }

    /// Whether a metric depends on the clock, and so tells of the machine rather than of the training.
    static func isClock(_ metric: String) -> Bool { metric.hasPrefix("timing_s/") || metric.hasPrefix("perf/") }

    /// The mean over the newest steps.
    var secondsPerStep: Double? { newest(20, of: "timing_s/step").mean }
}

/// Metrics as a person names them: by name, or by a pattern with `*` and `?` like `actor/*`.
package enum MetricPatterns {
    /// The metrics among `known` that the patterns mean, each once, in the patterns' order; and the patterns that mean
    /// none.
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
        throw ShellError.refused(
            "\(owner) has no metric \(missing)", hint: near + "there are: \(known.joined(separator: ", "))")
    }
}

extension Array where Element == Double {
    var mean: Double? { isEmpty ? nil : reduce(0, +) / Double(count) }
}
