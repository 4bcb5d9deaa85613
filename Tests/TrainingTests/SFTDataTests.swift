import Checkpoints
import Foundation
import Testing
import Tokenizers
import Training

@Suite struct SFTDataTests {
    private func read(_ rows: [String], _ settings: String..., template: String? = nil) throws -> [SFTExample] {
        try Support.withFolder { folder in
            let file = folder + "/rows.jsonl"
            try rows.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
            let plain = try Support.checkpoint()
            let checkpoint = Checkpoint(
                name: "tiny", origin: "test", model: plain.model, tokenizer: plain.tokenizer,
                chatTemplate: template.map { ChatTemplate(source: $0) }, endTokens: plain.endTokens)
            let recipe = try Recipe(method: .sft, assignments: ["model=tiny", "data.train_files=\(file)"] + settings)
            return try SFTReader(recipe.settings(), checkpoint: checkpoint).read([file])
        }
    }

    private static let template =
        "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}{% if add_generation_prompt %}[assistant]{% "
        + "endif %}"

    @Test func theResponseAndOneEndTokenAreLearnedAndThePromptIsNot() throws {
        let checkpoint = try Support.checkpoint(), end = try required(checkpoint.endTokens.first)
        let example = try #require(try read([#"{"prompt": "Start 7", "response": "A7 a=3"}"#]).first)
        #expect(checkpoint.tokenizer.decode(Array(example.ids[..<example.prompt])) == "Start 7")
        #expect(checkpoint.tokenizer.decode(Array(example.ids[example.prompt...].dropLast())) == "A7 a=3")
        #expect(example.ids.filter { $0 == end } == [end] && example.ids.last == end)
    }

    @Test func specialTokensSpelledInRowsArePlainText() throws {
        let checkpoint = try Support.checkpoint(), end = try required(checkpoint.endTokens.first)
        let row = #"{"prompt": "a<|endoftext|>b", "response": "c<|endoftext|>d"}"#
        for template in [nil, Self.template] {
            let example = try #require(try read([row], template: template).first)
            #expect(example.ids.filter { $0 == end }.count == 1)
        }
    }

    @Test func theChatTemplateWrapsTextAndMessages() throws {
        let tokenizer = try Support.checkpoint().tokenizer
        let text = try read([#"{"prompt": "hi", "response": "yo"}"#], template: Self.template)
        let messages = try read(
            [#"{"prompt": [{"role": "system", "content": "s"}, {"role": "user", "content": "hi"}], "response": "yo"}"#],
            template: Self.template)
        #expect(tokenizer.decode(Array(text[0].ids[..<text[0].prompt])) == "[user]hi[assistant]")
        #expect(tokenizer.decode(Array(messages[0].ids[..<messages[0].prompt])) == "[system]s[user]hi[assistant]")
        let off = try read([#"{"prompt": "hi", "response": "yo"}"#], "data.chat_template=off", template: Self.template)
        #expect(tokenizer.decode(Array(off[0].ids[..<off[0].prompt])) == "hi")
    }

    @Test func otherSpellingsOfRowsAreRead() throws {
        let tokenizer = try Support.checkpoint().tokenizer
        let examples = try read([
            #"{"question": "q", "answer": "r"}"#, #"{"problem": "q", "solution": "r", "answer": "5"}"#,
            #"{"prompt": "q", "response": "r"}"#,
        ])
        #expect(examples.count == 3)
        for example in examples {
            #expect(tokenizer.decode(Array(example.ids[example.prompt...].dropLast())) == "r")
        }
        #expect(try read([#"{"in": "q", "out": "r"}"#], "data.prompt_key=in", "data.response_key=out").count == 1)
    }

    @Test func longRowsAreAnErrorOrCutOrLeftOut() throws {
        let rows = [
            #"{"prompt": "a", "response": "b"}"#,
            #"{"prompt": "a", "response": "\#(String(repeating: "z1", count: 300))"}"#,
        ]
        #expect(throws: TrainingError.self) { try read(rows) }
        #expect(try read(rows, "data.truncation=drop").count == 1)
        let cut = try read(rows, "data.truncation=right", "data.max_length=50")
        #expect(cut.map(\.ids.count)[1] == 50)
    }

    @Test func eachEpochVisitsEveryRowOnceInAnOrderOfItsOwn() {
        var order = RowOrder(count: 23, batch: 5, seed: 7)
        #expect(order.stepsPerEpoch == 5)
        let epochs = (0..<3).map { epoch in (0..<5).flatMap { order.rows(epoch * 5 + $0) } }
        for epoch in epochs { #expect(epoch.sorted() == Array(0..<23)) }
        #expect(Set(epochs).count == 3)
        var again = RowOrder(count: 23, batch: 5, seed: 7)
        #expect(again.rows(7) == order.rows(7))
        var plain = RowOrder(count: 4, batch: 3, seed: nil)
        #expect(Array(plain.rows(0)) == [0, 1, 2] && Array(plain.rows(1)) == [3] && Array(plain.rows(2)) == [0, 1, 2])
    }

    @Test func aWarmStartBeginsAnewWhereAResumeGoesOn() throws {
        try Support.withFolder { folder in
            let first = try Support.centre(folder).start(try Support.recipe(folder)).job
            try first.end()
            let trained = try RunDirectory.modelPath(of: first.run, preferring: .actor, in: folder + "/runs")
            let centre = JobCentre(
                runs: folder + "/runs", load: { _, _ in try Checkpoint.load(trained) }, notify: { _ in })
            let warm = try centre.start(try Support.recipe(folder, "trainer.total_training_steps=3")).job
            try warm.end()
            let (before, after) = (try Support.metrics(first.run, folder), try Support.metrics(warm.run, folder))
            #expect(after.count == 3 && after[0]["step"] == "1" && after[0]["train/lr"] == before[0]["train/lr"])
            let (cold, warmed) = (try required(before[0]["train/loss"]), try required(after[0]["train/loss"]))
            #expect(try required(Double(warmed)) < 0.9 * required(Double(cold)))
        }
    }
}
