import Foundation
import Testing

/// Tables of prefixes say which have no row in them, and why.
@Suite("Prefixes that are left out")
struct LeftOutPrefixesTests {
    private let tiny: TinyWorkspace

    init() throws { tiny = try TinyWorkspace() }

    /// Solutions of 24 tokens in 8 steps.
    private static let opening = "problem \"1+1 \" --answer 2 --steps tokens:3\ngenerate -n 1 --seed 3\n"

    private func steps(_ line: [String: Any]) -> [Int] {
        (line["prefixes"] as? [[String: Any]])?.compactMap { $0["step"] as? Int } ?? []
    }

    @Test("those between the evenly spaced ones are counted, and the line names one of them")
    func notSelected() throws {
        let script = Self.opening + "set critic.max_prefixes 3\nscore last\ntruth last --rollouts 2\nscore last.2\n"
        let told = try tiny.run(script)
        #expect(told.status == 0, "\(told.errors)")
        for line in ["`score 1.1` rates any other\n", "`truth 1.1` measures any other\n"] {
            let whole = "\n3 of 8 prefixes, evenly spaced (critic.max_prefixes); " + line
            #expect(told.output.contains(whole), "\(told.output)")
        }
        #expect(told.output.components(separatedBy: "prefixes, evenly spaced").count == 3)
        let result = try tiny.run(script, json: true)
        let lines = result.json.filter { $0["prefixes"] != nil }
        #expect(lines.map(steps) == [[0, 4, 7], [0, 4, 7], [2]])
        #expect(lines.map { $0["not_selected"] as? Int } == [5, 5, nil])
    }

    @Test("of a solution whose later prefixes are too long the others are rated, and the rest is said")
    func tooLong() throws {
        let prompt = try tiny.run(Self.opening + "prompt show 1.0\nprompt show 1.7\n", json: true)
        let lengths = prompt.json.compactMap { $0["ids"] as? [Int] }.map(\.count)
        try #require(lengths.count == 2 && lengths[0] < lengths[1], "\(prompt.output)")
        // Room for the chain after the bare problem, and not after the last prefix.
        let room = 256 - lengths[0] - 8
        let set = "set critic.response_length \(room)\nset critic.temperature 1\n"
        let result = try tiny.run(Self.opening + set + "score 1\ngenerate -n 1 --seed 3 --score\n", json: true)
        let line = try Binary.last(result, "score")
        let long = try #require(line["too_long"] as? [[String: Any]])
        let rated = steps(line), left = long.compactMap { $0["step"] as? Int }
        #expect(!rated.isEmpty && !left.isEmpty && (rated + left).sorted() == Array(0..<8))
        #expect(long.last?["needed"] as? Int == lengths[1] + room && long.last?["context"] as? Int == 256)
        let live = try #require((try Binary.last(result, "generate")["scores"] as? [[String: Any]])?.first)
        #expect(steps(live) == rated && (live["too_long"] as? [Any])?.count == left.count)
        let told = try tiny.run(Self.opening + set + "score 1\nscore 1.\(left[0])\n")
        #expect(told.output.contains("too long for m, which reads 256 tokens: 1.\(left[0]) by "), "\(told.output)")
        #expect(told.status == 1 && told.errors.contains("prefix 1.\(left[0]): needs"), "\(told.errors)")
    }
}
