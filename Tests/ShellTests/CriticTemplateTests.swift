import Foundation
import Shell
import Testing

/// Which template a critic is asked with, and what says so.
@Suite("A critic carries its template", .serialized, .enabled(if: Binary.starterIsThere))
struct CriticTemplateTests {
    /// A folder with the template `few`: the starter's but for a word, and without a section for how the actor samples.
    private final class Folder {
        let path = NSTemporaryDirectory() + "genac-template-\(UUID().uuidString)"
        static let opening = "Will that solution end right?"

        init() throws {
            let starter = try String(contentsOfFile: Binary.root + "/prompts/critic/starter.mustache", encoding: .utf8)
            let sampling = try #require(starter.range(of: "{{#sampling}}\n")),
                end = try #require(starter.range(of: "{{/sampling}}\n"))
            let few = starter.replacingCharacters(in: sampling.lowerBound..<end.upperBound, with: "")
            try write(
                "prompts/critic/few.mustache",
                few.replacingOccurrences(of: "Will this solution end right?", with: Self.opening))
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func write(_ name: String, _ text: String) throws {
            let file = "\(path)/\(name)"
            try FileManager.default.createDirectory(
                atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try text.write(toFile: file, atomically: true, encoding: .utf8)
        }

        func read(_ name: String) throws -> String { try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) }

        func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }

        func run(_ script: String, editor: String = "true") throws -> Binary.Result {
            try Binary.run(["--json", "-c", script], folder: path, environment: ["EDITOR": editor])
        }

        func text(_ script: String, editor: String = "true") throws -> Binary.Result {
            try Binary.run(["-c", script], folder: path, environment: ["EDITOR": editor])
        }

        /// A critic of one step under `few`, as the run `trained`, and a solution of the problem 1.
        func train() throws {
            let result = try run(
                "train critic-rl model.path=starter:critic critic.template=few \(Self.small) "
                    + "trainer.experiment_name=trained trainer.total_training_steps=1 --wait; \(Self.solve)")
            #expect(result.status == 0, "\(result.errors)")
        }

        static let small =
            "data.actors=starter:actor data.train_files=starter:jumps:train data.train_batch_size=2 rollout.n=1 "
            + "rollout.response_length=40 critic.icc.measured_on=4"
        static let solve =
            "load actor starter:actor --measure none; problems load starter:jumps --limit 1; generate -n 1"
    }

