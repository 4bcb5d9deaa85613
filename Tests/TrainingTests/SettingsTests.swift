import Testing
import Training

@Suite struct SettingsTests {
    @Test func everySettingSaysWhatItMeansAndItsDefaultFits() throws {
        for setting in Settings.all {
            #expect(!setting.meaning.isEmpty && !setting.source.isEmpty && (!setting.stages.isEmpty || setting.shellDefault != nil), "\(setting.key)")
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
            let error = #expect(throws: TrainingError.self) { try Recipe(stage: .sft, assignments: ["\(typed)=1"]) }
            #expect(error?.hint == "did you mean \(meant)?")
        }
    }

    @Test func valuesAreChecked() {
        let base = ["model=x", "data.train_files=y"]
        for bad in ["actor.optim.lr=-1", "actor.optim.lr=fast", "data.shuffle=yes", "trainer.save_freq=1.5", "actor.optim.betas=0.9", "actor.optim.betas=0.9,1.5", "data.truncation=left", "actor.optim.lr=", "data.seed="] {
            #expect(throws: TrainingError.self) { try Recipe(stage: .sft, assignments: base + [bad]) }
        }
        #expect(throws: TrainingError.self) { try Recipe(stage: .sft, assignments: ["model=x"]) }
        #expect(throws: TrainingError.self) { try Recipe(stage: .sft, assignments: base + ["lr"]) }
    }

    @Test func whatAnotherStageReadsIsSaidToBeItsOwn() {
        let error = #expect(throws: TrainingError.self) { try Recipe(stage: .grpo, assignments: ["critic.model.path=x"]) }
        #expect(error?.what == "train grpo does not read critic.model.path" && error?.hint?.contains("train genac, ppo") == true)
    }

    @Test func laterAssignmentsWinOverEarlierAndOverDefaults() throws {
        let recipe = try Recipe(
            stage: .sft, assignments: ["model=x", "data.train_files=a,b", "actor.optim.lr=1", "actor.optim.lr=2"],
            defaults: ["actor.optim.lr": "3", "data.seed": "9"])
        #expect(recipe.number("actor.optim.lr") == 2 && recipe.integer("data.seed") == 9)
        #expect(recipe.files("data.train_files") == ["a", "b"])
        #expect(recipe.numbers("actor.optim.betas") == [0.9, 0.999])
        #expect(try Recipe(json: recipe.json, file: "recipe.json") == recipe)
    }
}
