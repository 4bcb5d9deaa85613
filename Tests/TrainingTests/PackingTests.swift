import Foundation
import Testing
import Training
import Transformer

/// What a pass holds is a matter of memory: the weights that come of a step are the same, to the bit.
@Suite struct PackingTests {
    private func recipe(_ method: Method, _ passTokens: Int) throws -> Recipe {
        let of: [String] =
            switch method {
            case .genac: ["model=starter:actor", "critic.model.path=starter:critic", "critic.max_prefixes=3"]
            case .ppo: ["model=starter:actor", "critic.model.path=starter:actor"]
            case .criticRL, .valueHead: ["model=starter:critic", "data.actors=starter:actor,starter:critic"]
            case .vineppo: ["model=starter:actor", "algorithm.mc_rollouts=2"]
            default: ["model=starter:actor"]
            }
        let defaults = [
            "critic.num_samples": "2", "critic.icc.measured_on": "4", "actor.optim.lr": "1e-3",
            "critic.optim.lr": "1e-3",
        ]
        return try Recipe(
            method: method,
            assignments: of + [
                "data.train_files=starter:jumps:train", "data.train_batch_size=3", "rollout.n=2",
                "rollout.response_length=40", "trainer.total_training_steps=2",
                "data.max_token_len_per_gpu=\(passTokens)",
            ], defaults: defaults)
    }

    /// The lesser limits hold one problem, the greater all of them.
    @Test(
        "two packings of a step leave the same weights and moments",
        arguments: [
            (Method.genac, 2000), (.criticRL, 2000), (.valueHead, 600), (.ppo, 600), (.vineppo, 250), (.grpo, 250),
            (.rloo, 250),
        ])
    func packingChangesNoBit(_ method: Method, _ least: Int) throws {
        try Support.withFolder { folder in
            let runs = StarterRuns(folder: folder)
            let (narrow, wide) = (try runs.run(recipe(method, least)), try runs.run(recipe(method, 100_000)))
            let weights = try [narrow, wide].map { try runs.checkpoint($0, 2) }
            #expect(weights[0] == weights[1])
            let norms = try [narrow, wide].map { try runs.metrics($0).map { $0["actor/grad_norm"] } }
            #expect(norms[0] == norms[1])
        }
    }

    /// A value head on Gemma 3's shape under the starter's words: its windows are shorter than the solutions it reads.
    @Test("two packings of a step of a model with windows leave the same weights and moments")
    func packingOfWindowsChangesNoBit() throws {
        try Support.withFolder { folder in
            var runs = StarterRuns(folder: folder)
            runs.change = { loaded in
                var shape = loaded.model.configuration
                (shape.architecture, shape.localRopeTheta) = (.gemma3, 500)
                shape.layerAttention = (0..<shape.layers).map {
                    $0 % 2 == 1 ? .full : LayerAttention(window: 33, rotary: .local)
                }
                return loaded.replacing(model: try Initialisation.model(shape, seed: 5))
            }
            let (narrow, wide) = (
                try runs.run(recipe(.valueHead, 600)), try runs.run(recipe(.valueHead, 100_000))
            )
            let weights = try [narrow, wide].map { try runs.checkpoint($0, 2) }
            #expect(weights[0] == weights[1] && !weights[0].isEmpty)
            #expect(try runs.number(wide, 2, "critic/grad_norm") > 0, "nothing was learned")
        }
    }

    @Test("two packings of finetuning's rows leave the same weights and moments", arguments: [false, true])
    func packingOfRowsChangesNoBit(windows: Bool) throws {
        try Support.withFolder { folder in
            func weights(_ passTokens: Int) throws -> [String: Data] {
                let centre = Support.centre(folder, windows: windows)
                let job = try centre.start(
                    try Support.recipe(folder, "data.train_batch_size=20", "data.max_token_len_per_gpu=\(passTokens)")
                ).job
                try job.end()
                return try Support.checkpointBytes(job.run, folder)
            }
            let (narrow, wide) = (try weights(70), try weights(4096))
            #expect(narrow == wide)
        }
    }
}