    @Test("a run's critic is asked with the template it was trained under, and so it is when it was saved and loaded")
    func itsOwnTemplate() throws {
        let folder = try Folder()
        try folder.train()
        let asked = try folder.run("load critic starter:critic; prompt use few; prompt show 1.1")
        let expected = try Binary.last(asked, "prompt show")["text"] as? String
        #expect(expected?.contains(Folder.opening) == true)
        // What the library says of that name since is another template.
        try folder.write(
            "prompts/critic/few.mustache",
            try folder.read("prompts/critic/few.mustache").replacingOccurrences(of: "end", with: "be"))
        let loaded = try folder.run(
            "load critic run:trained; prompt show 1.1; score 1; save trained saved; prompt use few; prompt show 1.1")
        #expect(loaded.errors.isEmpty, "\(loaded.errors)")
        let prompts = loaded.json.filter { $0["command"] as? String == "prompt show" }.compactMap {
            $0["text"] as? String
        }
        #expect(prompts.first == expected && prompts.last?.contains("Will that solution be right?") == true)
        let load = try Binary.last(loaded, "load"), score = try Binary.last(loaded, "score")
        for row in [load, score] {
            #expect(
                row["template"] as? String == "few" && row["template_source"] as? String == "own"
                    && row["template_edited"] as? Bool == false)
        }
        #expect(try folder.read("saved/README.md").contains("`prompts/critic/few.mustache`"))
        for source in ["saved", "runs/trained/checkpoints/1/critic"] {
            let again = try folder.run(
                "load critic \(source) --as c; prompt show 1.1; prompt use starter; prompt use --own; prompt show 1.1")
            #expect(again.errors.isEmpty, "\(again.errors)")
            let prompts = again.json.filter { $0["command"] as? String == "prompt show" }.map { $0["text"] as? String }
            #expect(prompts == [expected, expected], "\(source)")
        }
    }

    @Test("a run that begins with such a critic is trained under its template, and goes on under it")
    func itsOwnTemplateInTraining() throws {
        let folder = try Folder()
        try folder.train()
        try folder.remove("prompts")
        _ = try Binary.last(
            try folder.run(
                "train critic-rl model.path=run:trained \(Folder.small) trainer.experiment_name=more "
                    + "trainer.save_freq=1 trainer.total_training_steps=2 --wait"), "train")
        #expect(
            try folder.read("runs/more/prompts/critic/few.mustache")
                == folder.read("runs/trained/prompts/critic/few.mustache"))
        try folder.remove("runs/more/checkpoints/2")
        #expect(try Binary.last(try folder.run("resume more --wait"), "resume")["step"] as? Int == 2)
    }

    @Test("a run without a template is loaded with a warning that names the one taken; the starters have theirs")
    func withoutATemplate() throws {
        let folder = try Folder()
        try folder.train()
        try folder.remove("runs/trained/prompts")
        let old = try folder.run("load critic run:trained; score 1")
        #expect(
            old.errors.contains("warning: run:trained carries no critic template; trained is asked with starter"),
            "\(old.errors)")
        #expect(try Binary.last(old, "score")["template_source"] as? String == "library")
        let starters = try folder.run("load critic starter:critic; load critic starter:judge; load critic starter:head")
        #expect(
            starters.errors.isEmpty && starters.json.allSatisfy { $0["template_source"] as? String == "own" },
            "\(starters.errors)")
        for name in ["critic", "judge", "head"] {
            let card = try String(contentsOfFile: "\(Binary.root)/starter/\(name)/README.md", encoding: .utf8)
            #expect(card.contains("`prompts/critic/starter.mustache`"))
        }
    }

    @Test("of two templates beside the weights none is taken by chance")
    func twoTemplates() throws {
        let folder = try Folder()
        #expect(try folder.run("load critic starter:critic; save critic saved").status == 0)
        try folder.write("saved/prompts/critic/few.mustache", try folder.read("prompts/critic/few.mustache"))
        let result = try folder.run("load critic saved")
        #expect(result.status == 1 && result.errors.contains("holds 2 templates"), "\(result.errors)")
    }

    @Test("an edited copy is this model's alone, says that it is one, and can be compared, reset and taken up again")
    func editing() throws {
        let folder = try Folder(), editor = "sed -i s/Will/Might/"
        let script =
            "load critic starter:judge; load critic starter:critic; \(Folder.solve); prompt edit; "
            + "prompt diff; models; score 1"
        let edited = try folder.text(script, editor: editor)
        #expect(edited.status == 0, "\(edited.errors)")
        let lines = edited.output.split(separator: "\n")
        #expect(lines.contains("-Will this solution end right?") && lines.contains("+Might this solution end right?"))
        #expect(
            lines.contains { $0.hasPrefix("critic ") && $0.contains(" starter-of-critic (edited) ") },
            "\(edited.output)")
        #expect(lines.contains { $0.hasPrefix("judge ") && $0.contains(" starter (own) ") })
        #expect(edited.output.contains("\ntemplate starter-of-critic (edited); ICC: "))
        let library = try folder.run("load actor starter:actor --measure none; use critic actor; prompt show")
        #expect((try Binary.last(library, "prompt show")["text"] as? String)?.contains("Will this") == true)
        // Another day the critic is as it came, until its copy is asked for; the copy is not written over.
        let again = try folder.run("load critic starter:critic; prompt show; prompt edit", editor: editor)
        #expect(
            (again.json.first { $0["command"] as? String == "prompt show" }?["text"] as? String)?.contains("Will this")
                == true)
        #expect(again.status == 1 && again.errors.contains("starter-of-critic"), "\(again.errors)")
        let reset = try folder.run(
            "load critic starter:critic; prompt use starter-of-critic; prompt show; prompt reset; "
                + "prompt show; prompt diff"
        )
        let shown = reset.json.filter { $0["command"] as? String == "prompt show" }
        #expect(
            shown.map { $0["template_edited"] as? Bool } == [true, false]
                && shown.map { $0["template_source"] as? String } == ["library", "own"])
        #expect((try Binary.last(reset, "prompt diff")["diff"] as? [String])?.isEmpty == true)
    }
}

