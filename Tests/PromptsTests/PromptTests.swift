import Foundation
import Problems
import PromptKit
import Prompts
import Testing
import Tokenizers

@Suite struct PromptTests {
    @Test(
        arguments: [
            ("Judge {{problem}}\n{{solution}}</solution>", nil),
            ("{{% CONTENT_TYPE:HTML}}\n{{! cue: S }}\n{{problem}}{{solution}}", nil),
            ("{{% CONTENT_TYPE:TEXT}}\n{{problem}}{{solution}}", nil),
            ("{{% CONTENT_TYPE:TEXT}}\n{{! cue: S }}\n{{! form: odd }}\n{{problem}}{{solution}}", nil),
            ("{{% CONTENT_TYPE:TEXT}}\n{{! cue: S }}\n{{problem}}", nil),
            ("{{% CONTENT_TYPE:TEXT}}\n{{! cue: S }}\n\n{{problm}}{{solution}}", 4),
            ("{{% CONTENT_TYPE:TEXT}}\n{{! cue: S }}\n{{problem}}\n{{solution", 4),
            ("{{% CONTENT_TYPE:TEXT}}\n{{! cue: S }}\n{{problem}}{{solution}}{{> other}}", 3),
            ("{{% CONTENT_TYPE:TEXT}}\n{{! cue: S }}\n{{problem}}{{solution}}{{#actor}}", nil),
            ("{{% CONTENT_TYPE:TEXT}}\n{{! cue: S }}\n{{problem}}{{solution}}{{/actor}}", nil),
            ("{{% CONTENT_TYPE:TEXT}}\n{{! cue: S }}\n{{problem}}{{solution}}{{uppercased(problem)}}", 3),
            ("", nil), ("{{", nil), ("{{%", nil), ("{{{{{{", nil),
        ] as [(String, Int?)])
    func aTemplateThatCannotWorkIsOneClearError(text: String, line: Int?) {
        let error = #expect(throws: PromptsError.self) { try criticTemplate(text) }
        guard case .badTemplate(_, let found, _)? = error else {
            Issue.record("\(String(describing: error)) is no bad template")
            return
        }
        if let line { #expect(found == line) }
    }

    @Test func sectionsNestedWithoutEndAreRefusedBeforeTheyAreParsed() {
        let text =
            "{{% CONTENT_TYPE:TEXT}}\n{{! cue: S }}\n{{problem}}{{solution}}"
            + String(repeating: "{{#actor}}", count: 6000)
        #expect(throws: PromptsError.badTemplate(name: "test", line: 3, reason: "sections are nested deeper than 8")) {
            try criticTemplate(text)
        }
    }

    @Test func templateSyntaxInsideValuesIsPlainText() throws {
        let builder = PromptBuilder(tokenizer: try makeTokenizer(), chatTemplate: nil, bos: nil)
        let text = "{{problem}} & <b> {{#actor}} \"x\""
        let prompt = try #require(try builder.critic(criticTemplate(), problem: text, solutions: [text], icc: []).first)
        #expect(prompt.text.ranges(of: text).count == 2)
    }

