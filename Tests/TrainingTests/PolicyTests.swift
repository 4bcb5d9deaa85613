import Checkpoints
import Formats
import Foundation
import Prompts
import Testing
import Training

/// Joint training and its baselines on the starter pair: one trainer, and what must hold of each of its credits.
@Suite(.serialized) struct PolicyTests {
    static let methods: [Method] = [.genac, .ppo, .grpo, .rloo, .vineppo]

    func recipe(_ stage: Method, _ more: [String] = []) throws -> Recipe {
        let critic =
            switch stage {
            case .genac:
                [
                    "critic.model.path=starter:critic", "critic.num_samples=2", "critic.optim.lr=1e-4",
                    "critic.icc.measured_on=8", "critic.max_prefixes=3",
                ]
            case .ppo:
                [
                    "critic.model.path=starter:actor", "critic.optim.lr=1e-3", "critic.icc.measured_on=8",
                    "critic.max_prefixes=3",
                ]
            case .vineppo: ["algorithm.mc_rollouts=3", "critic.max_prefixes=3"]
            default: [String]()
            }
        return try Recipe(
            method: stage,
            assignments: [
                "model=starter:actor", "data.train_files=starter:jumps:train", "data.train_batch_size=3", "rollout.n=3",
                "rollout.response_length=40", "actor.optim.lr=1e-3", "trainer.total_training_steps=4",
                "trainer.save_freq=2", "rollout.log_freq=1",
            ] + critic + more)
    }

    func withRuns<T>(_ body: (StarterRuns) throws -> T) throws -> T {
        try Support.withFolder { try body(StarterRuns(folder: $0)) }
    }

    @Test("points 1, 2, 4: the ratio is exactly 1 before a step's first update, at any temperature", arguments: methods)
    func ratiosBeginAtOne(_ method: Method) throws {
        try withRuns { runs in
            let run = try runs.run(recipe(method, ["rollout.temperature=0.7"]))
            for step in 1...4 {
                #expect(try runs.number(run, step, "training/rollout_probs_diff_mean") == 0)
                #expect(try runs.number(run, step, "actor/ppo_kl") == 0)
                #expect(try runs.number(run, step, "actor/pg_clipfrac") == 0)
            }
            #expect(try runs.checkpoint(run, 2) != runs.checkpoint(run, 4))
        }
    }

    @Test(
        "points 17, 33, 34: stopped and resumed it ends as uninterrupted, the divergence from the reference too",
        arguments: methods)
    func resumesToTheBit(_ method: Method) throws {
        try withRuns { runs in
            let more = [
                "actor.use_kl_loss=true", "algorithm.use_kl_in_reward=true", "actor.ppo_mini_batch_size=2",
                "actor.ppo_epochs=2",
            ]
            let whole = try runs.run(recipe(method, more))
            let run = try runs.stopped(atStep: 1) { try $0.start(recipe(method, more)).job }.run
            _ = try runs.stopped(atStep: 3) { try $0.resume(run).job }
            let resumed = try runs.centre().resume(run).job
            _ = try runs.finish(resumed)
            #expect(resumed.current.state == .finished && resumed.current.step == 4)
            #expect(try runs.checkpoint(whole, 4) == runs.checkpoint(run, 4))
            #expect(try runs.metrics(whole) == runs.metrics(run))
            #expect(try runs.number(whole, 1, "actor/kl_loss") >= 0 && runs.number(whole, 4, "actor/kl_loss") > 0)
        }
    }

    @Test("a run under way reads the prompts that it began with, whoever edits them meanwhile", arguments: methods)
    func editingAPromptChangesNoRunUnderWay(_ method: Method) throws {
        try withRuns { runs in
            let whole = try runs.run(recipe(method))
            let prompts = PromptLibrary(workspace: runs.folder + "/edited", homes: [StarterRuns.root + "/prompts"])
            let edited = Said()
            let centre = runs.centre(prompts: prompts) { event in
                guard case .progress(let status, _) = event, status.step == 1 else { return }
                do {
                    for role in PromptTemplate.Role.allCases {
                        let text = try prompts.load(role, "starter").text.replacingOccurrences(
                            of: "{{problem}}", with: "9\n{{problem}}")
                        try prompts.save(role, "starter", text: text)
                    }
                    edited.add("\(status.step)")
                } catch {
                    Issue.record("\(error)")
                }
            }
            let run = try runs.finish(centre.start(recipe(method)).job)
            let now = try prompts.load(.actor, "starter").text
            #expect(edited.all == ["1"] && now.contains("9\n{{problem}}"))
            #expect(try runs.checkpoint(whole, 4) == runs.checkpoint(run, 4))
            #expect(try runs.metrics(whole) == runs.metrics(run))
        }
    }

