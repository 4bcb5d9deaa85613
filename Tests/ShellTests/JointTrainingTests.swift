import Foundation
import Testing

/// Joint training through the binary, on the starter pair: training, looking at credits, comparing what came of it.
@Suite(.serialized, .enabled(if: Binary.starterIsThere)) struct JointTrainingTests {
    private static let small =
        "model.path=starter:actor data.train_files=starter:jumps:train data.train_batch_size=2 rollout.n=3 "
        + "rollout.response_length=40 "
        + "trainer.total_training_steps=2 rollout.log_freq=1 actor.optim.lr=1e-4"
    private static let genac =
        "train genac \(small) critic.model.path=starter:critic critic.icc.measured_on=6 critic.num_samples=2 "
        + "critic.optim.lr=1e-4"

    @Test("samples shows the steps' advantages, compare-credits every method's beside each other, both from one file")
    func credits() throws {
        try Binary.withFolder { folder in
            _ = try Binary.json(
                "\(Self.genac) --wait; train ppo \(Self.small) critic.model.path=starter:actor "
                    + "critic.icc.measured_on=6 --wait",
                folder)
            let shown = try Binary.run(["-c", "samples genac-1 2 --limit 1"], folder: folder)
            #expect(
                shown.status == 0 && shown.output.contains("adv.")
                    && shown.output.range(of: #"[+-]\d\.\d{3}"#, options: .regularExpression) != nil)
            let lines = try Binary.json(
                "load actor starter:actor; load critic run:genac-1 --as judge; load critic run:ppo-2 --as values; set "
                    + "algorithm.mc_rollouts 4; "
                    + "compare-credits runs/genac-1/rollouts/2.jsonl --rollout 1 --critic judge --head values; set "
                    + "algorithm.lam 1; "
                    + "compare-credits runs/genac-1/rollouts/2.jsonl --rollout 1 --critic judge --head values", folder)
            for compared in [lines[4], lines[6]] { try checkColumns(compared) }
            // At lambda 1 a step's advantage is the outcome less the value of where it began.
            let columns = try #require(lines[6]["columns"] as? [[String: Any]])
            let values = try #require(columns[0]["values"] as? [Double]),
                advantages = try #require(columns[0]["advantages"] as? [Double])
            let score = try #require(lines[6]["score"] as? Double)
            #expect(values.count == advantages.count && !values.isEmpty)
            for (value, advantage) in zip(values, advantages) { #expect(abs(advantage - (score - value)) < 1e-9) }
            try checkRefusals(folder)
        }
    }

    /// What compare-credits says of each method; with gamma 1 what VinePPO credits the steps with adds up to what the
    /// outcome adds to the first value.
    private func checkColumns(_ compared: [String: Any]) throws {
        let columns = try #require(compared["columns"] as? [[String: Any]])
        #expect(columns.compactMap { $0["method"] as? String } == ["genac", "ppo", "grpo", "rloo", "vineppo"])
        let steps = try #require(compared["steps"] as? [String]),
            score = try #require(compared["score"] as? Double)
        for column in columns {
            let advantages = try #require(column["advantages"] as? [Double])
            #expect(advantages.count == steps.count)
            guard column["method"] as? String == "vineppo" else { continue }
            let values = try #require(column["values"] as? [Double])
            #expect(abs(advantages.reduce(0, +) - (score - values[0])) < 1e-9)
        }
    }

    private func checkRefusals(_ folder: String) throws {
        // A run's two models have one source and would have one name: the other one is never taken for it.
        for (run, first, then) in [
            ("genac-1", "actor", "critic"), ("genac-1", "critic", "actor"), ("ppo-2", "actor", "critic"),
            ("ppo-2", "critic", "actor"),
        ] {
            let both = try Binary.run(["-c", "load \(first) run:\(run); load \(then) run:\(run)"], folder: folder)
            #expect(both.status != 0 && both.errors.contains("\(run) is the \(first) of run:\(run)"), "\(both.errors)")
        }
        let head = try Binary.run(["-c", "\(Self.genac) critic.model.path=run:ppo-2 --wait"], folder: folder)
        #expect(
            head.status == 1 && head.errors.contains("value head"),
            "a run's critic is meant, not its actor: \(head.errors)")
        let text = try Binary.run(
            ["-c", "load actor starter:actor; compare-credits runs/genac-1/rollouts/1.jsonl"], folder: folder)
        #expect(
            text.status == 0 && text.errors.contains("left out: genac") && text.errors.contains("left out: ppo"),
            "\(text.errors)")
        #expect(
            try Binary.run(
                ["-c", "load actor starter:actor; compare-credits runs/genac-1/rollouts/1.jsonl --rollout 99"],
                folder: folder
            ).status != 0)
        #expect(
            try Binary.run(["-c", "load actor starter:actor; compare-credits nothing.jsonl"], folder: folder).errors
                .contains("nothing.jsonl"))
    }

    @Test("kept rollouts are trained on again from another folder's file, and what cannot be is named with its line")
    func replay() throws {
        try Binary.withFolder { folder in
            let lines = try Binary.json(
                "\(Self.genac) --wait; train grpo model.path=starter:actor data.rollouts=runs/genac-1/rollouts/1.jsonl "
                    + "actor.optim.lr=1e-4 --wait",
                folder)
            #expect(lines[1]["state"] as? String == "finished" && lines[1]["steps"] as? Int == 1)
            try Data("{\"output\": 1}\n".utf8).write(to: URL(fileURLWithPath: folder + "/bad.jsonl"))
            let bad = try Binary.run(
                ["-c", "train rloo model.path=starter:actor data.rollouts=bad.jsonl --wait"], folder: folder)
            #expect(bad.status == 1 && bad.errors.contains("bad.jsonl:1"), "\(bad.errors)")
            let kept = folder + "/runs/genac-1/rollouts/2.jsonl"
            try Data(contentsOf: URL(fileURLWithPath: kept)).dropLast(40).write(to: URL(fileURLWithPath: kept))
            let cut = try Binary.run(["-c", "samples genac-1 2"], folder: folder)
            #expect(cut.status == 1 && cut.errors.contains("2.jsonl:"), "\(cut.errors)")
            let none = try Binary.run(["-c", "train rloo model.path=starter:actor --wait"], folder: folder)
            #expect(none.status != 0 && none.errors.contains("data.train_files"), "\(none.errors)")
        }
    }

    @Test func anIterationIsMeasuredByPhase() throws {
        try Binary.withFolder { folder in
            let lines = try Binary.json(
                "load actor starter:actor --measure none; bench iteration --rollouts 2 --prompt 16 --response 24 "
                    + "--prefixes 3 --suffix 6 --chain 8 --continuations 2 --runs 1",
                folder)
            let rows = try #require(lines[1]["rows"] as? [[String: Any]])
            #expect(rows.compactMap { $0["method"] as? String } == ["ppo", "genac", "vineppo", "grpo"])
            for row in rows {
                let phases = try #require(row["phases"] as? [String: Double])
                #expect(
                    phases.count == 4 && phases.values.allSatisfy { $0 >= 0 } && (phases["gen"] ?? 0) > 0
                        && (phases["update_actor"] ?? 0) > 0)
            }
        }
    }
}
