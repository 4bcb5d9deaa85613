import Foundation
import Testing

/// The critic's road through the binary, on the starter pair: traces, training, looking inside, scoring again.
@Suite(.serialized, .enabled(if: Binary.starterIsThere)) struct CriticTrainingTests {
    private static let small =
        "data.train_files=starter:jumps:train data.train_batch_size=2 rollout.n=2 rollout.response_length=40 "
        + "critic.icc.measured_on=6 rollout.log_freq=1"

    @Test("an actor is measured on load, the source is shown, and a measurement can be had elsewhere or not at all")
    func measuredOnLoad() throws {
        try Binary.withFolder { folder in
            let lines = try Binary.json(
                "load actor starter:actor; problems load starter:jumps; generate -n 1; icc; set critic.icc.measured_on "
                    + "7; load actor starter:actor --as b --measure starter:jumps:dev; load actor starter:actor --as c "
                    + "--measure none",
                folder)
            let rate = try #require(lines[0]["success_rate"] as? Double)
            #expect((0.3...0.8).contains(rate))
            let fields = try #require(lines[3]["fields"] as? [[String: Any]])
            #expect(
                fields[1]["source"] as? String == "measured (100)"
                    && fields[1]["value"] as? String == "\(Int((rate * 100).rounded()))%")
            let few = try #require(lines[5]["success_rate"] as? Double)
            #expect(abs(few * 7 - (few * 7).rounded()) < 1e-9)
            #expect(lines[6]["success_rate"] is NSNull)
            let none = try Binary.run(["-c", "load actor starter:actor --measure nowhere.jsonl"], folder: folder)
            #expect(none.status == 1 && none.errors.contains("nowhere.jsonl"))
        }
    }

    @Test("traces are rows that train sft reads; the trained critic loads")
    func tracesTrain() throws {
        try Binary.withFolder { folder in
            let lines = try Binary.json(
                "load actor starter:actor; set truth.rollouts 8; traces make --problems 6 --per-prefix 2 --keep all "
                    + "t.jsonl; "
                    + "train sft model.path=starter:critic data.train_files=t.jsonl data.train_batch_size=8 "
                    + "trainer.total_training_steps=2 --wait; "
                    + "load critic run:last --as s; traces make --teacher s --problems 2 --keep within:0.5 u.jsonl",
                folder)
            let rows = try String(contentsOfFile: folder + "/t.jsonl", encoding: .utf8).split(separator: "\n")
            #expect(lines[2]["rows"] as? Int == rows.count && rows.count >= 12)
            let row = try #require(try JSONSerialization.jsonObject(with: Data(rows[0].utf8)) as? [String: Any])
            #expect(
                (row["prompt"] as? String)?.hasSuffix("</solution>\n") == true
                    && (row["response"] as? String)?.contains("Score: ") == true)
            #expect(row["truth"] is Double && row["rollouts"] as? Int == 8 && row["actor"] as? String == "actor")
            #expect(lines[5]["teacher"] as? String == "s")
        }
    }

    @Test("traces with a name go on from what is kept, to the same rows; of another question they are refused")
    func tracesGoOn() throws {
        try Binary.withFolder { folder in
            let make =
                "load actor starter:actor --measure none; set truth.rollouts 4; traces make --problems 40 --keep all"
            let kept = folder + "/studies/t/measurements.jsonl"
            _ = try Binary.json(
                "\(make) whole.jsonl; \(make.split(separator: "; ").last ?? "") --name t first.jsonl", folder)
            let lines = try String(contentsOfFile: kept, encoding: .utf8).split(separator: "\n")
            #expect(lines.count == 3)
            try (lines.prefix(2).joined(separator: "\n") + "\n").write(toFile: kept, atomically: true, encoding: .utf8)
            let again = try Binary.run(["-c", "\(make) --name t again.jsonl"], folder: folder)
            #expect(again.status == 0 && again.errors.contains("has 2 of its measurements already"), "\(again.errors)")
            let rows = try ["whole", "first", "again"].map {
                try String(contentsOfFile: "\(folder)/\($0).jsonl", encoding: .utf8)
            }
            #expect(rows[0] == rows[1] && rows[1] == rows[2] && !rows[0].isEmpty)
            let other = try Binary.run(["-c", "\(make) --dropout 1 --name t other.jsonl"], folder: folder)
            #expect(other.status == 1 && other.errors.contains("dropout"), "\(other.errors)")
        }
    }

    @Test("a saved model's card tells the runs it came out of, newest first, as the commands that made them")
    func modelCard() throws {
        try Binary.withFolder { folder in
            let rest =
                "data.train_files=t.jsonl data.train_batch_size=4 actor.optim.lr=2e-5 trainer.total_training_steps=2 "
                + "--wait"
            _ = try Binary.json(
                "starter corpus --role actor --rows 40 t.jsonl; train sft model.path=starter:actor \(rest) "
                    + "trainer.experiment_name=first; "
                    + "train sft model.path=run:first \(rest) trainer.experiment_name=second; load actor run:second "
                    + "--as mine --measure none; save mine out",
                folder)
            let card = try String(contentsOfFile: folder + "/out/README.md", encoding: .utf8)
            #expect(
                card.hasPrefix("---\nlibrary_name: transformers\n") && card.contains("# mine")
                    && card.contains("from run:second"))
            let second = try #require(card.range(of: "### second, step 2")),
                first = try #require(card.range(of: "### first, step 2"))
            #expect(second.lowerBound < first.lowerBound)
            #expect(
                card.contains("train sft model.path=run:first@2 ") && card.contains("actor.optim.lr=2e-5")
                    && card.contains("data.train_files=t.jsonl") && card.contains("`train/loss`"))
            #expect(!card.contains("actor.grad_clip"), "a default is not told")
            let again = try Binary.json("load actor out --as again --measure none; save again other", folder)
            #expect(again.count == 2)
        }
    }

    @Test("a run's rollouts, brought into the workspace, are scored under the very prompts the critic read in training")
    func rolloutsAreReadAgainAsTheyWere() throws {
        try Binary.withFolder { folder in
            _ = try Binary.json(
                "train critic-rl model.path=starter:critic data.actors=starter:actor \(Self.small) "
                    + "critic.icc.dropout=0 trainer.total_training_steps=2 --wait",
                folder)
            let text = try String(contentsOfFile: folder + "/runs/critic-rl-1/rollouts/2.jsonl", encoding: .utf8)
            let rows = try text.split(separator: "\n").map {
                try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
            }
            let prefixes = try #require(rows.last?["prefixes"] as? [[String: Any]])
            let steps = prefixes.compactMap { $0["step"] as? Int }
            let shown = steps.map { "prompt show last.\($0)" }.joined(separator: "; ")
            let lines = try Binary.json(
                "load actor starter:actor; load critic starter:critic; add runs/critic-rl-1/rollouts/2.jsonl; "
                    + "\(shown); score last",
                folder)
            #expect((lines[2]["solutions"] as? [[String: Any]])?.count == rows.count)
            #expect(!steps.isEmpty && steps.count == prefixes.count && lines.count == 3 + steps.count + 1)
            for (line, prefix) in zip(lines.dropFirst(3), prefixes) {
                #expect(try #require(line["text"] as? String) == prefix["prompt"] as? String)
            }
            try Data("{\"output\": 1}\n".utf8).write(to: URL(fileURLWithPath: folder + "/bad.jsonl"))
            let bad = try Binary.run(["-c", "load actor starter:actor; add bad.jsonl"], folder: folder)
            #expect(bad.status == 1 && bad.errors.contains("bad.jsonl:1"), "\(bad.errors)")
        }
    }

    @Test("a value head is a critic like any other, and nothing else")
    func aValueHeadInTheShell() throws {
        try Binary.withFolder { folder in
            let lines = try Binary.json(
                "train value-head model.path=starter:critic data.actors=starter:actor \(Self.small) "
                    + "trainer.total_training_steps=2 --wait; "
                    + "load actor starter:actor; load critic run:last --as head; problems load starter:jumps; generate "
                    + "-n 1 --score; score last; prompt show last.1; "
                    + "study approximation --problems 3 --rollouts 4 --critic head --critic exact; save head saved; "
                    + "load critic saved",
                folder)
            let scores = try #require(lines[5]["prefixes"] as? [[String: Any]])
            #expect(!scores.isEmpty)
            #expect(scores.allSatisfy { $0["value"] is Double && ($0["chains"] as? [Any])?.isEmpty == true })
            #expect((lines[6]["text"] as? String)?.contains("</solution>") == false)
            for (command, words) in [
                ("load actor run:value-head-1", "writes nothing"),
                ("load critic run:value-head-1 --as h; logprobs abc", "knows nothing of words"),
                ("train sft model.path=run:value-head-1 data.train_files=x.jsonl", "value head"),
            ] {
                let refused = try Binary.run(["-c", command], folder: folder)
                #expect(refused.status == 1 && refused.errors.contains(words), "\(command): \(refused.errors)")
            }
        }
    }

    @Test("the critic's session is made of commands that are there")
    func theSessionReads() throws {
        let text = try String(contentsOfFile: Binary.root + "/sessions/critic.genac", encoding: .utf8)
        let commands = Set(
            text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap {
                $0.split(separator: " ").first.map(String.init)
            })
        #expect(commands.isSuperset(of: ["load", "train", "study"]))
        for command in commands {
            #expect(try Binary.run(["-c", "help \(command)"]).status == 0, "\(command)")
        }
    }
}
