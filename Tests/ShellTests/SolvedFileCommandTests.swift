import ChildProcess
import Foundation
import Testing

@Suite("Files of solutions: dumps are added, files are graded", .serialized)
struct SolvedFileCommandTests {
    private let tiny: TinyWorkspace
    private static let fixtures = Binary.root + "/Tests/Fixtures/rollouts"

    init() throws { tiny = try TinyWorkspace() }

    private func statuses(_ outcome: [String: Any]) -> [String?] {
        (outcome["solutions"] as? [[String: Any]] ?? []).map { $0["status"] as? String }
    }

    @Test("verl's dump: solutions by problem, graded here, with what it says beside; twice is once")
    func verl() throws {
        let command = "add \(Self.fixtures)/verl.jsonl --rollouts\n"
        let result = try tiny.run(command + command + "problems\nsolutions\n", json: true)
        let first = try #require(result.json.first { $0["command"] as? String == "add" })
        #expect(first["problems"] as? Int == 3 && first["known"] as? Int == 0)
        let r = "right", w = "wrong"
        let solutions = try #require(first["solutions"] as? [[String: Any]])
        #expect(statuses(first).prefix(4) == [r, w, r, r] && statuses(first).suffix(3) == [r, r, w])
        #expect(solutions.map { $0["problem"] as? Int } == [1, 1, 1, 2, 2, 2, 3, 3, 3])
        #expect(solutions.map { $0["reward"] as? Double } == [1, 0, 1, 1, 0, 0, 0, 0, 0])
        #expect((first["differ"] as? [Int]) == [7, 8], "0.75 and \\frac34 are right, whatever the dump says")
        #expect(((first["left_out"] as? [[String: Any]])?.first)?["what"] as? String == "`output` is empty")
        let again = try Binary.last(result, "add")
        #expect(again["known"] as? Int == 9 && (again["solutions"] as? [Any])?.isEmpty == true)
        let problems = try #require(try Binary.last(result, "problems")["problems"] as? [[String: Any]])
        #expect(problems.map { $0["text"] as? String }.first == "What is 3 + 4?")
        #expect((problems[0]["source"] as? String)?.hasPrefix("rollouts in ") == true)
        let words = try tiny.run("problems clear\n" + command)
        #expect(words.output.contains("their verdict differs from the grader's on 2 of 9: solutions 16, 17\n"))
        #expect(words.output.contains("1 of 10 rows left out (1: `output` is empty)\n"), "\(words.output)")
    }

