import ChildProcess
import Foundation
import Testing

/// What a session of wrong inputs in wrong orders found: each was a hang, a loss or a trap.
@Suite struct AttackTests {
    private let folder = NSTemporaryDirectory() + "genac-attack-\(UUID().uuidString)"

    @Test("loading a run whose job waits for another's turn waits for nothing")
    func aQueuedJobIsNotWaitedFor() throws {
        try withSums(in: folder) {
            let train =
                "train sft model.path=\(TinyWorkspace.model) data.train_files=rows.jsonl data.chat_template=off "
                + "data.train_batch_size=2 trainer.save_freq=0 trainer.total_training_steps=1000000"
            let script = [
                train, "load actor run:last --as a", "pause 1", train, "load actor run:last --as c", "resume 1",
                "load actor run:sft-1 --as b", "load actor run:sft-2 --as d", "models", "stop 1", "stop 2",
            ]
            let result = try Binary.run(["-c", script.joined(separator: "; ")], folder: folder, seconds: 60)
            #expect(result.status == 0, "\(result.errors)")
            for name in ["a", "b", "c", "d"] { #expect(result.output.contains("actor: \(name), "), "\(result.output)") }
        }
    }

    @Test("a model's directory with a user's own file in it is not replaced, rows of another kind neither")
    func replacingSparesWhatItDidNotWrite() throws {
        try withSums(in: folder) {
            func run(_ script: String) throws -> Binary.Result {
                try Binary.run(["-c", "load actor \(TinyWorkspace.model) --as m; " + script], folder: folder)
            }
            let saved = try run("save m web; save m web --replace")
            #expect(saved.status == 0, "\(saved.errors)")
            try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/web/notes.md"))
            let refused = try run("save m web --replace")
            #expect(refused.status == 1 && refused.errors.contains("holds notes.md, which"), "\(refused.errors)")
            try Data("{\"note\": 1}\n".utf8).write(to: URL(fileURLWithPath: folder + "/rows.jsonl"))
            let rows = try run("starter corpus --rows 2 rows.jsonl")
            #expect(rows.status == 1 && rows.errors.contains("holds other rows"), "\(rows.errors)")
            let twice = try run("starter corpus --rows 2 new.jsonl; starter corpus --rows 3 new.jsonl")
            #expect(twice.status == 0, "\(twice.errors)")
            let file = try run("save m rows.jsonl --replace")
            #expect(file.status == 1 && file.errors.contains("rows.jsonl is a file"), "\(file.errors)")
        }
    }

    @Test("a folder that is no model's is not replaced", arguments: ["keep", "runs"])
    func replacingSparesWhatIsNoModel(_ name: String) throws {
        try withSums(in: folder) {
            let file = "\(folder)/\(name)/important/thesis.txt"
            try FileManager.default.createDirectory(
                atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data("x".utf8).write(to: URL(fileURLWithPath: file))
            let save = "load actor \(TinyWorkspace.model) --as m; save m \(name) --replace"
            let result = try Binary.run(["-c", save], folder: folder)
            #expect(result.status == 1 && result.errors.contains("holds important, which"), "\(result.errors)")
            #expect(FileManager.default.fileExists(atPath: file))
            let twice = try Binary.run(
                ["-c", "load actor \(TinyWorkspace.model) --as m; save m saved; save m saved --replace"], folder: folder
            )
            #expect(twice.status == 0, "\(twice.errors)")
        }
    }

    @Test(
        "what is said before the session begins fails as other output does",
        arguments: [
            ("--help", ">&-", 1), ("--help", ">/dev/full", 1), ("--version", ">/dev/full", 1), ("--bogus", "2>&-", 2),
            ("--bogus", "2>/dev/full", 2),
        ])
    func earlyOutputThatFails(_ argument: String, _ redirection: String, _ status: Int32) throws {
        try withSums(in: folder) {
            let process = try ChildProcess(
                "/bin/bash", ["-c", "exec \"$0\" \(argument) \(redirection)", Binary.path],
                environment: ["HOME": folder, "PATH": "/usr/bin:/bin", "GENAC_HOME": Binary.root], folder: folder)
            #expect(try process.wait(seconds: 60) == status)
        }
    }

    @Test(
        "what the environment asks for and cannot have is refused before anything is computed",
        arguments: [
            ["GENAC_KERNELS": "x86-64-v2"], ["GENAC_THREADS": "many"], ["GENAC_THREADS": "0"],
            ["GENAC_HOME": "/nowhere"],
        ])
    func unknownSurroundingsAreRefused(_ environment: [String: String]) throws {
        try withSums(in: folder) {
            let result = try Binary.run(["-c", "settings"], folder: folder, environment: environment)
            let (name, value) = try #require(environment.first)
            #expect(result.status == 2 && result.errors.contains("\(name)=\(value)"), "\(result.errors)")
        }
    }

    @Test(
        "rollouts that are added say where they came from, and count in no success rate",
        .enabled(if: Binary.starterIsThere))
    func addedRolloutsAreARuns() throws {
        try withSums(in: folder) {
            let train =
                "train rloo model.path=starter:actor data.train_files=starter:jumps:train data.train_batch_size=2 "
                + "rollout.n=2 "
                + "trainer.total_training_steps=1 --wait"
            let script =
                "\(train); load actor starter:actor --measure none; add runs/rloo-1/rollouts/1.jsonl; solutions --all; "
                + "icc"
            let result = try Binary.run(["--json", "-c", script], folder: folder)
            #expect(result.status == 0, "\(result.errors)")
            let solutions = try #require(result.json[3]["solutions"] as? [[String: Any]])
            #expect(solutions.count == 4)
            #expect(solutions.allSatisfy { $0["author"] as? String == "sampled in runs/rloo-1/rollouts/1.jsonl" })
            let own = try Binary.run(
                ["--json", "-c", "load actor starter:actor --measure none; problem 'x?' --answer 1; icc"],
                folder: folder)
            let fields = try #require(own.json.last?["fields"] as? [[String: Any]])
            #expect(fields.first { $0["name"] as? String == "success-rate" }?["source"] as? String == "unknown")
        }
    }

    @Test("nothing is written behind a solution's end", .enabled(if: Binary.starterIsThere))
    func aFinishedSolutionHasNoBranches() throws {
        try withSums(in: folder) {
            let script =
                "load actor starter:actor --measure none; problems load starter:jumps; generate -n 1 --temperature 0; "
                + "branch last.99"
            let steps = try Binary.run(["--json", "-c", script + "; show last"], folder: folder)
            #expect(steps.status == 1)
            let shown = try Binary.run(["--json", "-c", "show last"], folder: folder)
            let count = try #require((shown.json.last?["steps"] as? [Any])?.count)
            let result = try Binary.run(
                ["-c", "load actor starter:actor --measure none; branch last.\(count)"], folder: folder)
            #expect(result.status == 1 && result.errors.contains("ends there"), "\(result.errors)")
        }
    }

    @Test("a NUL would cut a file's name short: it is refused")
    func nulsAreRefused() throws {
        try withSums(in: folder) {
            let result = try Binary.run(
                ["-c", "load actor \(TinyWorkspace.model) --as m; save m $'x\\0y'"], folder: folder)
            #expect(result.status != 0 && result.errors.contains("NUL"), "\(result.errors)")
            #expect(!FileManager.default.fileExists(atPath: folder + "/x"))
        }
    }
}
