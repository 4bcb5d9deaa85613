import Checkpoints
import Compute
import Critics
import Formats
import Foundation
import Problems
import Prompts
import Testing
import Training

/// `critic-rl` on the starter pair: what is told, what is learned from, what is kept, and that all of it comes back.
@Suite(.serialized) struct CriticRLTests {
    private func recipe(_ more: String...) throws -> Recipe {
        try Recipe(
            method: .criticRL,
            assignments: [
                "model=starter:critic", "data.actors=starter:actor,starter:critic",
                "data.train_files=starter:jumps:train",
                "data.train_batch_size=2", "rollout.n=2", "rollout.response_length=40", "critic.num_samples=2",
                "critic.icc.measured_on=8",
                "critic.optim.lr=1e-3", "trainer.total_training_steps=4", "trainer.save_freq=2", "rollout.log_freq=1",
            ] + more)
    }

    private func run(_ recipe: Recipe, in folder: String) throws -> String {
        try StarterRuns(folder: folder).run(recipe)
    }

    private func rows(_ run: String, _ step: Int, _ folder: String) throws -> [JSONObject] {
        try JSONLines.objects(in: "\(folder)/runs/\(run)/rollouts/\(step).jsonl")
    }

    private func bytes(_ run: String, _ folder: String, step: Int = 4) throws -> [Data] {
        try ["critic/model.safetensors", "critic-optimiser.safetensors"].map {
            try Data(contentsOf: URL(fileURLWithPath: "\(folder)/runs/\(run)/checkpoints/\(step)/\($0)"))
        } + (1...step).map { try Data(contentsOf: URL(fileURLWithPath: "\(folder)/runs/\(run)/rollouts/\($0).jsonl")) }
    }

    @Test(
        """
        points 5, 24, 33: an old rollout scored again with its stored numbers gives the very prompts; what is trained \
        is what was sampled
        """
    )
    func rolloutsHoldWhatTheCriticRead() throws {
        try Support.withFolder { folder in
            let run = try run(recipe("critic.icc.dropout=0.5"), in: folder)
            let checkpoint = try Checkpoint.load(StarterRuns.root + "/starter/critic")
            let builder = PromptBuilder(checkpoint)
            let template = try PromptLibrary(workspace: nil, homes: ["\(folder)/runs/\(run)/prompts"]).load(
                .critic, "starter")
            var told: Set<[String]> = [], seen = 0
            for step in 1...4 {
                for row in try rows(run, step, folder) {
                    #expect(row.members.prefix(5).map(\.key) == ["input", "output", "gts", "score", "step"])
                    let snapshot = try JSONDecoder().decode(
                        ActorSnapshot.self, from: Data(required(row["actor"]).encoded()))
                    let problem = try JSONDecoder().decode(Problem.self, from: Data(required(row["problem"]).encoded()))
                    var icc = ICC()
                    let off = try required(row["icc_off"]?.asArray).compactMap(\.asString)
                    for field in off { try icc.turn(field, on: false) }
                    told.insert(off)
                    for prefix in try required(row["prefixes"]?.asArray) {
                        let end = try required(prefix["end"]?.asInt)
                        let ids = try required(row["ids"]?.asArray).prefix(end).compactMap {
                            $0.asInt.map { Int32($0) }
                        }
                        let text = String(
                            checkpoint.tokenizer.decode(ids).reversed().drop(while: \.isWhitespace).reversed())
                        let prompt = try builder.critic(
                            template, problem: problem.text, solutions: [text], icc: icc.values(for: snapshot))[0]
                        #expect(prompt.text == prefix["prompt"]?.asString)
                        seen += 1
                        for chain in try required(prefix["chains"]?.asArray) {
                            let ids = try required(chain["ids"]?.asArray).compactMap { $0.asInt.map { Int32($0) } }
                            #expect(
                                checkpoint.tokenizer.decode(ids.filter { !checkpoint.endTokens.contains($0) })
                                    == chain["text"]?.asString)
                            if chain["status"]?.asString != "parsed" { #expect(chain["reward"]?.asDouble == 0) }
                        }
                    }
                }
            }
            #expect(told.count > 3 && seen > 20)
        }
    }

