import Foundation
import Testing

@Suite("How a chain becomes a value", .enabled(if: Binary.starterIsThere))
struct ReadoutTests {
    static let opening =
        "load actor starter:actor --measure none; load critic starter:critic; problems load starter:jumps --limit 3; "
        + "problem 2; generate -n 1; "

    private func scores(_ script: String) throws -> [[String: Any]] {
        var lines: [[String: Any]] = []
        try Binary.withFolder { lines = try Binary.json(Self.opening + script, $0) }
        return lines.filter { $0["command"] as? String == "score" }
    }

    private func values(_ score: [String: Any]) throws -> [Double] {
        try #require(score["prefixes"] as? [[String: Any]]).map { try #require($0["value"] as? Double) }
    }

    @Test("score takes the expectation unless it is set, and says so; the integer when asked")
    func defaults() throws {
        let all = try scores("score last; set critic.value_readout parsed; score last; score last --readout expected")
        try #require(all.count == 3)
        #expect(all.map { $0["readout"] as? String } == ["expected", "parsed", "expected"])
        let (mean, integer, asked) = (try values(all[0]), try values(all[1]), try values(all[2]))
        #expect(mean == asked)
        #expect(integer.allSatisfy { abs($0 * 10 - ($0 * 10).rounded()) < 1e-9 })
        for (value, prefix) in zip(mean, try #require(all[0]["prefixes"] as? [[String: Any]])) {
            let chain = try #require((prefix["chains"] as? [[String: Any]])?.first)
            let distribution = try #require(chain["distribution"] as? [Double])
            let expected = zip(0..., distribution).map { Double($0) * $1 / 10 }.reduce(0, +)
            #expect(abs(value - expected) < 1e-6)
        }
    }

    @Test("the table's head says how values were read")
    func head() throws {
        try Binary.withFolder { folder in
            let script = Self.opening + "score last; score last --samples 3; score last --readout parsed --samples 2"
            let result = try Binary.run(["-c", script], folder: folder)
            #expect(result.status == 0, "\(result.errors)")
            for head in ["mean of p(0…10)", "mean of p(0…10) over 3 chains", "mean of 2 chains' integers"] {
                #expect(result.output.contains("solution 1 rated by critic; value: \(head)\n"), "\(result.output)")
            }
        }
    }

    @Test("studies read the paper's integer unless the setting is set")
    func studies() throws {
        try Binary.withFolder { folder in
            let study = "study approximation --set starter:jumps:test --problems 8 --rollouts 4"
            _ = try Binary.json(
                Self.opening + "\(study) --name a; set critic.value_readout expected; \(study) --name b", folder)
            let read = { try Binary.kept($0, "measurements.jsonl", folder) }
            let integers = try values(in: read("a")), means = try values(in: read("b"))
            #expect(!integers.isEmpty && integers.allSatisfy { abs($0 * 10 - ($0 * 10).rounded()) < 1e-9 })
            #expect(means.contains { abs($0 * 10 - ($0 * 10).rounded()) > 1e-3 })
        }
    }

    /// Every value that the critic gave in a study's measurements: it is the estimator that wrote tokens.
    private func values(in log: String) throws -> [Double] {
        try log.split(separator: "\n").flatMap { line -> [Double] in
            let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            let readings = try #require((row?["value"] as? [String: Any])?["readings"] as? [[[String: Any]]])
            let written = readings.joined().filter { ($0["tokens"] as? Int ?? 0) > 0 }
            return try written.flatMap { try #require($0["values"] as? [Double]) }
        }
    }

    @Test("told more of the actor, the critic says no less, over rates and problems")
    func monotonous() throws {
        let rates = [0, 2, 5] + Array(stride(from: 10, through: 90, by: 10)) + [95, 98, 100]
        let problems = 1...8
        let script = problems.map { problem in
            "problem \(problem); generate -n 1; "
                + rates.map { "icc set success-rate \($0)%; score last" }.joined(separator: "; ")
        }.joined(separator: "; ")
        let all = try scores("problems load starter:jumps --limit 8; " + script)
        try #require(all.count == problems.count * rates.count)
        for problem in 0..<problems.count {
            let curves = try all[problem * rates.count..<(problem + 1) * rates.count].map(values)
            for step in curves[0].indices {
                var most = 0.0
                for (rate, values) in zip(rates, curves) {
                    #expect(
                        values[step] >= most - 0.1,
                        "problem \(problem + 1), prefix \(step): told \(rate) %, \(values[step]) after \(most)")
                    most = max(most, values[step])
                }
            }
        }
        let bare = try all.suffix(rates.count).map { try values($0)[0] }
        #expect(try #require(bare.last) - bare[0] > 0.5, "\(bare)")
    }
}