/// What commands say of templates, snapshots and who wrote what, on a random model.
@Suite("Nothing is taken silently")
struct ProvenanceTests {
    @Test("models says what a model reads in the roles it was given, and when that was edited")
    func models() throws {
        let tiny = try TinyWorkspace()
        let script = "load actor \(TinyWorkspace.model) --as a; prompt use tiny --actor; prompt edit; models"
        let result = try Binary.run(
            ["--json"], input: Data((TinyWorkspace.opening + script).utf8), folder: tiny.folder,
            environment: ["EDITOR": "sed -i s/Infer/Guess/"])
        let models = try #require(try Binary.last(result, "models")["models"] as? [[String: Any]])
        let prompts = models.map { model in
            (model["prompts"] as? [[String: Any]] ?? []).map { prompt in
                let mark = prompt["template_edited"] as? Bool == true ? " edited" : ""
                return "\(prompt["role"] ?? "") \(prompt["template"] ?? "")" + mark
            }
        }
        #expect(prompts == [["actor tiny", "critic tiny edited"], ["actor tiny"]])
        #expect(try tiny.run("models").output.contains("actor tiny, critic tiny (edited)"))
    }

    @Test("score names the fields that the template tells, and icc says so too")
    func told() throws {
        let tiny = try TinyWorkspace()
        try tiny.write(
            "prompts/critic/bare.mustache",
            "{{% CONTENT_TYPE:TEXT}}\n{{! form: text }}\n{{! cue: S: }}\n{{#actor}}\nBy {{name}}.\n{{/actor}}\n"
                + "{{problem}}\n{{solution}}</solution>\n\n"
        )
        let script =
            "prompt use bare; icc add tip \"Be kind.\"; problem \"1+1\" --answer 2; generate -n 1; score last; icc"
        let shown = try tiny.run(script)
        #expect(shown.output.contains("\ntemplate bare; ICC: actor\n"), "\(shown.output)\(shown.errors)")
        let result = try tiny.run(script, json: true)
        for command in ["score", "icc"] {
            let fields = try #require(
                try Binary.last(result, command)[command == "score" ? "icc" : "fields"] as? [[String: Any]])
            #expect(fields.map { $0["name"] as? String } == ["actor", "success-rate", "infer", "sampling", "tip"])
            #expect(fields.map { $0["told"] as? Bool } == [true, false, false, false, false], "\(command)")
            #expect(fields.dropFirst().allSatisfy { $0["sentence"] is NSNull }, "\(command)")
        }
    }

    @Test("icc says whose snapshot it shows")
    func snapshot() throws {
        let tiny = try TinyWorkspace()
        let other = "load actor \(TinyWorkspace.model) --as other"
        let script = "icc; problem \"1+1\" --answer 2; generate -n 1; \(other); icc; problem \"2+2\" --answer 4; icc"
        let shown = try tiny.run(script)
        let headings = shown.output.split(separator: "\n").filter { $0.contains("m reads template tiny") }
        #expect(
            headings == [
                "of the loaded actor m; m reads template tiny", "as known of m at solution 1; m reads template tiny",
                "of the loaded actor other; m reads template tiny",
            ], "\(shown.output)\(shown.errors)")
        let known = try tiny.run("problem 1; \(other); icc", json: true).json.last?["snapshot"] as? [String: Any]
        #expect(known?["actor"] as? String == "m" && known?["solution"] as? Int == 1)
    }

    @Test("a solution that somebody wrote says so wherever it is shown, and is no success of the actor's")
    func authors() throws {
        let tiny = try TinyWorkspace()
        try tiny.write("mine.txt", "I think\nThe answer is 2.")
        let script =
            "problem \"1+1\" --answer 2; generate -n 1; add mine.txt; edit 2; score 3; show 3; solutions; "
            + "generate -n 1; icc"
        func run(_ arguments: [String]) throws -> Binary.Result {
            try Binary.run(
                arguments, input: Data((TinyWorkspace.opening + script).utf8), folder: tiny.folder,
                environment: ["EDITOR": "sed -i s/think/know/"])
        }
        let result = try run(["--json"])
        let authors = try #require(try Binary.last(result, "solutions")["solutions"] as? [[String: Any]]).map {
            $0["author"] as? String
        }
        #expect(authors == [nil, "added from mine.txt", "edited from 2"])
        #expect(try Binary.last(result, "score")["author"] as? String == "edited from 2")
        #expect(
            (try Binary.last(result, "show")["solution"] as? [String: Any])?["author"] as? String == "edited from 2")
        // The two were right; the actor's own was not, and counts alone.
        let rate = try #require((try Binary.last(result, "icc")["fields"] as? [[String: Any]])?[1])
        #expect(rate["value"] as? String == "0%" && rate["source"] as? String == "measured (1)", "\(rate)")
        let shown = try tiny.run("problem 1; solutions; show 3; score 3")
        #expect(shown.output.contains("  edited from 2, rated as if m had written it\n"), "\(shown.output)")
        #expect(shown.output.contains("solution 3, edited from 2, rated by m"))
        #expect(
            shown.output.split(separator: "\n").contains { $0.contains("2 ") && $0.contains("added from mine.txt") })
    }

    @Test("problems without an answer are counted and said, and another member can hold it")
    func unanswered() throws {
        let tiny = try TinyWorkspace()
        try tiny.write(
            "set.jsonl", "{\"q\":\"1+2\",\"a\":\"3\"}\n{\"q\":\"2+2\",\"answer\":\"4\"}\n{\"q\":\"2+3\",\"a\":5}\n")
        let some = try tiny.run("problems load set.jsonl --prompt-key q; problems", json: true)
        #expect(
            some.errors.contains("2 of 3 problems have no answer") && some.errors.contains("reward_model.ground_truth"),
            "\(some.errors)")
        #expect(try Binary.last(some, "problems load")["unanswered"] as? Int == 2)
        let answers = try #require(try Binary.last(some, "problems")["problems"] as? [[String: Any]]).map {
            $0["answer"] as? String
        }
        #expect(answers == [nil, "4", nil])
        let missing = try tiny.run("problems load set.jsonl --prompt-key q --answer-key a")
        #expect(missing.status == 1 && missing.errors.contains("set.jsonl:2"), "\(missing.errors)")
        try tiny.write("whole.jsonl", "{\"q\":\"1+2\",\"a\":\"so\\n#### 3\"}\n{\"q\":\"2+3\",\"a\":5}\n")
        let all = try tiny.run("problems load whole.jsonl --prompt-key q --answer-key a; problem", json: true)
        #expect(
            try Binary.last(all, "problems load")["unanswered"] as? Int == 0 && !all.errors.contains("no answer"),
            "\(all.errors)")
        #expect((try Binary.last(all, "problem")["problem"] as? [String: Any])?["answer"] as? String == "3")
    }

    @Test("a card says where what is known of its runs ends, and names the run that was loaded")
    func cards() throws {
        let tiny = try TinyWorkspace()
        func train(_ name: String, _ from: String) -> String {
            "train sft model.path=\(from) data.train_files=rows.jsonl data.train_batch_size=2 "
                + "trainer.total_training_steps=1 trainer.experiment_name=\(name) --wait"
        }
        let made = try tiny.run(
            "\(train("first", TinyWorkspace.model)); \(train("second", "run:first")); load actor run:last --as s; "
                + "\(train("third", TinyWorkspace.model)); save s whole")
        #expect(made.status == 0, "\(made.errors)")
        func card(_ name: String) throws -> String {
            try String(contentsOfFile: "\(tiny.folder)/\(name)/README.md", encoding: .utf8)
        }
        let whole = try card("whole")
        #expect(
            whole.contains("### second, step 1") && whole.contains("### first, step 1") && !whole.contains("third"),
            "\(whole)")
        #expect(!whole.contains("not known"))
        try tiny.write("runs/first/recipe.json", "{\"stage\":")
        try FileManager.default.removeItem(atPath: tiny.folder + "/runs/second/metrics.jsonl")
        try tiny.write("runs/second/metrics.jsonl", "{\"step\":1\n")
        #expect(try tiny.run("load actor run:second --as s; save s part").status == 0)
        let part = try card("part")
        #expect(
            part.contains("### second, step 1") && part.contains("run:first@1 is gone or cannot be read"), "\(part)")
        #expect(part.contains("Its metrics cannot be read"), "\(part)")
    }

    @Test("a misspelt setting is a mistake in the program, and stops it")
    func settings() async {
        #expect(SettingValues().integer("critic.max_prefixes") > 0)
        await #expect(processExitsWith: .failure) { _ = SettingValues().integer("critic.max_prefixs") }
        await #expect(processExitsWith: .failure) { _ = SettingValues().number("critic.value_readout") }
    }
}
