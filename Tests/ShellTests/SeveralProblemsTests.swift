import ChildProcess
import Foundation
import Testing

/// `generate`, `score` and `truth` over many problems.
@Suite("Several problems at once", .serialized)
struct SeveralProblemsTests {
    private let tiny: TinyWorkspace

    init() throws {
        tiny = try TinyWorkspace()
        try tiny.write("set.jsonl", (1...6).map { "{\"question\":\"\($0)+1 \",\"answer\":\"\($0 + 1)\"}\n" }.joined())
    }

    private static let load = "problems load set.jsonl\n"

    private func rows(_ line: [String: Any]) throws -> [[String: Any]] {
        try #require(line["problems"] as? [[String: Any]])
    }

    /// What is kept, without ids and what was known of the actor: which text under which number.
    private func texts(_ folder: String) throws -> Set<[String]> {
        let kept = try Binary.last(Binary.run(["--json", "-c", "solutions --all"], folder: folder), "solutions")
        let ids = try #require(kept["solutions"] as? [[String: Any]]).compactMap { $0["id"] as? Int }
        let shown = try Binary.run(["--json"], input: Data(ids.map { "show \($0)\n" }.joined().utf8), folder: folder)
        let texts = try shown.json.compactMap { line -> [String]? in
            guard let solution = line["solution"] as? [String: Any] else { return nil }
            let problem = try #require(solution["problem"] as? Int), sample = try #require(solution["sample"] as? Int)
            return ["\(problem)", "\(sample)", try #require(solution["text"] as? String)]
        }
        #expect(Set(texts).count == ids.count, "a draw is kept twice")
        return Set(texts)
    }

    @Test("generate --all tops every problem up, says what was there, and draws what single commands draw")
    func generate() throws {
        let script =
            Self.load + """
                problem 2; generate -n 1
                generate --all -n 2
                generate --all -n 2
                generate --problems 3-4 -n 3
                generate -n 1

                """
        let result = try tiny.run(script, json: true)
        let lines = result.json.filter { $0["command"] as? String == "generate" }
        try #require(lines.count == 5, "\(result.errors)")
        for line in lines[1...2] { #expect(try rows(line).allSatisfy { ($0["solutions"] as? [Int])?.count == 2 }) }
        #expect(try rows(lines[3]).compactMap { $0["problem"] as? Int } == [3, 4])
        #expect((lines[1]["graded"] as? Int, lines[1]["ungraded"] as? Int) == (12, 0))
        let right = try #require(lines[1]["right"] as? Int), share = try #require(lines[1]["share"] as? Double)
        let low = try #require(lines[1]["low"] as? Double), high = try #require(lines[1]["high"] as? Double)
        #expect(share == Double(right) / 12 && low <= share + 1e-9 && share <= high + 1e-9)
        let told = result.errors.split(separator: "\n").filter { $0.hasPrefix("goes on: ") }
        #expect(told == [1, 12, 4].map { "goes on: \($0) of \($0 == 4 ? 6 : 12) solutions were there already" })
        let other = try TinyWorkspace()
        try other.write("set.jsonl", String(contentsOfFile: tiny.folder + "/set.jsonl", encoding: .utf8))
        let counts = [1: 2, 2: 3, 3: 3, 4: 3, 5: 2, 6: 2]
        let single = counts.sorted { $0.key < $1.key }.map { "problem \($0.key); generate -n \($0.value)\n" }.joined()
        #expect(try other.run(Self.load + single).status == 0)
        #expect(try texts(tiny.folder) == texts(other.folder))
    }

    @Test("an answer that is not known is no wrong one, and what is too long is passed over by name")
    func apart() throws {
        try tiny.write(
            "more.jsonl", "{\"question\":\"why? \"}\n{\"question\":\"\(String(repeating: "7+", count: 125))\"}\n")
        let script = Self.load + "problems load more.jsonl\ngenerate --all -n 2\ntruth --all --rollouts 2\n"
        let result = try tiny.run(script, json: true), line = try Binary.last(result, "generate")
        #expect((line["graded"] as? Int, line["ungraded"] as? Int) == (12, 2))
        let long = try #require(line["too_long"] as? [[String: Any]])
        #expect(long.compactMap { $0["problem"] as? Int } == [8])
        #expect(try Binary.last(result, "truth")["unanswered"] as? Int == 2)
        let told = try tiny.run(Self.load + "generate --all -n 2\ntruth --all --rollouts 2\n")
        #expect(told.output.contains("; 2 ungraded, of 1 problem\n"), "\(told.output)")
        #expect(told.output.contains("1 too long for m, which reads 256 tokens, and passed over: problem 8 needs"))
        #expect(told.output.contains("2 problems without an answer passed over\n"), "\(told.output)")
        #expect(told.output.contains("1 problem has no solution\n"), "\(told.output)")
    }

    @Test("killed at any moment it goes on, and under a seed of its own ends in the same solutions")
    func killed() throws {
        let script = TinyWorkspace.opening + Self.load + "generate --all -n 200 --seed 5\n"
        let log = tiny.folder + "/.genac/workspace.sqlite-wal"
        var signals: [Int32] = []
        for size in [400_000, 900_000] {
            let child = try Binary.start([], input: Data(script.utf8), folder: tiny.folder)
            _ = try child.waitUntil("the log has \(size) bytes") {
                let attributes = try? FileManager.default.attributesOfItem(atPath: log)
                return attributes?[.size] as? Int ?? 0 >= size
            }
            child.send(size == 400_000 ? SIGKILL : SIGINT)
            signals.append(try child.wait())
            if size > 400_000 { #expect(child.output.contains("the same command goes on with what is left\n")) }
        }
        #expect(signals[0] == 128 + SIGKILL && signals[1] == 130)
        let last = try Binary.run(["--json"], input: Data(script.utf8), folder: tiny.folder)
        let line = try Binary.last(last, "generate")
        #expect(last.errors.contains("goes on: "), "\(last.errors)")
        #expect(try rows(line).allSatisfy { ($0["solutions"] as? [Int])?.count == 200 })
        let whole = try TinyWorkspace()
        try whole.write("set.jsonl", String(contentsOfFile: tiny.folder + "/set.jsonl", encoding: .utf8))
        #expect(try Binary.run([], input: Data(script.utf8), folder: whole.folder).status == 0)
        #expect(try texts(tiny.folder) == texts(whole.folder))
    }

    @Test("score --all rates what was not asked in the same words, and finds its error where the truth is known")
    func score() throws {
        let script =
            Self.load + """
                generate --all -n 2
                score --all
                score --all
                truth --problems 1-2 --rollouts 4
                truth --problems 1-2 --rollouts 4
                score --all
                icc off actor; score --problems 1-3
                set critic.temperature 0.5; score --problems 1-3

                """
        let result = try tiny.run(script, json: true)
        #expect(result.status == 0, "\(result.errors)")
        let scores = result.json.filter { $0["command"] as? String == "score" }
        try #require(scores.count == 5)
        let all = try scores.map { try #require($0["all"] as? [String: Any]) }
        #expect(all[0]["value"] as? Double == all[1]["value"] as? Double && all[0]["mse"] is NSNull)
        #expect((all[2]["with_truth"] as? Int ?? 0) > 0 && all[2]["mse"] is Double)
        #expect(all[3]["prefixes"] as? Int == all[4]["prefixes"] as? Int)
        #expect(all[3]["value"] as? Double != all[4]["value"] as? Double)
        let chains = try #require(all[0]["chains"] as? [String: Int])
        #expect(chains.values.reduce(0, +) == all[0]["prefixes"] as? Int)
        let told = result.errors.split(separator: "\n").filter { $0.hasPrefix("goes on: ") }
        #expect(told == ["12 of 12", "4 of 4", "12 of 12"].map { "goes on: \($0) solutions were there already" })
        let bare = try rows(try Binary.last(result, "truth")).compactMap { ($0["bare"] as? [[String: Any]])?.first }
        #expect(bare.count == 2 && bare.allSatisfy { $0["rollouts"] as? Int == 4 && $0["value"] is Double })
    }

    @Test("truth --all continues each solution by its own actor, and names those that are not loaded")
    func absent() throws {
        #expect(try tiny.run(Self.load + "generate --all -n 1\n").status == 0)
        let other = "load actor \(TinyWorkspace.model) --as n\nuse actor n\nprompt use tiny --actor\n"
        let none = try Binary.run([], input: Data((other + "truth --all\n").utf8), folder: tiny.folder)
        #expect(none.status == 1 && none.errors.contains("none of the actors is loaded: m"), "\(none.errors)")
        let script = other + "set rollout.response_length 24\ngenerate --problems 1-2 -n 1\ntruth --all --rollouts 2\n"
        let result = try Binary.run([], input: Data(script.utf8), folder: tiny.folder)
        #expect(result.output.contains("6 solutions by m passed over: it is not loaded\n"), "\(result.output)")
        let both = try tiny.run(other + "truth --all --rollouts 2\n", json: true)
        let line = try Binary.last(both, "truth")
        #expect((line["not_loaded"] as? [String: Int])?.isEmpty == true)
        #expect(both.errors.contains("goes on: 2 of 8 solutions were there already"), "\(both.errors)")
        let actors = try rows(line).map { ($0["bare"] as? [[String: Any]])?.compactMap { $0["actor"] as? String } }
        #expect(actors == [["m", "n"], ["m", "n"], ["m"], ["m"], ["m"], ["m"]])
    }

    @Test(
        "what does not go together is refused in words",
        arguments: [
            ("generate --all --score", "`score --all` rates those of several"),
            ("generate --all --from 1.0", "leave --all and --problems out"),
            ("score 1 --all", "1 is one solution"), ("truth --problems 50-60", "no problem from 50 to 60 is kept"),
            ("score --all", "these problems have no solutions; `generate --all` makes some"),
            ("generate --problems x", "x is no RANGE for --problems"),
        ])
    func refused(_ command: String, _ words: String) throws {
        let result = try tiny.run(Self.load + command + "\n")
        #expect(result.status != 0 && result.errors.contains(words), "\(result.errors)")
    }

    @Test("each problem has one row, on a narrow terminal and on a wide one", arguments: [80, 140])
    func terminal(columns: Int) throws {
        let long = (1...5).map { "{\"question\":\"\(String(repeating: "\($0)+", count: 40))1 \",\"answer\":\"2\"}\n" }
        try tiny.write("set.jsonl", long.joined())
        let terminal = try PseudoTerminal(columns: columns, folder: tiny.folder)
        try terminal.expectLast("genac>")
        func run(_ command: String, _ end: String) throws -> [String] {
            terminal.send("\u{0C}\(command)\r")
            try terminal.expect(end)
            try terminal.expectLast("genac>")
            let lines = terminal.screen.lines
            let start = try #require(lines.lastIndex { $0.contains("problem  right  of") }, "\(lines)")
            return Array(lines[start...])
        }
        for line in (TinyWorkspace.opening + "problems load set.jsonl").components(separatedBy: "\n") {
            terminal.send(line + "\r")
            try terminal.wait("an answer") { $0.screen.lines.last == "genac>" }
        }
        for (command, end, title) in [
            ("generate --all -n 2", "by m, seed 0", "text"), ("score --all", "no truth measured", "prefixes"),
            ("truth --all --rollouts 2", "prefixes measured, M = 2", "bare problem"),
        ] {
            let lines = try run(command, end)
            #expect(lines[0].contains(title), "\(lines)")
            for row in 1...5 {
                #expect(lines[row].hasPrefix("      \(row)  "), "\(lines)")
                #expect(lines[row].hasSuffix("…") == (columns == 80), "\(lines)")
            }
            #expect(lines[6].hasPrefix("5 problems: "), "\(lines)")
        }
    }
}
