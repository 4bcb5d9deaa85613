import Foundation
import Testing

/// Joint training through the binary, on the starter pair: training, looking at credits, comparing what came of it.
@Suite(.serialized, .enabled(if: Binary.starterIsThere)) struct JointTrainingTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "genac-joint-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func json(_ script: String, _ folder: String) throws -> [[String: Any]] {
        let result = try Binary.run(["--json", "-c", script], folder: folder)
        // What is indexed afterwards is there only when every command succeeded.
        try #require(result.status == 0, "\(result.errors)\(result.output.suffix(500))")
        return result.json
    }

    private static let small =
        "model.path=starter:actor data.train_files=starter:jumps:train data.train_batch_size=2 rollout.n=3 rollout.response_length=40 "
        + "trainer.total_training_steps=2 rollout.log_freq=1 actor.optim.lr=1e-4"
    private static let genac = "train genac \(small) critic.model.path=starter:critic critic.icc.measured_on=6 critic.num_samples=2 critic.optim.lr=1e-4"

    @Test("samples shows the steps' advantages, compare-credits every method's beside each other, both from one file")
    func credits() throws {
        try withFolder { folder in
            _ = try json("\(Self.genac) --wait; train ppo \(Self.small) critic.model.path=starter:actor critic.icc.measured_on=6 --wait", folder)
            let shown = try Binary.run(["-c", "samples genac-1 2 --limit 1"], folder: folder)
            #expect(shown.status == 0 && shown.output.contains("adv.") && shown.output.range(of: #"[+-]\d\.\d{3}"#, options: .regularExpression) != nil)
            let lines = try json(
                "load actor starter:actor; load critic run:genac-1 --as judge; load critic run:ppo-2 --as values; set algorithm.mc_rollouts 4; "
                    + "compare-credits runs/genac-1/rollouts/2.jsonl --rollout 1 --critic judge --head values; set algorithm.lam 1; "
                    + "compare-credits runs/genac-1/rollouts/2.jsonl --rollout 1 --critic judge --head values", folder)
            for compared in [lines[4], lines[6]] {
                let columns = try #require(compared["columns"] as? [[String: Any]])
                #expect(columns.compactMap { $0["method"] as? String } == ["genac", "ppo", "grpo", "rloo", "vineppo"])
                let steps = try #require(compared["steps"] as? [String]), score = try #require(compared["score"] as? Double)
                for column in columns {
                    let advantages = try #require(column["advantages"] as? [Double])
                    #expect(advantages.count == steps.count)
                    // With gamma 1 what the steps are credited with adds up to what the outcome adds to the first value.
                    guard column["method"] as? String == "vineppo", let values = column["values"] as? [Double] else { continue }
                    #expect(abs(advantages.reduce(0, +) - (score - values[0])) < 1e-9)
                }
            }
            // At lambda 1 a step's advantage is the outcome less the value of where it began.
            let columns = try #require(lines[6]["columns"] as? [[String: Any]])
            let values = try #require(columns[0]["values"] as? [Double]), advantages = try #require(columns[0]["advantages"] as? [Double])
            let score = try #require(lines[6]["score"] as? Double)
            for (value, advantage) in zip(values, advantages) { #expect(abs(advantage - (score - value)) < 1e-9) }
            let head = try Binary.run(["-c", "\(Self.genac) critic.model.path=run:ppo-2 --wait"], folder: folder)
            #expect(head.status == 1 && head.errors.contains("value head"), "a run's critic is meant, not its actor: \(head.errors)")
            let text = try Binary.run(["-c", "load actor starter:actor; compare-credits runs/genac-1/rollouts/1.jsonl"], folder: folder)
            #expect(text.status == 0 && text.errors.contains("left out: genac") && text.errors.contains("left out: ppo"), "\(text.errors)")
            #expect(try Binary.run(["-c", "load actor starter:actor; compare-credits runs/genac-1/rollouts/1.jsonl --rollout 99"], folder: folder).status != 0)
            #expect(try Binary.run(["-c", "load actor starter:actor; compare-credits nothing.jsonl"], folder: folder).errors.contains("nothing.jsonl"))
        }
    }

    @Test("kept rollouts are trained on again from another folder's file, and what cannot be is named with its line")
    func replay() throws {
        try withFolder { folder in
            let lines = try json("\(Self.genac) --wait; train grpo model.path=starter:actor data.rollouts=runs/genac-1/rollouts/1.jsonl actor.optim.lr=1e-4 --wait", folder)
            #expect(lines[1]["state"] as? String == "finished" && lines[1]["steps"] as? Int == 1)
            try Data("{\"output\": 1}\n".utf8).write(to: URL(fileURLWithPath: folder + "/bad.jsonl"))
            let bad = try Binary.run(["-c", "train rloo model.path=starter:actor data.rollouts=bad.jsonl --wait"], folder: folder)
            #expect(bad.status == 1 && bad.errors.contains("bad.jsonl:1"), "\(bad.errors)")
            let kept = folder + "/runs/genac-1/rollouts/2.jsonl"
            try Data(contentsOf: URL(fileURLWithPath: kept)).dropLast(40).write(to: URL(fileURLWithPath: kept))
            let cut = try Binary.run(["-c", "samples genac-1 2"], folder: folder)
            #expect(cut.status == 1 && cut.errors.contains("2.jsonl:"), "\(cut.errors)")
            let none = try Binary.run(["-c", "train rloo model.path=starter:actor --wait"], folder: folder)
            #expect(none.status != 0 && none.errors.contains("data.train_files"), "\(none.errors)")
        }
    }

    @Test("the same actor twice differs by nothing; several seeds are one row")
    func success() throws {
        try withFolder { folder in
            let lines = try json(
                "load actor starter:actor --as a --measure none; load actor starter:critic --as b --measure none; "
                    + "study success --actor a --actor a --actor a,b --problems 12 --samples 2", folder)
            let rows = try #require(lines[2]["rows"] as? [[String: Any]])
            let rates = rows.compactMap { $0["success"] as? Double }
            #expect(rates.count == 3 && rates[0] == rates[1] && (rates[0] * 24).rounded() == rates[0] * 24)
            #expect(rows[1]["difference"] as? Double == 0 && rows[1]["high"] as? Double == 0)
            let each = try #require(rows[2]["success_by_run"] as? [Double])
            #expect(each.count == 2 && abs(each.reduce(0, +) / 2 - rates[2]) < 1e-12)
        }
    }

    @Test("next steps are ranked: pools, chance and critics, the same in every run; with nothing to rank it says so")
    func ranking() throws {
        try withFolder { folder in
            let script = "load actor starter:actor --measure none; load critic starter:critic; study ranking --problems 40 --rollouts 8 --critic critic --critic exact"
            let (first, again) = (try json("set critic.icc.measured_on 50; \(script)", folder)[3], try json("set critic.icc.measured_on 50; \(script)", folder)[3])
            let rows = try #require(first["rows"] as? [[String: Any]]), pools = try #require(first["pools"] as? [Int])
            #expect(rows.compactMap { $0["estimator"] as? String } == ["log-likelihood", "critic", "exact"])
            #expect(rows as NSArray == again["rows"] as? NSArray)
            let states = try #require(first["states"] as? Int), chance = try #require(first["chance"] as? [Double])
            #expect(pools.count == 4 && pools == pools.sorted() && pools[3] <= states && states <= 40)
            #expect(chance[0] == 0.5 && chance.allSatisfy { $0 > 0 && $0 < 1 })
            let exact = try #require(rows[2]["top1"] as? [Double])
            #expect(zip(exact, chance).allSatisfy { $0 > $1 }, "who checks exactly chooses better than by lot")
            #expect((rows[0]["difference_to_previous"] as? [Double])?.isEmpty == true && (rows[1]["previous_low"] as? [Double])?.count == 4)
            let cold = try Binary.run(["-c", "set rollout.temperature 0; load actor starter:actor --measure none; load critic starter:critic; study ranking --problems 3 --rollouts 2"], folder: folder)
            #expect(cold.status == 1 && cold.errors.contains("different next steps"), "\(cold.errors)")
        }
    }

    @Test("what ICC is worth: four prompts for each critic, each beside the one that tells nothing, on the same prefixes")
    func toldAndNotTold() throws {
        try withFolder { folder in
            let lines = try json(
                "load actor starter:actor; load critic starter:critic; study approximation --problems 8 --rollouts 4; study icc --problems 8 --rollouts 4 --critic critic --critic exact; "
                    + "icc off success-rate; icc off actor; icc off infer; icc off sampling; study approximation --problems 8 --rollouts 4", folder)
            let rows = try #require(lines[3]["critics"] as? [[String: Any]])
            #expect(rows.compactMap { $0["critic"] as? String } == ["critic, told nothing", "critic, the rate", "critic, all but the rate", "critic, all", "exact"])
            let errors = rows.compactMap { $0["mse"] as? Double }
            for row in 1...3 {
                let difference = try #require(rows[row]["difference_to_previous"] as? Double)
                #expect(abs(difference - (errors[row] - errors[0])) < 1e-9)
            }
            #expect(rows[0]["difference_to_previous"] is NSNull && rows[4]["difference_to_previous"] is NSNull)
            // The session's own switches give the two ends.
            #expect(((lines[2]["critics"] as? [[String: Any]])?.first?["mse"] as? Double) == errors[3])
            #expect(((lines[8]["critics"] as? [[String: Any]])?.first?["mse"] as? Double) == errors[0])
        }
    }

    @Test("a study's problems can be longer ones")
    func shiftedSets() throws {
        try withFolder { folder in
            let lines = try json("load actor starter:actor --measure none; study success --problems 40; study success --problems 40 --groups 8", folder)
            let lengths = lines.dropFirst().compactMap { ($0["rows"] as? [[String: Any]])?.first?["tokens"] as? Double }
            #expect(lengths.count == 2 && lengths[1] > lengths[0])
            #expect(try Binary.run(["-c", "load actor starter:actor --measure none; study success --groups 99"], folder: folder).status != 0)
        }
    }

    @Test func anIterationIsMeasuredByPhase() throws {
        try withFolder { folder in
            let lines = try json(
                "load actor starter:actor --measure none; bench iteration --rollouts 2 --prompt 16 --response 24 --prefixes 3 --suffix 6 --chain 8 --continuations 2 --runs 1", folder)
            let rows = try #require(lines[1]["rows"] as? [[String: Any]])
            #expect(rows.compactMap { $0["method"] as? String } == ["ppo", "genac", "vineppo", "grpo"])
            for row in rows {
                let phases = try #require(row["phases"] as? [String: Double])
                #expect(phases.count == 4 && phases.values.allSatisfy { $0 >= 0 } && (phases["gen"] ?? 0) > 0 && (phases["update_actor"] ?? 0) > 0)
            }
        }
    }
}
