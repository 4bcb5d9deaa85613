import Foundation
import Testing

@Suite("Problems are removed", .serialized)
struct RemoveProblemsTests {
    private let tiny: TinyWorkspace

    init() throws { tiny = try TinyWorkspace() }

    private static let kept = """
        problem "1+1 " --answer 2
        generate -n 2
        truth last.0 --rollouts 2
        problem "1+2 " --answer 3
        problem "1+3 " --answer 4

        """

    private func counts(_ result: [String: Any]) -> [Int] {
        ["problems", "solutions", "valuations", "truths"].compactMap { result[$0] as? Int }
    }

    @Test("by number and by range, with what hangs on them; the numbers are not given again")
    func byNumber() throws {
        let result = try tiny.run(Self.kept + "problems remove 1 3-9\nproblems\nproblem \"1+4 \"\n", json: true)
        #expect(counts(try Binary.last(result, "problems remove")) == [2, 2, 0, 1])
        let listed = try #require(try Binary.last(result, "problems")["problems"] as? [[String: Any]])
        #expect(listed.compactMap { $0["id"] as? Int } == [2])
        #expect((try Binary.last(result, "problem")["problem"] as? [String: Any])?["id"] as? Int == 4)
        let gone = try Binary.run(["--json", "-c", "problem 2; solutions --all; show 1"], folder: tiny.folder)
        #expect(gone.json.first { $0["command"] as? String == "solutions" }?["solutions"] as? [String] == [])
        #expect(gone.errors.contains("there is no solution 1, nor any other"), "\(gone.errors)")
    }

    @Test("a number that is not there is one error, and nothing is removed")
    func missing() throws {
        let result = try tiny.run(Self.kept + "problems remove 1 2 7\n")
        #expect(result.status == 1)
        #expect(result.errors.hasSuffix("there is no problem 7; the newest is 3; `problems` lists what is kept\n"))
        let words = try tiny.run("problems remove one\n")
        #expect(words.status == 2 && words.errors.contains("one is no PROBLEM"), "\(words.errors)")
        let after = try Binary.run(["--json", "-c", "problems; solutions --all"], folder: tiny.folder)
        #expect((after.json[0]["problems"] as? [Any])?.count == 3 && (after.json[1]["solutions"] as? [Any])?.count == 2)
    }

    @Test("the current problem is none after it was removed")
    func current() throws {
        let result = try tiny.run(Self.kept + "problem 1\nproblems remove 2\nproblem\nproblems remove 1\nproblem\n")
        #expect(result.status == 1)
        #expect(result.output.contains("removed 1 problem\nproblem 1"), "\(result.output)")
        #expect(result.output.hasSuffix("removed 1 problem with 2 solutions and 1 truth\n"), "\(result.output)")
        #expect(result.errors.contains("no problem is chosen"))
    }

    @Test("a script clears without a question; nothing is cleared twice")
    func clear() throws {
        let result = try tiny.run(Self.kept + "problems clear\nproblems clear\n")
        #expect(result.status == 0)
        #expect(
            result.output.hasSuffix("removed 3 problems with 2 solutions and 1 truth\nno problems are kept\n"),
            "\(result.output)")
    }

    @Test("a person is asked when solutions go too; anything but yes keeps them")
    func asked() throws {
        #expect(try tiny.run(Self.kept).status == 0)
        let terminal = try PseudoTerminal(folder: tiny.folder)
        try terminal.expectLast("genac>")
        terminal.send("problems clear\r")
        try terminal.expectLast("remove 3 problems with 2 solutions and 1 truth? [y/N]")
        terminal.send("\r")
        try terminal.expect("nothing was removed")
        terminal.send("problems clear\r")
        try terminal.wait("a second question") { $0.screen.lines.filter { $0.hasSuffix("[y/N]") }.count == 2 }
        terminal.send("\u{03}")
        try terminal.expect("interrupted")
        try terminal.expectLast("genac>")
        terminal.send("problems remove 3\r")
        try terminal.expect("removed 1 problem")
        terminal.send("problems remove 1\r")
        try terminal.expectLast("remove 1 problem with 2 solutions and 1 truth? [y/N]")
        terminal.send("y\r")
        try terminal.expect("removed 1 problem with 2 solutions and 1 truth")
        terminal.send("problems\r")
        try terminal.expect("1+2")
    }
}