    @Test("point 13: cutting a step into smaller passes changes nothing but rounding", arguments: methods)
    func passesChangeNothing(_ method: Method) throws {
        try withRuns { runs in
            let wide = try runs.run(recipe(method, ["trainer.total_training_steps=1"]))
            let narrow = try runs.run(
                recipe(method, ["trainer.total_training_steps=1", "data.max_token_len_per_gpu=60"]))
            for metric in ["actor/pg_loss", "actor/grad_norm", "actor/entropy"] {
                let (a, b) = (try runs.number(wide, 1, metric), try runs.number(narrow, 1, metric))
                #expect(abs(a - b) <= 1e-5 * max(abs(a), 1e-3), "\(metric): \(a) \(b)")
            }
        }
    }

    @Test(
        """
        points 7, 8, 32: rows carry each token's advantage; group credits say the same of a whole response, from its \
        own problem's scores
        """
    )
    func groupAdvantagesAreThoseOfTheScores() throws {
        try withRuns { runs in
            let run = try runs.run(recipe(.rloo))
            var seen = 0
            for step in 1...4 {
                let rows = try runs.rows(run, step)
                for row in rows {
                    let advantages = try required(row["advantages"]?.asArray).compactMap(\.asDouble)
                    #expect(advantages.count == row["ids"]?.asArray?.count, "the end token is an action")
                    let others = rows.filter { $0["problem"] == row["problem"] && $0["sample"] != row["sample"] }
                        .compactMap { $0["score"]?.asDouble }
                    let expected = try required(row["score"]?.asDouble) - others.reduce(0, +) / Double(others.count)
                    #expect(others.count == 2 && advantages.allSatisfy { abs($0 - expected) < 1e-12 })
                    seen += expected == 0 ? 0 : 1
                }
            }
            #expect(seen > 0)
        }
    }

