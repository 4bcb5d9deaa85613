import Formats
import Foundation
import Jumps
import Problems
import Testing
import Training

/// Metrics are what their names say.
@Suite struct MetricTests {
    private func withRuns<T>(_ body: (StarterRuns) throws -> T) throws -> T {
        try Support.withFolder { try body(StarterRuns(folder: $0)) }
    }

    private func policy(_ stage: Method, _ more: [String] = []) throws -> Recipe {
        let own: [String] =
            switch stage {
            case .genac:
                [
                    "critic.model.path=starter:critic", "critic.num_samples=2", "critic.icc.measured_on=4",
                    "critic.max_prefixes=2",
                ]
            case .ppo: ["critic.model.path=starter:actor", "critic.icc.measured_on=4"]
            default: []
            }
        return try Recipe(
            method: stage,
            assignments: [
                "model=starter:actor", "data.train_files=starter:jumps:train", "data.train_batch_size=2", "rollout.n=3",
                "rollout.response_length=40", "actor.optim.lr=1e-3", "trainer.total_training_steps=2",
            ] + own + more)
    }

    private func critic(_ stage: Method, _ more: [String] = []) throws -> Recipe {
        try Recipe(
            method: stage,
            assignments: [
                "model=starter:critic", "data.actors=starter:actor,starter:critic",
                "data.train_files=starter:jumps:train",
                "data.train_batch_size=2", "rollout.n=2", "rollout.response_length=40", "critic.icc.measured_on=4",
                "critic.optim.lr=1e-3", "trainer.total_training_steps=1", "rollout.log_freq=1",
            ] + more)
    }

    @Test("the divergence in the reward has its own name; kl_loss is said where it is in the loss")
    func divergencesAreToldWhereTheyAre() throws {
        try withRuns { runs in
            let reward = try runs.run(
                policy(.grpo, ["algorithm.use_kl_in_reward=true", "algorithm.kl_penalty=low_var_kl"]))
            let rows = try JSONLines.objects(in: "\(runs.folder)/runs/\(reward)/metrics.jsonl")
            #expect(rows.allSatisfy { $0["actor/kl_loss"] == nil })
            #expect(rows[0]["actor/reward_kl_penalty"]?.asDouble == 0, "the actor still is the reference")
            #expect(try required(rows[1]["actor/reward_kl_penalty"]?.asDouble) > 0)
            let loss = try JSONLines.objects(
                in: "\(runs.folder)/runs/\(runs.run(policy(.grpo, ["actor.use_kl_loss=true"])))/metrics.jsonl")
            #expect(loss.allSatisfy { $0["actor/reward_kl_penalty"] == nil })
            #expect(try required(loss[1]["actor/kl_loss"]?.asDouble) > 0)
        }
    }

    @Test("a head that learns steps' labels is measured against those")
    func labelsAreWhatIsMeasuredAgainst() throws {
        try withRuns { runs in
            let run = try runs.run(critic(.valueHead, ["critic.labels=steps"]))
            var errors: [Double] = [], differing = 0
            for row in try runs.rows(run, 1) {
                let problem = try JSONDecoder().decode(Problem.self, from: Data(required(row["problem"]).encoded()))
                let jumps = try required(Jumps(text: problem.text)), outcome = try required(row["score"]?.asDouble)
                var text = ""
                for prefix in try required(row["prefixes"]?.asArray) {
                    let step = try required(prefix["step"]?.asInt), target = try required(prefix["return"]?.asDouble)
                    text += try required(prefix["text"]?.asString)
                    #expect(target == (jumps.isRight(text, steps: step) ? 1 : 0))
                    differing += target == outcome ? 0 : 1
                    let value = try required(prefix["value"]?.asDouble)
                    errors.append((value - target) * (value - target))
                }
            }
            #expect(differing > 0, "else the outcomes would do as well")
            #expect(
                abs(try runs.number(run, 1, "critic/squared_error") - errors.reduce(0, +) / Double(errors.count)) < 1e-9
            )
        }
    }

    @Test("of several epochs loss, norm and clipped share are means, each before its update")
    func epochsAreMeans() throws {
        try withRuns { runs in
            let plain = ["critic.cliprange_value=0", "critic.icc.dropout=0"]
            let one = try runs.run(critic(.valueHead, plain)),
                both = try runs.run(critic(.valueHead, plain + ["critic.ppo_epochs=2"]))
            // The second epoch's numbers are those of an epoch that begins with the weights that the first one left.
            let second = try runs.run(
                critic(
                    .valueHead, plain + ["model=\(runs.folder)/runs/\(one)/checkpoints/1/critic", "critic.optim.lr=0"]))
            for name in ["critic/vf_loss", "critic/grad_norm"] {
                let expected = (try runs.number(one, 1, name) + runs.number(second, 1, name)) / 2
                #expect(abs(try runs.number(both, 1, name) / expected - 1) < 1e-6, "\(name)")
                #expect(
                    abs(try runs.number(both, 1, name) / runs.number(one, 1, name) - 1) > 1e-3,
                    "\(name): the epochs differ")
            }
        }
    }

    @Test("a chain that earned what the others did on average is pushed by nothing, not by rounding")
    func roundingIsNoAdvantage() {
        #expect(Reinforce.advantages([0.1, 0.2, 0.3], baseline: .leaveOneOut)[1] == 0)
        #expect(Reinforce.advantages([0.19, 0.51, 0.35], baseline: .leaveOneOut)[2] == 0)
        let small = Reinforce.advantages([0.1, 0.1 + 1e-9], baseline: .leaveOneOut)
        #expect(small[0] < 0 && small[1] > 0, "a difference that is there stays")
    }

    @Test("every metric that a stage writes is defined in docs/training.md", arguments: Method.all)
    func everyMetricIsDefined(_ stage: Method) throws {
        let page = try String(contentsOf: DocumentationTests.page, encoding: .utf8)
        let section = try required(
            page.components(separatedBy: "\n## Every metric\n").last?.components(separatedBy: "\n## ").first)
        let defined = Set(
            section.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { $0.split(separator: "`")[1] }
                .map(String.init))
        try withRuns { runs in
            let rows: [JSONObject]
            switch stage {
            case .sft:
                let centre = Support.centre(runs.folder), job = try centre.start(try Support.recipe(runs.folder)).job
                try job.end()
                rows = try JSONLines.objects(in: "\(runs.folder)/runs/\(job.run)/metrics.jsonl")
            case .criticRL, .valueHead:
                rows = try JSONLines.objects(in: "\(runs.folder)/runs/\(runs.run(critic(stage)))/metrics.jsonl")
            default:
                let all = [
                    "actor.use_kl_loss=true", "algorithm.use_kl_in_reward=true", "data.val_files=starter:jumps:dev",
                    "data.val_max_samples=2", "trainer.test_freq=1",
                ]
                rows = try JSONLines.objects(in: "\(runs.folder)/runs/\(runs.run(policy(stage, all)))/metrics.jsonl")
            }
            let written = Set(rows.flatMap { $0.members.map(\.key) }).map { name in
                name.hasSuffix("/success_rate") ? "actor/NAME/success_rate" : name
            }
            #expect(Set(written).subtracting(defined) == [], "of \(stage.name)")
        }
    }
}
