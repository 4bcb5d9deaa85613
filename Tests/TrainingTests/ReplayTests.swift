import Formats
import Foundation
import Testing
import Training

/// Training on rollouts that are kept, and what is refused before a run begins.
extension PolicyTests {
    @Test(
        "replay: a run's own rollouts, trained on again, move the weights as they did, to the bit", arguments: methods)
    func replayIsTheStepItself(_ method: Method) throws {
        try withRuns { runs in
            let run = try runs.run(
                recipe(
                    method,
                    ["trainer.total_training_steps=1", "critic.icc.dropout=0.5"].filter {
                        !$0.hasPrefix("critic") || [.genac, .ppo].contains(method)
                    }))
            let again = try runs.run(recipe(method, ["data.train_files=", "data.rollouts=\(runs.rollouts(run, 1))"]))
            #expect(try runs.checkpoint(run, 1) == runs.checkpoint(again, 1))
            #expect(
                try runs.metrics(run).map { $0["actor/grad_norm"] } == runs.metrics(again).map { $0["actor/grad_norm"] }
            )
            #expect(try runs.number(again, 1, "training/rollout_probs_diff_mean") == 0)
        }
    }

    @Test(
        """
        replay: a rollout that was tampered with, or that a group method cannot set beside another, is named with its \
        line
        """
    )
    func damagedReplays() throws {
        try withRuns { runs in
            let run = try runs.run(recipe(.grpo, ["trainer.total_training_steps=1"]))
            let lines = try String(contentsOfFile: runs.rollouts(run, 1), encoding: .utf8).split(separator: "\n").map(
                String.init)
            func replay(_ lines: [String]) throws -> TrainingError? {
                try lines.joined(separator: "\n").appending("\n").write(
                    toFile: runs.folder + "/kept.jsonl", atomically: true, encoding: .utf8)
                return #expect(throws: TrainingError.self) {
                    try runs.centre().start(
                        recipe(.grpo, ["data.train_files=", "data.rollouts=\(runs.folder)/kept.jsonl"]))
                }
            }
            func changed(_ key: String, _ change: (JSONValue) throws -> JSONValue) throws -> [String] {
                var row = try required(JSONValue.parse(Array(lines[1].utf8), name: "row").asObject)
                row[key] = try change(try required(row[key]))
                return [lines[0], JSONValue.object(row).text(.compact, asciiOnly: true)] + lines.dropFirst(2)
            }
            for (damage, word) in [
                (try changed("score") { _ in .number(7) }, "score"),
                (
                    try changed("logprobs") { value in
                        .array(try required(value.asArray).enumerated().map { $0 == 0 ? .number(5) : $1 })
                    }, "log-probability"
                ),
                (
                    try changed("logprobs") { value in .array(Array(try required(value.asArray).dropLast())) },
                    "log-probabilities"
                ),
                (try changed("output") { _ in .string("A1 a=7\nanswer 7") }, "output"),
            ] {
                let error = try replay(damage)
                #expect(
                    error?.location?.hasSuffix("kept.jsonl:2") == true && error?.what.contains(word) == true,
                    "\(String(describing: error))")
            }
            #expect(try replay([lines[0]])?.what.contains("no other solution") == true)
        }
    }

    @Test("solutions or chains longer than a model can read are refused before the run begins, by the setting's name")
    func lengthsAreCheckedFirst() throws {
        try withRuns { runs in
            for setting in ["rollout.response_length=100000", "critic.response_length=2000"] {
                let error = #expect(throws: TrainingError.self) { try runs.centre().start(recipe(.genac, [setting])) }
                #expect(error?.what.hasPrefix(String(setting.split(separator: "=")[0])) == true)
            }
            #expect(!FileManager.default.fileExists(atPath: runs.folder + "/runs"))
        }
    }

    @Test("points 3, 23: what would teach something wrong is refused")
    func refusals() throws {
        try withRuns { runs in
            for (method, setting) in [
                (Method.grpo, "rollout.n=1"), (.rloo, "rollout.n=1"), (.ppo, "rollout.top_p=0.9"),
                (.grpo, "rollout.top_k=5"), (.genac, "rollout.min_p=0.1"),
                (.vineppo, "rollout.temperature=0"), (.genac, "critic.parse_fallback=fail"),
            ] {
                let error = #expect(throws: TrainingError.self) { try runs.centre().start(recipe(method, [setting])) }
                #expect(error?.what.contains(setting.split(separator: "=")[0]) == true)
            }
            let run = try runs.run(recipe(.grpo, ["trainer.total_training_steps=1"]))
            #expect(throws: TrainingError.self) {
                try runs.centre().start(
                    recipe(.grpo, ["data.rollouts=\(runs.rollouts(run, 1))", "rollout.temperature=0.5"]))
            }
        }
    }
}
