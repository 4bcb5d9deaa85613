import Formats
import Foundation
import Testing
import Training

/// No update is made from nothing: where every rollout is masked, neither actor nor critic moves.
@Suite struct MaskedUpdateTests {
    private func recipe(_ stage: Method, _ more: [String]) throws -> Recipe {
        let critic =
            stage == .genac
            ? ["critic.model.path=starter:critic", "critic.num_samples=2", "critic.max_prefixes=3"]
            : ["critic.model.path=starter:actor"]
        return try Recipe(
            method: stage,
            assignments: [
                "model=starter:actor", "rollout.response_length=40", "actor.optim.lr=1e-3", "critic.optim.lr=1e-3",
                "trainer.save_freq=1",
                "critic.icc.measured_on=8", "rollout.truncated=mask", "data.seed=4",
            ] + critic + more)
    }

    @Test("a step of masked rollouts moves nothing, not even by momentum", arguments: [Method.genac, .ppo])
    func maskedRolloutsMoveNothing(_ stage: Method) throws {
        try Support.withFolder { folder in
            let runs = StarterRuns(folder: folder)
            let sampled = try runs.run(
                recipe(
                    stage,
                    [
                        "data.train_files=starter:jumps:train", "data.train_batch_size=3", "rollout.n=3",
                        "trainer.total_training_steps=1",
                    ]))
            let rows = try String(contentsOfFile: runs.rollouts(sampled, 1), encoding: .utf8)
            let masked = folder + "/masked.jsonl"
            try rows.replacingOccurrences(of: "\"finish\":\"stop\"", with: "\"finish\":\"length\"").write(
                toFile: masked, atomically: true, encoding: .utf8)
            let run = try runs.run(
                recipe(
                    stage, ["data.rollouts=\(runs.rollouts(sampled, 1)),\(masked)", "trainer.total_training_steps=2"]))
            #expect(try runs.checkpoint(run, 1) == runs.checkpoint(run, 2), "weights and moments")
            let state = try JSONValue.load(
                "\(folder)/runs/\(run)/checkpoints/2/state.json", limits: JSONLimits(bytes: 1 << 20))
            #expect(state["critic_updates"]?.asInt == 1 && state["actor_updates"]?.asInt == 1)
            let metrics = try JSONLines.objects(in: "\(folder)/runs/\(run)/metrics.jsonl")
            for name in ["critic/grad_norm", "critic/lr", "actor/grad_norm", "actor/lr"] {
                #expect(metrics[0][name] != nil && metrics[1][name] == nil, "\(name)")
            }
            #expect(metrics[1]["rollout/masked"]?.asInt == 9)
        }
    }

    @Test(
        "a run whose every rollout is masked has learned nothing, and fails",
        arguments: [Method.criticRL, .valueHead])
    func nothingToLearnFromIsAFailure(_ stage: Method) throws {
        try Support.withFolder { folder in
            let runs = StarterRuns(folder: folder)
            let job = try runs.centre().start(
                try Recipe(
                    method: stage,
                    assignments: [
                        "model=starter:critic", "data.actors=starter:actor", "data.train_files=starter:jumps:train",
                        "data.train_batch_size=2",
                        "rollout.n=2", "rollout.response_length=1", "rollout.truncated=mask",
                        "critic.icc.measured_on=4",
                        "trainer.total_training_steps=2",
                    ])
            ).job
            try job.end()
            guard case .nothingLearned(steps: 2, skipped: 0)? = job.current.error as? TrainingError else {
                Issue.record("\(job.current)")
                return
            }
        }
    }
}