    @Test(
        """
        points 1, 2, 13, 24: the loss is that of the log-probabilities the chains were sampled with, at their \
        temperature, over the whole step
        """
    )
    func theLossIsOfTheSampledLogprobs() throws {
        try Support.withFolder { folder in
            let run = try run(recipe("critic.temperature=0.7", "data.max_token_len_per_gpu=300"), in: folder)
            let metrics = try JSONLines.objects(in: "\(folder)/runs/\(run)/metrics.jsonl")
            for step in 1...4 {
                var tokens = 0, sum = 0.0, size = 0.0, pushed = 0
                for row in try rows(run, step, folder) {
                    for prefix in try required(row["prefixes"]?.asArray) {
                        let chains = try required(prefix["chains"]?.asArray)
                        let rewards = try chains.map { try required($0["reward"]?.asDouble) }
                        for (index, chain) in chains.enumerated() {
                            let logprobs = try required(chain["logprobs"]?.asArray).compactMap(\.asDouble)
                            #expect(logprobs.count == chain["ids"]?.asArray?.count)
                            let advantage = rewards[index] - rewards[1 - index]
                            #expect(abs(advantage - (try required(chain["advantage"]?.asDouble))) < 1e-12)
                            tokens += logprobs.count
                            sum += advantage * logprobs.reduce(0, +)
                            size += abs(advantage * logprobs.reduce(0, +))
                            pushed += advantage == 0 ? 0 : 1
                        }
                    }
                }
                let loss = try required(metrics[step - 1]["critic/pg_loss"]?.asDouble)
                #expect(
                    pushed > 0 && abs(loss + sum / Double(tokens)) < 1e-6 * size / Double(tokens),
                    "\(loss) \(sum / Double(tokens))")
            }
        }
    }

    @Test("the rate told is the one before the step's outcomes, each actor's own")
    func theRunningRateIsTakenBeforeTheOutcomes() throws {
        try Support.withFolder { folder in
            let run = try run(recipe("critic.icc.momentum=0.75"), in: folder)
            var rates: [String: Double] = [:]
            for step in 1...4 {
                let rows = try rows(run, step, folder)
                let metrics = try JSONLines.objects(in: "\(folder)/runs/\(run)/metrics.jsonl")[step - 1]
                for actor in ["actor", "critic"] {
                    let mine = rows.filter { $0["actor"]?["name"]?.asString == actor }
                    let told = try required(mine.first?["actor"]?["successRate"]?["value"]?.asDouble)
                    #expect(mine.allSatisfy { $0["actor"]?["successRate"]?["value"]?.asDouble == told })
                    #expect(metrics["actor/\(actor)/success_rate"]?.asDouble == told)
                    if let expected = rates[actor] { #expect(abs(told - expected) < 1e-12) }
                    let mean = try mine.map { try required($0["score"]?.asDouble) }.reduce(0, +) / Double(mine.count)
                    rates[actor] = 0.75 * told + 0.25 * mean
                }
            }
        }
    }

    @Test("stopped after each step and resumed, every bit comes back; so does another folder")
    func resumeIsBitIdentical() throws {
        try Support.withFolder { folder in
            let whole = try run(recipe(), in: folder)
            let runs = StarterRuns(folder: folder)
            let run = try runs.stopped(atStep: 1) { try $0.start(recipe()).job }.run
            for step in 2...3 {
                _ = try runs.stopped(atStep: step) { centre in
                    let resumed = try centre.resume(run)
                    #expect(resumed.warnings.isEmpty)
                    return resumed.job
                }
            }
            let elsewhere = folder + "/elsewhere"
            try FileManager.default.createDirectory(atPath: elsewhere + "/runs", withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: "\(folder)/runs/\(run)", toPath: "\(elsewhere)/runs/\(run)")
            for place in [folder, elsewhere] {
                let last = try StarterRuns(folder: place).centre().resume(run).job
                try last.end()
                #expect(last.current.state == .finished && last.current.step == 4)
                #expect(try bytes(whole, folder) == bytes(run, place))
                #expect(try Support.metrics(whole, folder) == Support.metrics(run, place))
            }
        }
    }

    @Test("a run does not go on with other problems or with an actor that was replaced")
    func whatARunReadsMustBeThere() throws {
        try Support.withFolder { folder in
            let runs = StarterRuns(folder: folder)
            let run = try runs.stopped(atStep: 2) { try $0.start(recipe()).job }.run
            let path = URL(fileURLWithPath: "\(folder)/runs/\(run)/checkpoints/2/state.json")
            let whole = try Data(contentsOf: path)
            for (key, what) in [("problems", "data.train_files"), ("frozen", "data.actors")] {
                var other = try #require(JSONValue.parse(Array(whole), name: key).asObject)
                other[key] = "another"
                try Data(JSONValue.object(other).encoded()).write(to: path)
                let error = #expect(throws: TrainingError.self) { try StarterRuns(folder: folder).centre().resume(run) }
                #expect(error?.what.contains(what) == true)
            }
            try whole.write(to: path)
            try StarterRuns(folder: folder).centre().resume(run).job.end()
        }
    }

    @Test("a cut checkpoint is named, and the one before it is taken: the end is the same")
    func aDamagedCheckpointFallsBack() throws {
        try Support.withFolder { folder in
            let run = try run(recipe(), in: folder)
            let before = try bytes(run, folder), metrics = try Support.metrics(run, folder)
            for file in ["critic/model.safetensors", "critic-optimiser.safetensors", "state.json"] {
                let path = "\(folder)/runs/\(run)/checkpoints/4/\(file)"
                let whole = try Data(contentsOf: URL(fileURLWithPath: path))
                try whole.prefix(whole.count * 2 / 3).write(to: URL(fileURLWithPath: path))
                let resumed = try StarterRuns(folder: folder).centre().resume(run)
                #expect(
                    resumed.warnings.count == 1 && resumed.warnings[0].contains("checkpoint 4 is damaged")
                        && resumed.warnings[0].contains("from checkpoint 2"))
                try resumed.job.end()
                #expect(resumed.job.current.error == nil)
                #expect(try bytes(run, folder) == before && Support.metrics(run, folder) == metrics)
            }
            for step in [2, 4] {
                try Data("x".utf8).write(
                    to: URL(fileURLWithPath: "\(folder)/runs/\(run)/checkpoints/\(step)/state.json"))
            }
            #expect(throws: (any Error).self) { try StarterRuns(folder: folder).centre().resume(run) }
            #expect(
                FileManager.default.fileExists(atPath: "\(folder)/runs/\(run)/checkpoints/4"),
                "nothing is set aside when nothing can be taken")
        }
    }

    @Test("point 34: a warm start takes the weights and nothing else, a resume takes all")
    func warmStartIsNoResume() throws {
        try Support.withFolder { folder in
            let first = try run(recipe(), in: folder)
            let weights = "\(folder)/runs/\(first)/checkpoints/4/critic"
            let warm = try run(recipe("model=\(weights)", "critic.optim.lr_warmup_steps=2"), in: folder)
            let state = try JSONValue.load(
                "\(folder)/runs/\(warm)/checkpoints/4/state.json", limits: JSONLimits(bytes: 1 << 20))
            #expect(state["critic_updates"]?.asInt == 4 && state["step"]?.asInt == 4)
            #expect(try JSONLines.objects(in: "\(folder)/runs/\(warm)/metrics.jsonl")[0]["critic/lr"]?.asDouble == 0)
            #expect(throws: TrainingError.self, "nothing is left to resume in a finished run") {
                try StarterRuns(folder: folder).centre().resume(first)
            }
            try FileManager.default.removeItem(atPath: "\(folder)/runs/\(first)/checkpoints/4")
            let resumed = try StarterRuns(folder: folder).centre().resume(first)
            #expect(resumed.job.current.step >= 2)
            try resumed.job.end()
            #expect(resumed.job.current.step == 4)
        }
    }

    @Test(
        "point 9: a cut-off solution is a failure, what the grader says, or left out, and is counted all the same",
        arguments: ["zero", "keep", "mask"])
    func truncatedSolutions(_ policy: String) throws {
        try Support.withFolder { folder in
            // Solutions of the starter have an end token after the last digit: with 12 tokens some are right but cut.
            let run = try run(
                recipe(
                    "rollout.truncated=\(policy)", "rollout.response_length=12", "data.train_batch_size=24",
                    "data.actors=starter:actor",
                    "trainer.total_training_steps=2"), in: folder)
            let all = try (1...2).flatMap { try rows(run, $0, folder) }
            let cut = all.filter { $0["finish"]?.asString == "length" }
            #expect(!cut.isEmpty && cut.count < all.count)
            let scores = try cut.map { try required($0["score"]?.asDouble) }
            let statuses = cut.map { $0["status"]?.asString }
            #expect(statuses.contains("right"), "the policies differ in these")
            switch policy {
            case "keep": #expect(zip(scores, statuses).allSatisfy { ($0 == 1) == ($1 == "right") })
            default: #expect(scores.allSatisfy { $0 == 0 })
            }
            #expect(cut.allSatisfy { ($0["masked"]?.asString != nil) == (policy == "mask") })
            #expect(cut.allSatisfy { ($0["prefixes"]?.asArray?.isEmpty == true) == (policy == "mask") })
            let metrics = try JSONLines.objects(in: "\(folder)/runs/\(run)/metrics.jsonl")
            let counted = try metrics.map { try required($0["response_length/clip_ratio"]?.asDouble) }.reduce(0, +) / 2
            #expect(abs(counted - Double(cut.count) / Double(all.count)) < 1e-9)
        }
    }

    @Test("both critics see the same problems, solutions, prefixes and rates under one seed")
    func bothCriticsSeeTheSame() throws {
        try Support.withFolder { folder in
            func seen(_ run: String) throws -> [[String]] {
                try (1...4).flatMap { try rows(run, $0, folder) }.map { row in
                    try ["input", "output", "score", "ids", "icc_off"].map { try required(row[$0]).text() }
                        + required(row["prefixes"]?.asArray).map {
                            "\($0["end"]?.asInt ?? -1) \($0["return"]?.asDouble ?? -1)"
                        }
                        + [required(row["actor"]?["successRate"]).text()]
                }
            }
            let generative = try run(recipe(), in: folder), head = try run(head(), in: folder)
            #expect(try seen(generative) == seen(head))
            for row in try rows(head, 4, folder) {
                for prefix in try required(row["prefixes"]?.asArray) {
                    #expect(prefix["chains"]?.asArray?.isEmpty == true && prefix["value"]?.asDouble != nil)
                    #expect(prefix["prompt"]?.asString?.contains("</solution>") == false)
                }
            }
        }
    }

    private func head(_ more: String...) throws -> Recipe {
        let shared = try recipe().values.filter { key, _ in Settings.named(key)?.methods.contains("value-head") == true
        }
        return try Recipe(method: .valueHead, assignments: shared.map { "\($0)=\($1)" } + more)
    }

    @Test("the head learns: its loss on one step's prefixes falls over many epochs, and clipping holds it back")
    func theValueHeadLearns() throws {
        try Support.withFolder { folder in
            func last(_ more: String...) throws -> JSONObject {
                let recipe = try Recipe(
                    method: .valueHead,
                    assignments: try head().values.map { "\($0)=\($1)" } + [
                        "data.train_max_samples=2", "critic.icc.dropout=0", "critic.icc.momentum=1",
                        "trainer.total_training_steps=12", "critic.optim.lr=3e-4", "data.shuffle=false",
                    ] + more)
                return try required(
                    JSONLines.objects(in: "\(folder)/runs/\(try run(recipe, in: folder))/metrics.jsonl").last)
            }
            let plain = try last("critic.cliprange_value=0", "critic.ppo_epochs=4")
            #expect(try required(plain["critic/vf_loss"]?.asDouble) < 0.11, "a constant guess of one half has 0.125")
            #expect(plain["critic/vf_clipfrac"]?.asDouble == 0)
            let tight = try last("critic.cliprange_value=0.0001", "critic.ppo_epochs=4")
            #expect(try required(tight["critic/vf_clipfrac"]?.asDouble) > 0)
        }
    }

    @Test("a saved head loads as it was trained, and a value head is refused where words are wanted")
    func aHeadIsNoLanguageModel() throws {
        try Support.withFolder { folder in
            let run = try run(head(), in: folder)
            let path = "\(folder)/runs/\(run)/checkpoints/4/critic"
            let saved = try Checkpoint.load(path)
            #expect(saved.isValueModel)
            let warm = try self.run(head("model=\(path)", "critic.optim.lr=0"), in: folder)
            let again = try Checkpoint.load("\(folder)/runs/\(warm)/checkpoints/4/critic")
            #expect(
                again.valueHead?.weight.array == saved.valueHead?.weight.array
                    && again.valueHead?.bias == saved.valueHead?.bias)
            #expect(throws: TrainingError.self) {
                try StarterRuns(folder: folder).centre().start(recipe("model=\(path)"))
            }
            #expect(throws: TrainingError.self) {
                try StarterRuns(folder: folder).centre().start(recipe("data.actors=\(path)"))
            }
        }
    }

    @Test func settingsThatLearnNothingAreRefused() {
        for bad in ["critic.num_samples=1", "critic.temperature=0"] {
            #expect(throws: TrainingError.self) { try StarterRuns(folder: "/tmp/none").centre().start(recipe(bad)) }
        }
        #expect(throws: PromptsError.self) {
            try StarterRuns(folder: "/tmp/none").centre().start(recipe("critic.icc.off=nothing"))
        }
        #expect(throws: TrainingError.self) { try recipe("actor.optim.lr=1") }
    }
}
