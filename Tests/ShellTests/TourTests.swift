import Foundation
import Testing

/// `sessions/tour.genac`, value by value.
@Suite("The tour", .serialized, .enabled(if: Binary.starterIsThere))
struct TourTests {
    private static let session = Binary.root + "/sessions/tour.genac"

    /// What the clock decides: speeds, and how far a job has come when it is looked at or stopped.
    private static func isOfTheClock(_ key: String, of command: String?) -> Bool {
        if ["seconds", "tokens_per_second", "memory_bytes"].contains(key) { return true }
        if key.hasPrefix("timing_s/") || key.hasPrefix("perf/") { return true }
        return ["jobs", "stop", "runs"].contains(command ?? "")
            && ["step", "state", "metrics", "checkpoints"].contains(key)
    }

    private func lines(_ result: Binary.Result) -> [Any] {
        // Another clone lies elsewhere.
        var result = result
        result.output = result.output.replacingOccurrences(of: Binary.root + "/", with: "")
        return result.json.map { line in
            // A stage that has only been started is queued, or runs already.
            let isUnderWay = line["command"] as? String == "train" && line["metrics"] == nil
            let command = isUnderWay ? "jobs" : line["command"] as? String
            return JSONDifference.kept(line) { Self.isOfTheClock($0, of: command) }
        }
    }

    @Test("every value is the recorded one on the kernels it was recorded with", .enabled(if: RecordedKernels.areHere))
    func values() throws {
        let result = try Binary.run(["--json", Self.session], environment: RecordedKernels.environment)
        #expect(result.status == 0, "\(result.errors)")
        let found = lines(result)
        if Snapshot.isRecording {
            let text = try found.map { line in
                String(
                    decoding: try JSONSerialization.data(
                        withJSONObject: line, options: [.sortedKeys, .withoutEscapingSlashes]), as: UTF8.self)
                    + "\n"
            }
            return try Snapshot.expect(text.joined(), is: "tour.jsonl")
        }
        let wanted = try Snapshot.kept("tour.jsonl").split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8))
        }
        #expect(found.count == wanted.count)
        for (place, pair) in zip(found, wanted).enumerated() {
            let differences = JSONDifference.between(pair.0, and: pair.1)
            let command = (pair.1 as? [String: Any])?["command"] as? String ?? ""
            #expect(differences.isEmpty, "line \(place + 1), \(command): \(differences.prefix(5))")
        }
    }

    @Test("on this machine's own kernels the road is the same, and what is measured lies where it must")
    func ranges() throws {
        let result = try Binary.run(["--json", Self.session])
        #expect(result.status == 0, "\(result.errors)")
        let lines = result.json, commands = lines.compactMap { $0["command"] as? String }
        let recorded = try Snapshot.kept("tour.jsonl").split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(commands == recorded.compactMap { $0["command"] as? String })
        for (line, wanted) in zip(lines, recorded) {
            #expect(line["ok"] as? Bool == true && (line["seconds"] as? Double ?? -1) >= 0)
            #expect(Set(wanted.keys).isSubset(of: line.keys), "\(wanted["command"] ?? "")")
        }
        try expectSolutions(lines)
        try expectScores(lines)
        try expectTruth(lines)
        try expectTraining(lines)
    }

    private func prefixes(_ line: [String: Any]) throws -> [[String: Any]] {
        try #require(line["prefixes"] as? [[String: Any]])
    }

    private func expectSolutions(_ lines: [[String: Any]]) throws {
        let solutions = lines.filter { ["generate", "branch"].contains($0["command"] as? String) }
            .flatMap { $0["solutions"] as? [[String: Any]] ?? [] }
        #expect(solutions.compactMap { $0["id"] as? Int } == Array(1...solutions.count) && solutions.count == 22)
        for solution in solutions {
            let ids = try #require(solution["ids"] as? [Int]),
                logprobs = try #require(solution["logprobs"] as? [Double])
            #expect(!ids.isEmpty && ids.count == logprobs.count && logprobs.allSatisfy { $0 <= 0 })
            #expect((solution["outcome"] as? Int == 1) == (solution["status"] as? String == "right"))
            #expect(solution["finish"] as? String == "stop")
        }
    }

    private func expectScores(_ lines: [[String: Any]]) throws {
        let scores = lines.filter { $0["command"] as? String == "score" }
        #expect(scores.count == 7)
        for prefix in try scores.flatMap(prefixes) {
            #expect((0...1).contains(try #require(prefix["value"] as? Double)))
            for chain in try #require(prefix["chains"] as? [[String: Any]]) {
                let distribution = try #require(chain["distribution"] as? [Double])
                #expect(distribution.count == 11 && abs(distribution.reduce(0, +) - 1) < 1e-6)
                #expect((0...10).contains(try #require(chain["score"] as? Int)))
            }
        }
    }

    private func expectTruth(_ lines: [[String: Any]]) throws {
        let truth = try prefixes(try #require(lines.first { $0["command"] as? String == "truth" }))
        #expect(truth.count == 3)
        for prefix in truth {
            let value = try #require(prefix["value"] as? Double)
            #expect(prefix["rollouts"] as? Int == 64 && (0...1).contains(value) && (64 * value).rounded() == 64 * value)
        }
    }

    private func expectTraining(_ lines: [[String: Any]]) throws {
        func line(_ command: String) throws -> [String: Any] {
            try #require(lines.last { $0["command"] as? String == command })
        }
        #expect(try line("stop")["state"] as? String == "stopped")
        #expect(try line("resume")["state"] as? String == "finished" && line("resume")["step"] as? Int == 30)
        #expect(try line("train")["state"] as? String == "finished" && line("train")["step"] as? Int == 10)
        let metrics = try #require(try line("train")["metrics"] as? [String: Any])
        #expect((0...1).contains(try #require(metrics["critic/reward/mean"] as? Double)))
        #expect((0...0.1).contains(try #require(metrics["critic/parse_failure_rate"] as? Double)))
    }
}
