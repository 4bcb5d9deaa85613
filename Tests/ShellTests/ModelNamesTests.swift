import Foundation
import Testing

/// What `load` takes: repositories in the hub's cache, and weights with two heads.
@Suite("What a model is called") struct ModelNamesTests {
    /// A folder whose `~/.cache/huggingface/hub` has the repository lab/tiny.
    private func withCache(_ body: (TinyWorkspace) throws -> Void) throws {
        let tiny = try TinyWorkspace(), repository = tiny.folder + "/.cache/huggingface/hub/models--lab--tiny"
        let snapshot = repository + "/snapshots/0123456789abcdef"
        try tiny.write(".cache/huggingface/hub/models--lab--tiny/refs/main", "0123456789abcdef")
        try FileManager.default.createDirectory(atPath: repository + "/snapshots", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: TinyWorkspace.model, toPath: snapshot)
        try body(tiny)
    }

    @Test("a repository of the hub's cache, unless a folder is called so") func hub() throws {
        try withCache { tiny in
            let loaded = try Binary.run(["-c", "load actor lab/tiny --measure none; models"], folder: tiny.folder)
            #expect(loaded.status == 0 && loaded.output.contains("actor: tiny, "), "\(loaded.errors)")
            let missing = try Binary.run(["-c", "load actor lab/other"], folder: tiny.folder)
            #expect(missing.errors.contains("`hf download lab/other`") && missing.errors.contains("/hub"))
            let slash = try Binary.run(["-c", "load actor lab/tiny/ --measure none"], folder: tiny.folder)
            #expect(slash.status == 0 && slash.output.contains("actor: tiny, "), "\(slash.errors)")
            for other in ["Lab/Tiny", "lab/tinny"] {
                let near = try Binary.run(["-c", "load actor \(other)"], folder: tiny.folder)
                #expect(near.errors.contains("did you mean lab/tiny?"), "\(near.errors)")
            }
            let address = try Binary.run(["-c", "load actor https://huggingface.co/lab/tiny"], folder: tiny.folder)
            #expect(address.errors.contains("`hf download lab/tiny`"))
            // What is trained from it keeps the commit: a newer snapshot changes no run.
            let trained = try Binary.run(
                [
                    "-c",
                    "train sft model.path=lab/tiny data.train_files=rows.jsonl trainer.total_training_steps=1 "
                        + "trainer.experiment_name=a data.train_batch_size=2 --wait",
                ], folder: tiny.folder)
            #expect(trained.status == 0, "\(trained.errors)")
            let recipe = try String(contentsOfFile: tiny.folder + "/runs/a/recipe.json", encoding: .utf8)
            #expect(recipe.contains("lab/tiny@0123456789abcdef") || recipe.contains("lab\\/tiny@0123456789abcdef"))
            try FileManager.default.createDirectory(
                atPath: tiny.folder + "/lab", withIntermediateDirectories: true)
            try tiny.write("lab/tiny/README.md", "no model")
            let local = try Binary.run(["-c", "load actor lab/tiny"], folder: tiny.folder)
            #expect(local.errors.contains("it has no config.json"))
        }
    }

    @Test("weights with two heads are an actor and a critic, under two names") func twoHeads() throws {
        let model = Binary.root + "/Tests/Fixtures/critics/trl-beside"
        func run(_ script: String) throws -> Binary.Result { try Binary.run(["-c", script]) }
        let both = try run("load actor \(model) --as a --measure none; load critic \(model) --as c; models")
        #expect(both.status == 0, "\(both.errors)")
        #expect(both.errors.contains("has a value head too"))
        #expect(both.output.contains("critic: c, ") && both.output.contains("mistral with a value head"))
        let same = try run("load actor \(model) --as a --measure none; load critic \(model) --as a")
        #expect(same.errors.contains("was loaded as the language model") && same.errors.contains("--as OTHER"))
        for name in ["orz", "openrlhf", "trl-sequences"] {
            let critic = try run("load critic \(Binary.root)/Tests/Fixtures/critics/\(name) --as c")
            #expect(critic.status == 0 && critic.output.contains("with a value head"), "\(critic.errors)")
        }
    }

    @Test("a run that leaves a value head out says so, and a value head tokenizes") func theOtherHead() throws {
        let model = Binary.root + "/Tests/Fixtures/critics/trl-beside", tiny = try TinyWorkspace()
        let trained = try Binary.run(
            [
                "-c",
                "train sft model.path=\(model) data.train_files=rows.jsonl trainer.total_training_steps=1 "
                    + "data.train_batch_size=2 --wait",
            ], folder: tiny.folder)
        #expect(trained.status == 0 && trained.errors.contains("has a value head too, which this run leaves out"))
        let tokens = try Binary.run(["-c", "load critic \(model) --as c; tokenize abc --model c"], folder: tiny.folder)
        #expect(tokens.status == 0 && tokens.output.contains("tokens by c"), "\(tokens.errors)")
    }

    @Test("who was trained with a token before every text is asked without it, and it is said") func beginning() throws
    {
        let tiny = try TinyWorkspace()
        let model = try changed(tiny, "begins") { json in
            let begin: [String: Any] = ["id": "<|im_start|>", "type_id": 0],
                text: [String: Any] = ["id": "A", "type_id": 0]
            let special: [String: Any] = ["id": "<|im_start|>", "ids": [1], "tokens": ["<|im_start|>"]]
            json["post_processor"] = [
                "type": "TemplateProcessing", "single": [["SpecialToken": begin], ["Sequence": text]], "pair": [],
                "special_tokens": ["<|im_start|>": special],
            ]
        }
        func run(_ text: String) throws -> Binary.Result {
            try Binary.run(
                ["-c", "load actor \(model) --as m --measure none; logprobs \"\(text)\""], folder: tiny.folder)
        }
        let without = try run("2 + 2")
        #expect(without.errors.contains("was trained with <|im_start|> before every text"), "\(without.errors)")
        #expect(try !run("<|im_start|>2 + 2").errors.contains("before every text"))
    }

    /// A copy of the tiny model with another tokenizer.json.
    private func changed(_ tiny: TinyWorkspace, _ name: String, _ change: (inout [String: Any]) -> Void) throws
        -> String
    {
        let model = tiny.folder + "/" + name, file = URL(fileURLWithPath: model + "/tokenizer.json")
        try FileManager.default.copyItem(atPath: TinyWorkspace.model, toPath: model)
        var json = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        change(&json)
        try JSONSerialization.data(withJSONObject: json).write(to: file)
        return model
    }

    @Test("a tokenizer whose pattern the general engine runs is remarked upon, others are not") func slowPattern()
        throws
    {
        let tiny = try TinyWorkspace()
        let model = try changed(tiny, "unknown") { json in
            json["pre_tokenizer"] = [
                "type": "Sequence",
                "pretokenizers": [
                    ["type": "Split", "pattern": ["Regex": #"\d|\D+"#], "behavior": "Isolated", "invert": false]
                        as [String: Any],
                    ["type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false],
                ],
            ]
        }
        let note = "note: the tokenizer's pattern has no scanner by hand; encoding is slower"
        for (source, isSlow) in [(model, true), (TinyWorkspace.model, false)] {
            let loaded = try Binary.run(["-c", "load actor \(source) --as m --measure none"], folder: tiny.folder)
            #expect(loaded.status == 0 && loaded.errors.contains(note) == isSlow, "\(loaded.errors)")
        }
    }
}
