import Acting
import Critics
import Testing
import Training

@Suite struct SettingsTests {
    @Test func everySettingSaysWhatItMeansAndItsDefaultFits() throws {
        for setting in Settings.all {
            #expect(
                !setting.meaning.isEmpty && !setting.source.isEmpty
                    && (!setting.methods.isEmpty || setting.shellDefault != nil), "\(setting.key)")
            let text = try Settings.explain(setting.key)
            #expect(text.contains("grade     \(setting.grade.rawValue)"))
        }
        #expect(Set(Settings.all.map(\.key)).count == Settings.all.count)
    }

    @Test func unknownKeysSuggestTheLikeliest() {
        for (typed, meant) in [
            ("actor.optim.lrr", "actor.optim.lr"), ("data.train_file", "data.train_files"),
            ("lr_warmup_steps", "actor.optim.lr_warmup_steps"), ("trainer.save_frq", "trainer.save_freq"),
        ] {
            let error = #expect(throws: TrainingError.self) { try Recipe(method: .sft, assignments: ["\(typed)=1"]) }
            #expect(error?.hint == "did you mean \(meant)?")
        }
    }

    @Test func valuesAreChecked() {
        let base = ["model=x", "data.train_files=y"]
        for bad in [
            "actor.optim.lr=-1", "actor.optim.lr=fast", "data.shuffle=yes", "trainer.save_freq=1.5",
            "actor.optim.betas=0.9", "actor.optim.betas=0.9,1.5", "data.truncation=left", "actor.optim.lr=",
            "data.seed=",
        ] {
            #expect(throws: TrainingError.self) { try Recipe(method: .sft, assignments: base + [bad]) }
        }
        #expect(throws: TrainingError.self) { try Recipe(method: .sft, assignments: ["model=x"]) }
        #expect(throws: TrainingError.self) { try Recipe(method: .sft, assignments: base + ["lr"]) }
    }

    @Test func whatAnotherStageReadsIsSaidToBeItsOwn() {
        let error = #expect(throws: TrainingError.self) {
            try Recipe(method: .grpo, assignments: ["critic.model.path=x"])
        }
        #expect(
            error?.what == "train grpo does not read critic.model.path"
                && error?.hint?.contains("train genac, ppo") == true)
    }

    @Test("every choice is a case of the type that reads it, and every case can be chosen")
    func choicesAreTheirTypesCases() throws {
        func check<Value: CaseIterable & RawRepresentable>(_ key: String, _ type: Value.Type) throws
        where Value.RawValue == String {
            guard case .choice(let names) = try Settings.find(key).kind else {
                Issue.record("\(key) is no choice")
                return
            }
            #expect(Set(names) == Set(Value.allCases.map(\.rawValue)), "\(key)")
        }
        try check("actor.loss_agg_mode", LossAggregation.self)
        try check("critic.loss_agg_mode", LossAggregation.self)
        try check("actor.kl_loss_type", Divergence.self)
        try check("algorithm.kl_penalty", Divergence.self)
        try check("critic.baseline", Reinforce.Baseline.self)
        try check("critic.parse_fallback", GenerativeCritic.Fallback.self)
        try check("critic.value_readout", GenerativeCritic.Readout.self)
        try check("rollout.truncated", Actor.Truncation.self)
        try check("actor.optim.lr_scheduler_type", Schedule.Shape.self)
        try check("critic.optim.lr_scheduler_type", Schedule.Shape.self)
        try check("data.truncation", SFTReader.Truncation.self)
        try check("data.chat_template", SFTReader.ChatUse.self)
        let known = ["model.init", "critic.labels"]
        for setting in Settings.all {
            guard case .choice = setting.kind, !known.contains(setting.key) else { continue }
            #expect(Self.typed.contains(setting.key), "\(setting.key) has no type here")
        }
    }

    private static let typed: Set<String> = [
        "actor.loss_agg_mode", "critic.loss_agg_mode", "actor.kl_loss_type", "algorithm.kl_penalty", "critic.baseline",
        "critic.parse_fallback", "critic.value_readout", "rollout.truncated", "actor.optim.lr_scheduler_type",
        "critic.optim.lr_scheduler_type", "data.truncation",
        "data.chat_template",
    ]

    @Test("a key that its stage does not read stops the program instead of reading as nothing")
    func aMisspeltKeyIsNoValue() async throws {
        let recipe = try Recipe(method: .sft, assignments: ["model=x", "data.train_files=a"])
        let values = recipe.values
        #expect(values["actor.optim.lr"] != nil && values["actor.optim.lrr"] == nil && values["rollout.n"] == nil)
        await #expect(processExitsWith: .failure) {
            _ = try Recipe(method: .sft, assignments: ["model=x", "data.train_files=a"]).settings(RolloutSettings.self)
        }
    }

    @Test("what several methods read is declared once: only what a method begins with may differ")
    func methodsAgreeOnWhatTheyShare() throws {
        for method in Method.all {
            #expect(Set(method.settings.map(\.key)).count == method.settings.count, "\(method.name)")
            #expect(method.summary.hasSuffix("."))
            for own in method.settings {
                let shared = try Settings.find(own.key, of: method)
                #expect(own.meaning == shared.meaning && own.formula == shared.formula && own.paper == shared.paper)
                #expect(own.grade == shared.grade && own.source == shared.source && own.expected == shared.expected)
                #expect(own.isRequired == shared.isRequired && own.shellDefault == shared.shellDefault)
                #expect(own.defaultValue == shared.defaultValue(in: method), "\(own.key)")
            }
        }
    }

    @Test("the listings' order names every setting there is, and no other")
    func everySettingHasItsPlace() {
        #expect(SettingOrder.named == Set(Settings.all.map(\.key)))
    }

    @Test func laterAssignmentsWinOverEarlierAndOverDefaults() throws {
        let recipe = try Recipe(
            method: .grpo, assignments: ["model=x", "data.train_files=a,b", "actor.optim.lr=1", "actor.optim.lr=2"],
            defaults: ["actor.optim.lr": "3", "data.seed": "9", "data.max_length": "7"])
        let settings = recipe.settings(PolicySettings.self)
        #expect(settings.optimiser.peak == 2 && settings.data.seed == 9)
        #expect(settings.data.trainFiles == ["a", "b"])
        #expect(settings.optimiser.adamW.beta1 == 0.9 && settings.optimiser.adamW.beta2 == 0.999)
        #expect(try Recipe(json: recipe.json, file: "recipe.json") == recipe)
    }
}