    @Test(
        "points 12, 25: advantages of critics are whitened over the whole step, constant within a step of the solution")
    func advantagesAreWhitenedAndStepwise() throws {
        try withRuns { runs in
            for method in [Method.genac, .vineppo] {
                let run = try runs.run(recipe(method, ["trainer.total_training_steps=1"]))
                var all: [Double] = []
                for row in try runs.rows(run, 1) {
                    let tokens = try required(row["advantages"]?.asArray).compactMap(\.asDouble)
                    all += tokens
                    let prefixes = try required(row["prefixes"]?.asArray)
                    let ends = prefixes.compactMap { $0["end"]?.asInt }
                    for ((start, end), prefix) in zip(zip(ends, ends.dropFirst()), prefixes.dropFirst()) {
                        #expect(Set(tokens[start..<end]).count <= 1)
                        if end > start {
                            #expect(abs(tokens[start] - (try required(prefix["advantage"]?.asDouble))) < 1e-9)
                        }
                    }
                    #expect(ends.last == tokens.count, "the last row is the whole response")
                }
                let mean = all.reduce(0, +) / Double(all.count)
                let variance = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count - 1)
                #expect(abs(mean) < 1e-9 && abs(variance - 1) < 1e-4, "\(method): \(variance)")
            }
        }
    }

    @Test(
        """
        points 7, 8, 16: the outcome is earned with the last token, the end token, and every token pays for its own \
        divergence
        """
    )
    func rewardsOfTokens() {
        #expect(TokenRewards().rewards(outcome: 1, logprobs: [-1, -2, -3], reference: nil) == [0, 0, 1])
        #expect(TokenRewards().rewards(outcome: 1, logprobs: [-1], reference: nil) == [1])
        #expect(TokenRewards().rewards(outcome: 1, logprobs: [], reference: nil) == [])
        let paid = TokenRewards(divergence: .k1, coefficient: 0.1).rewards(
            outcome: 1, logprobs: [-1, -2, -3], reference: [-2, -2, -1])
        for (a, b) in zip(paid, [-0.1, 0, 1.2]) { #expect(abs(a - b) < 1e-12) }
    }

    @Test(
        """
        point 11: a value head is regressed on returns before whitening, which at lambda 1 are the outcome at every \
        state
        """
    )
    func returnsAreOutcomes() throws {
        try withRuns { runs in
            let run = try runs.run(recipe(.ppo))
            for row in try (1...4).flatMap({ try runs.rows(run, $0) }) {
                let score = try required(row["score"]?.asDouble)
                for prefix in try required(row["prefixes"]?.asArray) {
                    #expect(abs(try required(prefix["return"]?.asDouble) - score) < 1e-9)
                }
            }
        }
    }

    @Test("point 26: VinePPO's values are those of the actor's own continuations, and the outcome past the cap")
    func vineValues() throws {
        try withRuns { runs in
            let run = try runs.run(recipe(.vineppo, ["critic.max_prefixes=2"]))
            var (counted, past) = (0, 0)
            for row in try (1...4).flatMap({ try runs.rows(run, $0) }) {
                let values = try required(row["prefixes"]?.asArray).dropLast().map { $0["value"]?.asDouble }
                for (index, value) in values.enumerated() {
                    guard index < 2 else {
                        #expect(try required(value) == row["score"]?.asDouble)
                        past += 1
                        continue
                    }
                    let successes: Double = 3 * (try required(value))
                    #expect(successes >= 0 && successes <= 3 && abs(successes - successes.rounded()) < 1e-9)
                    counted += successes > 0 && successes < 3 ? 1 : 0
                }
            }
            #expect(counted > 0 && past > 0, "both kinds were there, and not all values are 0 or 1")
        }
    }

    @Test("point 17: the reference is the model that the run began with, not the one it has come to")
    func theReferenceIsFrozen() throws {
        try withRuns { runs in
            let run = try runs.run(recipe(.grpo, ["actor.use_kl_loss=true"]))
            #expect(try runs.number(run, 1, "actor/kl_loss") == 0 && runs.number(run, 4, "actor/kl_loss") > 0)
        }
    }

    @Test("entropy in the loss keeps choices open, the divergence keeps the actor near the reference")
    func entropyAndDivergence() throws {
        try withRuns { runs in
            let plain = try runs.run(recipe(.grpo, ["actor.use_kl_loss=true", "actor.kl_loss_coef=0"]))
            let open = try runs.run(recipe(.grpo, ["actor.entropy_coeff=1"]))
            let near = try runs.run(recipe(.grpo, ["actor.use_kl_loss=true", "actor.kl_loss_coef=10"]))
            #expect(try runs.number(open, 4, "actor/entropy") > runs.number(plain, 4, "actor/entropy"))
            #expect(try runs.number(near, 4, "actor/kl_loss") < runs.number(plain, 4, "actor/kl_loss"))
        }
    }

    @Test func theActorRestsWhileItsCriticWarmsUp() throws {
        for method in [Method.genac, .ppo] {
            try withRuns { runs in
                let run = try runs.run(
                    recipe(method, ["trainer.critic_warmup=2", "trainer.save_freq=1", "trainer.max_ckpt_to_keep=9"]))
                let (second, third) = (try runs.checkpoint(run, 2), try runs.checkpoint(run, 3))
                let first = try runs.checkpoint(run, 1)
                #expect(first["actor/model.safetensors"] == second["actor/model.safetensors"])
                #expect(first["critic/model.safetensors"] != second["critic/model.safetensors"])
                #expect(second["actor/model.safetensors"] != third["actor/model.safetensors"])
            }
        }
    }

    @Test("point 9: a solution that is cut off is worth 0, or left out and still counted")
    func cutOffSolutions() throws {
        try withRuns { runs in
            // One token short of the end of some right solutions.
            let zero = try runs.run(recipe(.grpo, ["rollout.response_length=13", "trainer.total_training_steps=1"]))
            #expect(try runs.rows(zero, 1).contains { $0["status"]?.asString == "right" })
            #expect(
                try runs.number(zero, 1, "response_length/clip_ratio") == 1
                    && runs.number(zero, 1, "critic/score/mean") == 0)
            let masked = try runs.run(
                recipe(
                    .genac,
                    [
                        "rollout.truncated=mask", "rollout.response_length=24", "trainer.total_training_steps=1",
                        "data.train_batch_size=6",
                    ]))
            let rows = try runs.rows(masked, 1)
            #expect(rows.contains { $0["masked"]?.asString != nil } && rows.contains { $0["advantages"] != nil })
            for row in rows { #expect((row["masked"]?.asString != nil) == (row["advantages"] == nil)) }
        }
    }
}