    @Test func theIdsDecodeToTheTextAndSpecialsAreOnlyTheTemplates() throws {
        let tokenizer = try makeTokenizer()
        let template = try criticTemplate(criticText.replacing("Judge.", with: "<|im_start|>Judge.<|im_end|>"))
        let builder = PromptBuilder(tokenizer: tokenizer, chatTemplate: nil, bos: nil)
        var icc = ICC()
        try icc.add("trick", sentence: "Obey <|im_start|>.")
        for solution in ["", "a <|im_end|> b", "<|im_start|>", "é𝄞\u{301}<|end|>", "<|im_end|"] {
            let prompt = try #require(
                try builder.critic(template, problem: "x<|end|>", solutions: [solution], icc: icc.values(for: snapshot))
                    .first)
            #expect(tokenizer.decode(prompt.ids) == prompt.text)
            #expect(
                prompt.ids.filter(tokenizer.specialIDs.contains).map { tokenizer.decode([$0]) } == [
                    "<|im_start|>", "<|im_end|>",
                ])
            #expect(prompt.text.contains("<solution>\n" + solution + "</solution>"))
            #expect(prompt.text.contains("Obey <|im_start|>."))
        }
    }

    @Test func aChatModelReadsAUserMessageAndOpensTheAssistantsTurn() throws {
        let tokenizer = try makeTokenizer()
        let chat = ChatTemplate(
            source: """
                {% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + \
                '<|im_end|>' + '\n'}}\
                {% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}
                """)
        let library = PromptLibrary(workspace: nil, homes: [promptsFolder()])
        let critic = try library.load(.critic, "default"), actor = try library.load(.actor, "default")
        let builder = PromptBuilder(tokenizer: tokenizer, chatTemplate: chat, bos: nil)
        let prompt = try #require(
            try builder.critic(
                critic, problem: problem.text, solutions: ["Done.<|im_end|>"], icc: ICC().values(for: snapshot)
            ).first)
        #expect(prompt.text.hasPrefix("<|im_start|>user\nYou judge"))
        #expect(prompt.text.contains("<solution>\nDone.<|im_end|></solution>\n"))
        #expect(prompt.text.hasSuffix("surely right).<|im_end|>\n<|im_start|>assistant\n"))
        #expect(tokenizer.decode(prompt.ids) == prompt.text)
        #expect(
            prompt.ids.filter(tokenizer.specialIDs.contains).map { tokenizer.decode([$0]) }
                == ["<|im_start|>", "<|im_end|>", "<|im_start|>"])
        let question = try builder.actor(actor, problem: problem)
        #expect(question.text.hasPrefix("<|im_start|>user\nWhat is 2 + 3?\n\nSolve"))
        let plain = try PromptBuilder(tokenizer: tokenizer, chatTemplate: nil, bos: nil).actor(
            actor, problem: problem)
        #expect(plain.text.hasPrefix("What is 2 + 3?\n\nSolve") && plain.text.hasSuffix("N.\"\n"))
    }

    @Test func messagesBeforeTheQuestionAreTheChatsOwn() throws {
        let tokenizer = try makeTokenizer()
        let chat = ChatTemplate(
            source: """
                {% for message in messages %}{% if message['content'] %}{{'<|im_start|>' + message['role'] + '\n' + \
                message['content'] + '<|im_end|>' + '\n'}}{% endif %}{% endfor %}{{ '<|im_start|>assistant\n' }}
                """)
        let template = try PromptTemplate(
            name: "a", role: .actor, text: "{{% CONTENT_TYPE:TEXT}}\n{{! form: chat }}\nQ: {{problem}}")
        let conversation = Conversation(
            earlier: [
                .init(role: "system", content: "Obey <|im_end|>."), .init(role: "user", content: "1?"),
                .init(role: "assistant", content: "2."),
            ], last: "3?")
        let problem = Problem(id: 1, text: conversation.text, conversation: conversation)
        let prompt = try PromptBuilder(tokenizer: tokenizer, chatTemplate: chat, bos: nil).actor(
            template, problem: problem)
        #expect(
            prompt.text == """
                <|im_start|>system
                Obey <|im_end|>.<|im_end|>
                <|im_start|>user
                1?<|im_end|>
                <|im_start|>assistant
                2.<|im_end|>
                <|im_start|>user
                Q: 3?<|im_end|>
                <|im_start|>assistant

                """)
        #expect(prompt.ids.count { tokenizer.specialIDs.contains($0) } == 9)
        let plain = PromptBuilder(tokenizer: tokenizer, chatTemplate: nil, bos: nil)
        for text in [
            try plain.actor(template, problem: problem).text, TextPrompts().actor(template, problem: problem).text,
        ] {
            #expect(
                text.trimmingCharacters(in: .newlines)
                    == "Q: Obey <|im_end|>.\n\nUser: 1?\n\nAssistant: 2.\n\nUser: 3?")
        }
    }

    @Test func aSpecialTokenMadeOfAValueAndTheTemplateIsRefused() throws {
        let builder = PromptBuilder(tokenizer: try makeTokenizer(), chatTemplate: nil, bos: nil)
        let template = try criticTemplate(criticText.replacing("{{solution}}<", with: "{{solution}}end|><"))
        #expect(throws: PromptsError.specialAtBorder(template: "test")) {
            try builder.critic(template, problem: "x", solutions: ["a <|"], icc: [])
        }
    }

    @Test func theBeginningTokenIsThereOnce() throws {
        let tokenizer = try makeTokenizer(specials: ["<s>", "<|end|>"])
        let bos = try #require(tokenizer.id(ofSpecial: "<s>"))
        let builder = PromptBuilder(tokenizer: tokenizer, chatTemplate: nil, bos: bos)
        let plain = try builder.actor(
            PromptTemplate(name: "a", role: .actor, text: actorText), problem: Problem(id: 1, text: "<s>"))
        #expect(plain.ids.count { $0 == bos } == 1 && plain.ids.first == bos)
        #expect(plain.text == "<s>Q: <s>\nA:\n" && tokenizer.decode(plain.ids) == plain.text)
        let written = actorText.replacing("Q:", with: "<s>Q:")
        let own = try builder.actor(
            PromptTemplate(name: "a", role: .actor, text: written), problem: Problem(id: 1, text: "x"))
        #expect(own.ids.count { $0 == bos } == 1 && own.ids.first == bos)
    }

    @Test func anEditIsKeptInTheWorkspaceAndResetThrowsItAway() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("genac-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let library = PromptLibrary(workspace: folder.appendingPathComponent("prompts").path, homes: [promptsFolder()])
        #expect(library.names(.critic).contains("default"))
        let original = try library.load(.critic, "default")
        #expect(try library.diff(.critic, "default").isEmpty)
        let edited = original.text.replacing("You judge", with: "Please judge")
        try library.save(.critic, "default", text: edited)
        #expect(try library.load(.critic, "default").text == edited)
        let changed = try library.diff(.critic, "default").filter { !$0.hasPrefix(" ") }
        #expect(changed.count == 2 && changed[0].hasPrefix("-You judge") && changed[1].hasPrefix("+Please judge"))
        #expect(throws: PromptsError.self) { try library.save(.critic, "default", text: "nonsense") }
        #expect(try library.load(.critic, "default").text == edited)
        #expect(try library.reset(.critic, "default").text == original.text)
        #expect(try library.load(.critic, "default").path == original.path)
        try library.save(.critic, "mine", text: edited)
        #expect(throws: PromptsError.self) { try library.reset(.critic, "mine") }
        #expect(try library.load(.critic, "mine").text == edited)
        for name in ["../default", "", "a/b", ".hidden", "nothing"] {
            #expect(throws: PromptsError.self) { try library.load(.critic, name) }
        }
    }

    private func withLibrary(_ body: (PromptLibrary, String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("genac-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder + "/critic", withIntermediateDirectories: true)
        try body(PromptLibrary(workspace: folder, homes: [promptsFolder()]), folder)
    }

    @Test func aCopyThatCannotBeReadMakesNoWayForTheOriginal() throws {
        try withLibrary { library, folder in
            let copy = folder + "/critic/default.mustache"
            try FileManager.default.createSymbolicLink(atPath: copy, withDestinationPath: folder + "/gone")
            #expect(throws: PromptsError.badTemplate(name: copy, line: nil, reason: "the template cannot be read")) {
                try library.load(.critic, "default")
            }
            try FileManager.default.removeItem(atPath: copy)
            try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
            let error = #expect(throws: PromptsError.self) { try library.load(.critic, "default") }
            #expect(error?.what.contains("cannot be read") == true, "\(String(describing: error))")
        }
    }

    @Test func aCopyIsEditedWhenItSaysSomethingElse() throws {
        try withLibrary { library, _ in
            let text = try library.load(.critic, "default").text
            #expect(try !library.isEdited(.critic, "default"))
            try library.save(.critic, "default", text: text)
            #expect(try !library.isEdited(.critic, "default"))
            try library.save(.critic, "default", text: text + "\n")
            try library.save(.critic, "mine", text: text)
            #expect(try library.isEdited(.critic, "default") && library.isEdited(.critic, "mine"))
            try library.remove(.critic, "mine")
            #expect(throws: PromptsError.self) { try library.load(.critic, "mine") }
        }
    }

    @Test func aRunsLibraryHasTheOneTemplateItWasBegunWith() throws {
        try withLibrary { library, folder in
            let run = folder + "/run", text = try library.load(.critic, "default").text
            let own = PromptLibrary(run: run)
            #expect(own.isOfRun && !library.isOfRun)
            #expect(throws: PromptsError.notOneTemplate(names: [], folders: [run + "/prompts/critic"])) {
                try own.only(.critic)
            }
            let kept = PromptLibrary(workspace: run + "/prompts", homes: [])
            try kept.save(.critic, "few", text: text)
            #expect(try own.only(.critic).name == "few")
            try kept.save(.critic, "other", text: text)
            #expect(throws: PromptsError.self) { try own.only(.critic) }
        }
    }

    @Test func everyPromptThatComesWithTheProgramCanBeRead() throws {
        let library = PromptLibrary(workspace: nil, homes: [promptsFolder()])
        for role in PromptTemplate.Role.allCases {
            #expect(Set(library.names(role)).isSuperset(of: ["default", "starter"]))
            for name in library.names(role) {
                let template = try library.load(role, name)
                guard role == .critic else { continue }
                for value in ICC().values(for: snapshot) { #expect(template.sentence(value)?.isEmpty == false) }
                #expect(template.text.contains("{{solution}}</solution>"))
            }
        }
    }
}
