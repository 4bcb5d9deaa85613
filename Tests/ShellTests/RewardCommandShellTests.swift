import Foundation
import Testing

@Suite("reward.command grades what is generated, added, in files and in training", .serialized)
struct RewardCommandShellTests {
    private let tiny: TinyWorkspace

    init() throws {
        tiny = try TinyWorkspace()
        // Right is what has an even number of letters a; a sleeper is late, a killer ends.
        try tiny.write(
            "grade.sh",
            """
            while IFS= read -r line; do
              case "$line" in *sleeper*) sleep 300;; *killer*) echo "no tests found" >&2; exit 4;; esac
              echo asked >> asked
              solution="${line##*\\"solution\\"}"
              letters=$(printf '%s' "$solution" | tr -cd a)
              [ $(( ${#letters} % 2 )) = 0 ] && echo '{"right": true}' || echo '{"right": false}'
            done

            """)
    }

    private static let setting = "set reward.command 'sh grade.sh'\nset reward.timeout 0.5\n"

    private func lines(_ name: String) -> Int {
        (try? String(contentsOfFile: "\(tiny.folder)/\(name)", encoding: .utf8))?.split(separator: "\n").count ?? 0
    }

    @Test("generate and truth, of a problem without an answer too; a partial solution is not asked about")
    func generating() throws {
        let result = try tiny.run(
            Self.setting + "problem \"write a\"\ngenerate -n 3\ntruth last.0 --rollouts 4\ngenerate -n 1 --score\n",
            json: true)
        let generated = try #require(result.json.first { $0["command"] as? String == "generate" })
        for solution in try #require(generated["solutions"] as? [[String: Any]])
        where solution["finish"] as? String == "stop" {
            let isEven = (solution["text"] as? String)?.count { $0 == "a" }.isMultiple(of: 2)
            #expect(solution["outcome"] as? Int == (isEven == true ? 1 : 0), "\(solution)")
        }
        #expect(try Binary.last(result, "truth")["prefixes"] != nil)
        #expect(lines("asked") == 8, "each whole solution once")
    }

