import Foundation
import Testing

/// Mistakes in words, and what commands take where none is named.
@Suite("Usage in words")
struct UsageTests {
    @Test(
        "what is missing, too much or unknown is said with an example and where to read on",
        arguments: [
            (
                "branch",
                "branch needs PREFIX: a prefix, such as 2.3; for example `branch 2.3 -n 8`; `help branch` says more"
            ),
            ("load", "load needs ROLE: actor or critic; for example `load actor "),
            ("generate --scor", "generate has no option --scor; did you mean --score?; for example"),
            ("generate -n", "-n needs COUNT after it: how many solutions"),
            ("generate -n x", "x is no COUNT for -n: how many solutions"),
            (
                "train genca",
                "genca is no STAGE: it is one of sft, critic-rl, value-head, genac, ppo, grpo, rloo, vineppo; did "
                    + "you mean genac?"
            ),
            ("icc ofc style", "icc has no verb ofc; did you mean icc off?"),
            (
                "prompt use a b",
                "prompt use takes only TEMPLATE: there is no place for b; text of several words is quoted"
            ),
            ("models x", "models takes no words: there is no place for x"),
            ("add x --edit=1", "--edit is a switch and takes no value, but 1 was given"),
            ("shwo", "there is no command shwo; did you mean show?"),
        ])
    func words(command: String, expected: String) throws {
        let result = try Binary.run(["-c", command])
        #expect(result.status == 2 && result.errors.contains(expected), "\(command): \(result.errors)")
        #expect(!result.errors.contains("<") && result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    }

    @Test(
        "so are mistakes in genac's own words",
        arguments: [
            (["--foo"], 2, "genac has no option --foo; `genac --help` says more\n"),
            (["--jsn"], 2, "genac has no option --jsn; did you mean --json?; `genac --help` says more\n"),
            (
                ["-c"], 2,
                "genac: -c needs COMMANDS after it: run these commands (separated by ;); `genac --help` says more\n"
            ),
            (["--seed", "x"], 2, "genac: x is no N for --seed: seed of every random number"),
            (["--color", "blue"], 2, "genac: blue is no WHEN for --color: it is one of auto, always, never"),
            (["-c", "help", "a.genac"], 2, "genac: -c and files cannot be given together"),
            (["nosuch.genac"], 1, "nosuch.genac: cannot be opened: no such file; check the path"),
            (
                ["generate"], 1,
                "there is no script generate; the command of that name is typed in the shell, or run by genac -c 'gen"
            ),
        ] as [([String], Int32, String)])
    func process(arguments: [String], status: Int32, expected: String) throws {
        let result = try Binary.run(arguments)
        #expect(result.status == status && result.errors.contains(expected), "\(arguments): \(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1 && result.output.isEmpty, "\(result.errors)")
    }

    @Test("where nothing is named the newest is meant", .enabled(if: Binary.starterIsThere))
    func last() throws {
        let result = try Binary.run([
            "--json", "-c",
            "load actor starter:actor --measure none; load critic starter:critic; problems load starter:jumps "
                + "--limit 1; generate -n 2; show; score; truth --rollouts 2",
        ])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.json.suffix(2).allSatisfy { $0["solution"] as? Int == 2 })
        #expect((result.json.dropLast(2).last?["solution"] as? [String: Any])?["id"] as? Int == 2)
        let none = try Binary.run(["-c", "show"])
        #expect(none.status == 1 && none.errors.contains("there is no solution last; `generate` makes solutions"))
    }

    @Test("watch, samples, plot, pause, resume and stop take the only job or the newest run")
    func jobs() throws {
        let tiny = try TinyWorkspace()
        let train =
            "train sft model.path=\(TinyWorkspace.model) data.train_files=rows.jsonl trainer.total_training_steps="
        let result = try tiny.run("\(train)100000; pause; resume; stop; \(train)4; watch; plot; resume", json: true)
        #expect(result.status == 0, "\(result.errors)")
        let runs = result.json.suffix(8).map { "\($0["command"] ?? "") \($0["run"] ?? "")" }
        #expect(
            runs == [
                "train sft-1", "pause sft-1", "resume sft-1", "stop sft-1", "train sft-2", "watch sft-2", "plot sft-2",
                "resume sft-2",
            ])
        let two = try tiny.run("\(train)100000; \(train)100000; stop")
        #expect(
            two.status == 1 && two.errors.contains("2 jobs run; name one: `stop 1` (sft-3), `stop 2` (sft-4)"),
            "\(two.errors)")
        #expect(try Binary.run(["-c", "stop"]).errors.contains("there is no job in this session"))
    }

    @Test("help jumps reads a problem, a solution and two chains line by line, and they are true")
    func jumps() throws {
        let text = try Binary.run(["-c", "help jumps"]).output
        for line in [
            "  Start 6 ", "  B3 c*9 d+9 e-4 ", "  C6 a b=2 ", "  B2 c d e=5 ", "  A5 f g=1 ", "  C6 a+4=0 b+2=2/2 ok ",
            "  left B3 A2 ",
            "  B2 c*9=8 d+9=7 e-4=3/5 bad ",
        ] { #expect(text.contains(line), "\(line)") }
        #expect(text.contains("from 8 it would be B8") && text.contains("9/5 bad: it is 9, the actor wrote 5"))
        let graded = try Binary.run(["-c", "problem $'Start 6\\nC2 a+4 b+2\\nB3 c*9 d+9 e-4\\nA2 f-9 g-5'"])
        #expect(
            graded.output.contains("answer: 9") && text.contains("right would be 9"), "\(graded.output)\(graded.errors)"
        )
        #expect(try Binary.run(["-c", "help starter:jumps"]).output == text)
        #expect(try Binary.run(["-c", "help jump"]).errors.contains("did you mean jumps?"))
    }

    @Test("explain and its help say what the grades mean; help prompt names every placeholder")
    func grades() throws {
        for command in ["explain critic.baseline", "help explain"] {
            let text = try Binary.run(["-c", command]).output.replacingOccurrences(of: "\n", with: " ")
            #expect(
                text.contains(
                    "P, stated by the paper's summary; R, reported by a reimplementation that says it follows")
                    && text.contains("O, our choice; nothing is published"), "\(text)")
        }
        let readme = try String(contentsOfFile: Binary.root + "/prompts/README.md", encoding: .utf8)
        let names = Set(readme.matches(of: #/\{\{#?[a-z-]+\}\}/#).map { String($0.0) })
        let text = try Binary.run(["-c", "help prompt"]).output
        #expect(names.count > 12 && names.allSatisfy(text.contains), "\(names.filter { !text.contains($0) })")
    }
}
