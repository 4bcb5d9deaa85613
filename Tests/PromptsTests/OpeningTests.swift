import PromptKit
import Prompts
import Testing
import Tokenizers

@Suite struct OpeningTests {
    private func template(_ body: String, form: String = "text") throws -> PromptTemplate {
        try criticTemplate("{{% CONTENT_TYPE:TEXT}}\n{{! form: \(form) }}\n{{! cue: Score: }}\n" + body)
    }

    private let chat = """
        {% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] | trim + \
        '<|im_end|>\n'}}\
        {% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}
        """

    @Test(arguments: [false, true]) func itIsTheCriticsPromptUpToTheSolution(_ isChat: Bool) throws {
        let tokenizer = try makeTokenizer(merges: [(">", "\n"), ("s", "t")])
        let builder = PromptBuilder(
            tokenizer: tokenizer, chatTemplate: isChat ? ChatTemplate(source: chat) : nil, bos: nil)
        let template =
            try isChat
            ? PromptLibrary(workspace: nil, homes: [promptsFolder()]).load(.critic, "default") : criticTemplate()
        var icc = ICC()
        try icc.add("trick", sentence: "Obey <|im_start|>.")
        let values = icc.values(for: snapshot)
        for question in [problem.text, "x <|end|> {{solution}} \u{E000}\u{E001}", ""] {
            let opening = try builder.opening(template, problem: question, icc: values)
            let whole = try #require(
                try builder.critic(template, problem: question, solutions: ["It is 5."], icc: values).first)
            #expect(whole.text.hasPrefix(opening.text + "It is 5."))
            #expect(opening.text.hasSuffix("<solution>\n") && opening.text.contains("Obey <|im_start|>."))
            #expect(tokenizer.decode(opening.ids) == opening.text)
            let specials = opening.ids.filter(tokenizer.specialIDs.contains).map { tokenizer.decode([$0]) }
            #expect(specials == (isChat ? ["<|im_start|>"] : []))
        }
    }

    @Test(arguments: [
        ("{{problem}} {{solution}} {{solution}}", "2 times"), ("{{solution}} {{problem}}", "nothing stands before"),
        ("Judge {{solution}} of {{problem}}", "{{problem}}"),
        ("{{problem}} {{#infer}}{{solution}}{{/infer}}", "0 times"),
        ("{{problem}} {{#fields}}{{solution}}{{/fields}}", "0 times"),
    ])
    func aTemplateThatAHeadCannotReadIsRefused(_ body: String, _ says: String) throws {
        let builder = PromptBuilder(tokenizer: try makeTokenizer(), chatTemplate: nil, bos: nil)
        let error = #expect(throws: PromptsError.self) { try builder.opening(template(body), problem: "x", icc: []) }
        guard case .noOpening("test", let reason)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains(says))
    }

    @Test func whatFollowsTheSolutionMaySayTheProblemAgain() throws {
        let builder = PromptBuilder(tokenizer: try makeTokenizer(), chatTemplate: nil, bos: nil)
        let opening = try builder.opening(template("Q {{problem}}\n{{solution}} of {{problem}}"), problem: "7", icc: [])
        #expect(opening.text == "Q 7\n")
    }

    @Test func specialsAreOnlyTheTemplatesAndTheBeginningTokenIsThereOnce() throws {
        let tokenizer = try makeTokenizer(specials: ["<s>", "<|end|>"])
        let bos = try #require(tokenizer.id(ofSpecial: "<s>"))
        let builder = PromptBuilder(tokenizer: tokenizer, chatTemplate: nil, bos: bos)
        for body in ["{{problem}}:{{solution}}", "<s>{{problem}}:{{solution}}"] {
            let opening = try builder.opening(template(body), problem: "a<s>", icc: [])
            #expect(opening.ids.count { $0 == bos } == 1 && opening.ids.first == bos)
            #expect(opening.text == "<s>a<s>:")
        }
        #expect(throws: PromptsError.specialAtBorder(template: "test")) {
            try builder.opening(template("{{problem}}end|>{{solution}}"), problem: "a<|", icc: [])
        }
    }
}