    @Test("added by several processes at once a dump is kept once; cut off, nothing of it is")
    func atOnce() throws {
        let opening = TinyWorkspace.opening.split(separator: "\n").joined(separator: "; ")
        func start(_ setting: String) throws -> ChildProcess {
            try Binary.start(
                ["-c", opening + "; \(setting)add \(Self.fixtures)/verl.jsonl --rollouts"], folder: tiny.folder)
        }
        let slow = try start("set reward.command 'touch asked; sleep 300'; ")
        let isAsked = try slow.waitUntil("it grades") {
            FileManager.default.fileExists(atPath: tiny.folder + "/asked")
        }
        #expect(isAsked)
        slow.send(SIGINT)
        #expect(try slow.wait() == 130)
        #expect(slow.errors.contains("nothing of it is kept"), "\(slow.errors)")
        #expect(try tiny.run("problems\n").output.contains("no problems are kept"))
        for child in try (0..<3).map({ _ in try start("") }) { #expect(try child.wait() == 0, "\(child.errors)") }
        let kept = try Binary.last(tiny.run("solutions --all\n", json: true), "solutions")
        #expect((kept["solutions"] as? [Any])?.count == 9)
    }

    @Test("TRL's dump has no answers: what it says is the outcome; they can be scored")
    func trl() throws {
        let result = try tiny.run(
            "add \(Self.fixtures)/trl.parquet --rollouts\nscore 1\nsolutions --all > all.txt\nshow 2\n", json: true)
        let added = try Binary.last(result, "add")
        let outcomes = (added["solutions"] as? [[String: Any]] ?? []).map { $0["outcome"] as? Int }
        #expect(outcomes == [1, 0, 1, 1, 0, 0, 0, 0, 0])
        #expect(statuses(added).allSatisfy { $0 == nil })
        #expect((try Binary.last(result, "score")["prefixes"] as? [Any])?.isEmpty == false)
        let table = try tiny.run("solutions --all\nshow 2\n").output
        #expect(table.contains("right, they say") && table.contains("not graded; its file says 0"), "\(table)")
        let rate = try tiny.run("problem 1\ngenerate -n 1\nscore last\n", json: true)
        #expect(rate.status == 0 && !rate.output.contains("measured (9)"), "they are not the actor's own")
    }

    @Test("a dump may come from standard input, and what is no dump is refused by name")
    func refusals() throws {
        let opening = TinyWorkspace.opening.split(separator: "\n").joined(separator: "; ")
        let dump = try Data(contentsOf: URL(fileURLWithPath: Self.fixtures + "/verl.jsonl"))
        func run(_ command: String, _ input: Data = Data()) throws -> Binary.Result {
            try Binary.run(["-c", opening + "; " + command], input: input, folder: tiny.folder)
        }
        #expect(try run("add - --rollouts", dump).output.contains("solutions 1-9, of 3 problems: "))
        let broken = try run("add - --rollouts", dump + Data("{\"input\"".utf8))
        #expect(broken.errors.contains("standard input:11: "), "\(broken.errors)")
        #expect(try run("add nosuch.jsonl --rollouts").errors.contains("nosuch.jsonl"))
        try tiny.write("other.jsonl", "{\"question\":\"1+1\",\"answer\":2}\n")
        let other = try run("add other.jsonl --rollouts").errors
        #expect(
            other.contains("other.jsonl: holds no solution (1: no member for the solution); its columns are question"))
        #expect(try run("add --rollouts").errors.contains("--rollouts takes a file alone"))
        #expect(try run("add x.jsonl --rollouts --answer 3").errors.contains("--rollouts takes a file alone"))
    }

    @Test("grade FILE counts, and lists what the file says otherwise")
    func grading() throws {
        let path = Self.fixtures + "/verl.jsonl"
        let graded = try Binary.last(Binary.run(["--json", "-c", "grade \(path)"]), "grade")
        let keys = ["rows", "right", "wrong", "unparsable", "unanswered", "left_out", "labelled", "agree"]
        let counts = keys.map { graded[$0] as? Int ?? -1 }
        #expect(counts[0] == 9 && counts[1] == 5 && counts[2] + counts[3] == 4)
        #expect(counts.suffix(4) == [0, 1, 9, 7])
        let rows = try #require(graded["disagreements"] as? [[String: Any]])
        #expect(rows.map { $0["row"] as? Int } == [7, 8] && rows.allSatisfy { $0["label"] as? Bool == false })
        let text = try Binary.run(["-c", "grade \(path)"]).output
        #expect(text.contains("the file says the same of 7 of 9; 2 are right only here, 0 only there:"), "\(text)")
        #expect(text.contains("solution from `output`, answer from `gts`, their verdict from `acc`"))
    }

    @Test("grade FILE of other columns, without answers, without labels; and what it refuses")
    func gradingOthers() throws {
        try tiny.write(
            "rows.csv",
            "text,truth,ok\n\"The answer is 3.\",3,true\nIt is 4,5,true\nNothing here,5,false\nIt is 1,,false\n")
        func run(_ command: String) throws -> Binary.Result {
            try Binary.run(["--json", "-c", command], folder: tiny.folder)
        }
        let graded = try Binary.last(run("grade rows.csv --label-key ok"), "grade")
        #expect(graded["right"] as? Int == 1 && graded["unanswered"] as? Int == 1 && graded["labelled"] as? Int == 3)
        #expect(((graded["disagreements"] as? [[String: Any]])?.first)?["row"] as? Int == 3)
        let swapped = try Binary.last(run("grade rows.csv --solution-key truth --answer-key text"), "grade")
        #expect(swapped["left_out"] as? Int == 1 && swapped["labelled"] as? Int == 0)
        #expect(
            try run("grade rows.csv --answer-key no").errors.contains("key 'no': is missing; the row has text, truth"))
        #expect(try run("grade 3").errors.contains("3: cannot be opened: no such file, and no text beside an answer"))
        #expect(try run("grade 3 3 --label-key x").errors.contains("`grade FILE --answer-key MEMBER`"))
    }
}