    @Test("a late one is not graded, and the next one is; a crash is one error")
    func late() throws {
        let result = try tiny.run(
            Self.setting
                + "problem \"a p\"\nadd \"an even a\"\nadd \"a sleeper\"\nadd \"a one\"\nsolutions\nadd \"a killer\"\n")
        #expect(result.status == 1)
        #expect(result.output.contains("timed out") && result.output.contains("right"), "\(result.output)")
        #expect(
            result.errors.hasSuffix(
                "reward.command (sh grade.sh): it ended with status 4: no tests found; it reads lines of "
                    + "{\"problem\", \"answer\", \"solution\"}, and writes one for each at once: "
                    + "{\"right\": true}, false, or null where it cannot tell\n"), "\(result.errors)")
    }

    @Test("what a program that fails had not graded is kept without an outcome", arguments: ["-n 3", "--all -n 3"])
    func failing(options: String) throws {
        let result = try tiny.run(Self.setting + "problem \"a killer\"\ngenerate \(options)\n")
        #expect(result.status == 1 && result.errors.contains("ended with status 4"), "\(result.errors)")
        let after = try tiny.run("problem 1\nsolutions\n", json: true)
        let kept = try #require(try Binary.last(after, "solutions")["solutions"] as? [[String: Any]])
        #expect(kept.count == 3 && kept.allSatisfy { $0["outcome"] as? Int == nil }, "\(kept)")
    }

    @Test("a file is graded by it, rows without an answer too, unless a grader is named")
    func files() throws {
        try tiny.write(
            "rows.jsonl",
            """
            {"prompt": "p", "response": "a a", "correct": true}
            {"prompt": "p", "response": "a", "answer": "3", "correct": true}
            {"prompt": "p", "response": "sleeper", "correct": false}

            """)
        func graded(_ options: String) throws -> [String: Any] {
            try Binary.last(
                Binary.run(
                    ["--json", "-c", Self.setting + "grade rows.jsonl " + options], folder: tiny.folder), "grade")
        }
        let own = try graded("")
        let counts = ["right", "wrong", "timed_out", "unanswered", "labelled", "agree"].map { own[$0] as? Int }
        #expect(counts == [1, 1, 1, 0, 2, 1])
        #expect(try graded("--grader answer")["unanswered"] as? Int == 2)
    }

    @Test("rows of other columns are graded with --prompt-key; none is no program; a folder is graded")
    func otherColumns() throws {
        try tiny.write("some/rows.jsonl", #"{"task": "p", "response": "a", "answer": "a"}"# + "\n")
        func graded(_ setting: String, _ command: String) throws -> Binary.Result {
            try Binary.run(["--json", "-c", setting + command], folder: tiny.folder)
        }
        #expect(try graded(Self.setting, "grade some").errors.contains("no member for the problem"))
        let own = try Binary.last(graded(Self.setting, "grade some --prompt-key task"), "grade")
        #expect(own["wrong"] as? Int == 1)
        let plain = try Binary.last(graded(Self.setting + "set reward.command none\n", "grade some"), "grade")
        #expect(plain["right"] as? Int == 1)
    }

    private static let training = """
        train rloo model.path=\(TinyWorkspace.model) data.train_files=rows.jsonl data.train_batch_size=2 \
        data.shuffle=false rollout.n=2 \
        rollout.response_length=12 trainer.save_freq=1 rollout.log_freq=1 actor.optim.lr=1e-3
        """

    /// Runs a step of training with grade.sh.
    private func begin() throws -> Binary.Result {
        try tiny.write("rows.jsonl", "{\"question\":\"say a\"}\n{\"question\":\"say sleeper\"}\n")
        return try tiny.run(
            Self.setting + Self.training + " trainer.total_training_steps=2 --wait\n", json: true)
    }

    @Test("training's rollouts are graded by it; late ones are left out and counted apart")
    func training() throws {
        let result = try begin()
        #expect(result.status == 0, "\(result.errors)")
        let run = tiny.folder + "/runs/rloo-1"
        let metrics = try String(contentsOfFile: run + "/metrics.jsonl", encoding: .utf8).split(separator: "\n")
        #expect(metrics.count == 2 && metrics.allSatisfy { $0.contains("\"rollout/timed_out\":2") }, "\(metrics)")
        let rows = try String(contentsOfFile: run + "/rollouts/1.jsonl", encoding: .utf8).split(separator: "\n")
        #expect(rows.count { $0.contains("\"score\":null") && $0.contains("not graded within reward.timeout") } == 2)
        for row in rows where row.contains("say a") {
            let row = try #require(try JSONSerialization.jsonObject(with: Data(row.utf8)) as? [String: Any])
            let isEven = (row["output"] as? String)?.count { $0 == "a" }.isMultiple(of: 2) == true
            if row["finish"] as? String == "stop" { #expect(row["score"] as? Double == (isEven ? 1 : 0)) }
        }
        let added = try Binary.last(tiny.run("add runs/rloo-1/rollouts/1.jsonl\nsamples rloo-1\n", json: true), "add")
        #expect((added["solutions"] as? [Any])?.count == 4)
    }

    /// compare-credits of a row of the first step's rollouts.
    private func compared(_ row: Int, _ setting: String) throws -> Binary.Result {
        try Binary.run(
            [
                "--json", "-c",
                "load actor \(TinyWorkspace.model) --as m\nprompt use tiny --actor\nset rollout.response_length 12\n"
                    + "set algorithm.mc_rollouts 1\nset critic.max_prefixes 1\n" + setting
                    + "compare-credits runs/rloo-1/rollouts/1.jsonl --rollout \(row)\n",
            ], folder: tiny.folder)
    }

    @Test("compare-credits asks it; what it does not grade in time has no outcome, and is not worth 0")
    func credits() throws {
        #expect(try begin().status == 0)
        let kept = tiny.folder + "/runs/rloo-1/rollouts/1.jsonl"
        let rows = try String(contentsOfFile: kept, encoding: .utf8).split(separator: "\n")
        let late = try #require(rows.firstIndex { $0.contains("\"score\":null") }) + 1
        let graded = try #require(rows.firstIndex { !$0.contains("\"score\":null") }) + 1
        let nobody = try compared(late, "")
        #expect(
            nobody.status == 1 && nobody.errors.contains("rollout \(late) has no outcome: it was not graded in time"))
        #expect(nobody.errors.contains("set reward.command"), "\(nobody.errors)")
        // It has to have answered once.
        let again = try compared(late, Self.setting + "problem \"a p\"\ngrade 8 a\n")
        #expect(again.status == 1 && again.errors.contains("raise reward.timeout"), "\(again.errors)")
        // Another program, which says that everything is right; what was cut off is 0 all the same.
        try tiny.write("right.sh", "while read -r line; do echo '{\"right\": true}'; done\n")
        for row in [late, graded] {
            let wanted = rows[row - 1].contains("\"finish\":\"length\"") ? 0.0 : 1
            let right = try Binary.last(compared(row, "set reward.command 'sh right.sh'\n"), "compare-credits")
            #expect(right["score"] as? Double == wanted && right["timed_out"] as? Int == 0, "\(right)")
        }
        // One that does not answer the third time: the other solution of the group is left out.
        try tiny.write(
            "slow.sh",
            "while read -r line; do echo x >> calls; [ $(wc -l < calls) = 3 ] && sleep 300; echo '{\"right\": true}'; "
                + "done\n")
        let whole = rows.map { $0.replacing("\"finish\":\"length\"", with: "\"finish\":\"stop\"") + "\n" }
        try Data(whole.joined().utf8).write(to: URL(fileURLWithPath: kept))
        let alone = try compared(
            graded, "set reward.command 'sh slow.sh'\nset reward.timeout 0.5\nproblem \"a p\"\ngrade 8 a\n")
        let figures = try Binary.last(alone, "compare-credits")
        #expect(figures["timed_out"] as? Int == 1 && figures["score"] as? Double == 1, "\(figures)")
        #expect(alone.errors.contains("grpo and rloo: no other solution was graded"), "\(alone.errors)")
    }

    @Test("grade of one text asks it, as a solution of the problem in use, unless a grader is named")
    func oneText() throws {
        func graded(_ commands: String) throws -> Binary.Result {
            try Binary.run(["--json", "-c", Self.setting + commands], folder: tiny.folder)
        }
        let alone = try graded("grade 7 \"a a\"")
        #expect(alone.status == 1 && alone.errors.contains("reward.command reads the problem too"), "\(alone.errors)")
        let even = try Binary.last(graded("problem \"a p\" --answer 7\ngrade 8 \"a a\""), "grade")
        #expect(even["status"] as? String == "right" && even["outcome"] as? Double == 1)
        let late = try Binary.last(graded("problem \"a p\"\ngrade 8 \"a a\"\ngrade 8 \"sleeper\""), "grade")
        #expect(late["status"] as? String == "timed out" && late["outcome"] is NSNull, "\(late)")
        let own = try Binary.last(graded("grade 8 \"a a 8\" --grader answer"), "grade")
        #expect(own["status"] as? String == "right" && lines("asked") == 2)
    }

    @Test("a run's own command is asked about before it is run, and refused in a script that does not say it first")
    func trust() throws {
        #expect(try begin().status == 0)
        let recipe = tiny.folder + "/runs/rloo-1/recipe.json"
        let text = try String(contentsOfFile: recipe, encoding: .utf8)
        // Somebody else's: of another command, with steps left to do.
        let other = text.replacingOccurrences(of: "sh grade.sh", with: "touch stolen; sh grade.sh")
            .replacingOccurrences(
                of: "\"trainer.total_training_steps\": \"2\"", with: "\"trainer.total_training_steps\": \"3\"")
        #expect(other != text)
        try tiny.write("runs/rloo-1/recipe.json", other)
        func stolen() -> Bool { FileManager.default.fileExists(atPath: tiny.folder + "/stolen") }
        let refused = try tiny.run(Self.setting + "resume rloo-1 --wait\n")
        #expect(refused.status == 1 && !stolen())
        #expect(
            refused.errors.contains(
                "rloo-1 is graded by a program that its recipe names: touch stolen; sh grade.sh; if it is to be run, "
                    + "say so before: `set reward.command \"touch stolen; sh grade.sh\"`"), "\(refused.errors)")
        let terminal = try PseudoTerminal(folder: tiny.folder)
        try terminal.expectLast("genac>")
        terminal.send("resume rloo-1 --wait\r")
        try terminal.expectLast("run it? [y/N]")
        terminal.send("n\r")
        try terminal.expect("rloo-1 was not resumed")
        #expect(!stolen())
        terminal.send("resume rloo-1 --wait\r")
        try terminal.wait("the question again") { $0.screen.lines.filter { $0.hasPrefix("run it? [y/N]") }.count == 2 }
        terminal.send("yes\r")
        try terminal.expect("finished")
        #expect(stolen())
        let said = try tiny.run("set reward.command \"touch stolen; sh grade.sh\"\nresume rloo-1 --wait\n")
        #expect(said.status == 0 && said.output.contains("finished"), "\(said.errors)")
    }
}
