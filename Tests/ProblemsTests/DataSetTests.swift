import Formats
import Foundation
import Problems
import Testing

/// Rows of data sets, by the shapes in which they are published, and what is said of them.
@Suite struct DataSetTests {
    private func file(_ text: String, _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("genac-\(UUID().uuidString).rows")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try body(path)
    }

    private func set(_ lines: [String], _ choice: DataSet.Choice = DataSet.Choice()) throws -> DataSet {
        var set: DataSet?
        try file(lines.joined(separator: "\n")) { set = try DataSet.load($0, choice) }
        return try #require(set)
    }

    private func load(_ lines: String..., prompt: String? = nil, answer: String? = nil) throws -> [Problem] {
        try set(lines, DataSet.Choice(promptKey: prompt, answerKey: answer)).problems
    }

    // MARK: Shapes

    /// A row as its data set has it, shortened; the problem, the answer, and where they are from.
    struct Shape: CustomTestStringConvertible, Sendable {
        let name: String
        let row: String
        var text = "Q?"
        let answer: String?
        let taken: String
        var testDescription: String { name }
    }

    @Test(arguments: [
        Shape(
            name: "GSM8K", row: #"{"question": "Q?", "answer": "3 + 4 = <<3+4=7>>7\n#### 7"}"#, answer: "7",
            taken: "problem from `question`, answer from `answer` after its ####"),
        Shape(
            name: "MATH",
            row:
                #"{"problem": "Q?", "level": "Level 5", "solution": "So $x=\\boxed{\\frac{1}{2}}$."}"#,
            answer: #"\frac{1}{2}"#, taken: "problem from `problem`, answer from `solution`'s box"),
        Shape(
            name: "MATH-500",
            row: #"{"problem": "Q?", "solution": "$\\boxed{8}$", "answer": "7", "subject": "Algebra", "#
                + #""level": 2, "unique_id": "test/algebra/1.json"}"#, answer: "7",
            taken: "problem from `problem`, answer from `answer`"),
        Shape(
            name: "AIME 2024", row: #"{"ID": "2024-I-1", "Problem": "Q?", "Solution": "\\boxed{204}", "Answer": 204}"#,
            answer: "204", taken: "problem from `problem`, answer from `answer`"),
        Shape(
            name: "AIME 1983-2024",
            row:
                #"{"ID": "1983-1", "Year": 1983, "Question": "Q?", "Answer": "060", "Part": null}"#,
            answer: "060", taken: "problem from `question`, answer from `answer`"),
        Shape(
            name: "verl and DAPO-Math",
            row: #"{"data_source": "math_dapo", "prompt": [{"content": "Q?", "role": "user"}], "ability": "MATH", "#
                + #""reward_model": {"ground_truth": "34", "style": "rule"}, "extra_info": {"index": "9a9b", "#
                + #""question": "Other?", "answer": "35"}}"#, answer: "34",
            taken: "problem from `prompt`, answer from `reward_model.ground_truth`"),
        Shape(
            name: "DAPO-Math, processed",
            row: #"{"prompt": "Q?", "solution": "34", "source_prompt": [{"content": "Long Q?", "role": "user"}], "#
                + #""reward_model": {"ground_truth": "34", "style": "rule"}}"#, answer: "34",
            taken: "problem from `prompt`, answer from `reward_model.ground_truth`"),
        Shape(
            name: "SkyRL",
            row:
                #"{"data_source": "gsm8k", "prompt": [{"role": "user", "content": "Q?"}], "env_class": "gsm8k", "#
                + #""reward_spec": {"method": "rule", "ground_truth": "7"}}"#, answer: "7",
            taken: "problem from `prompt`, answer from `reward_spec.ground_truth`"),
        Shape(
            name: "OpenMathInstruct-1",
            row: #"{"question": "Q?", "dataset": "gsm8k", "expected_answer": "7", "#
                + #""generated_solution": "\\boxed{8}", "is_correct": false}"#, answer: "7",
            taken: "problem from `question`, answer from `expected_answer`"),
        Shape(
            name: "OpenMathInstruct-2",
            row: #"{"problem": "Q?", "generated_solution": "\\boxed{7}", "#
                + #""expected_answer": "7", "problem_source": "augmented_math"}"#, answer: "7",
            taken: "problem from `problem`, answer from `expected_answer`"),
        Shape(
            name: "NuminaMath-CoT",
            row: #"{"source": "aops_forum", "problem": "Q?", "solution": "\\boxed{ 7 }", "#
                + #""messages": [{"content": "Q?", "role": "user"}, {"content": "...", "role": "assistant"}]}"#,
            answer: "7", taken: "problem from `problem`, answer from `solution`'s box"),
        Shape(
            name: "NuminaMath-1.5",
            row: #"{"problem": "Q?", "solution": "Hence.", "answer": "proof", "#
                + #""problem_type": "Algebra", "question_type": "proof"}"#, answer: nil,
            taken: "problem from `problem`, no answer"),
        Shape(
            name: "DeepScaleR", row: #"{"problem": "Q?", "answer": "-\\frac{2}{3}", "solution": "1. \\boxed{-2/3}"}"#,
            answer: #"-\frac{2}{3}"#, taken: "problem from `problem`, answer from `answer`"),
        Shape(
            name: "PRM800K",
            row: #"{"labeler": "340d", "question": {"problem": "Q?", "ground_truth_solution": "S", "#
                + #""ground_truth_answer": "7", "pre_generated_answer": "8"}, "label": {"steps": []}}"#,
            answer: "7", taken: "problem from `question.problem`, answer from `question.ground_truth_answer`"),
        Shape(
            name: "ProcessBench",
            row: #"{"id": "gsm8k-0", "generator": "Qwen2-7B-Instruct", "problem": "Q?", "#
                + #""steps": ["a", "b"], "final_answer_correct": false, "label": 1}"#, answer: nil,
            taken: "problem from `problem`, no answer"),
        Shape(
            name: "CHAMP",
            row: #"{"identifier": "P_Sums_1", "_raw_text": "@@n@@?", "_text": "n?", "category": "Sums", "solution": "#
                + #"{"steps": [{"_raw_text": "@@n@@.", "_text": "n.", "ch_idxs": [0]}]}, "_raw_answer": "@@7@@", "#
                + #""_answer": "7", "ch_list": ["H_1"], "fws_annotations": {"GPT|0-Shot": {"text": "n is 8.", "#
                + #""start_idx": 0, "end_idx": 7, "author": "GPT"}}, "conversations": {}}"#, text: "n?", answer: "7",
            taken: "problem from `_text`, answer from `_answer`"),
        Shape(
            name: "reasoning-gym",
            row: #"{"question": "Q?", "answer": "7", "metadata": {"source_dataset": "#
                + #""leg_counting", "source_index": 0}}"#, answer: "7",
            taken: "problem from `question`, answer from `answer`"),
        Shape(
            name: "verl's as text", row: #"{"prompt": "Q?", "reward_model": "{\"ground_truth\": \"7\"}"}"#, answer: "7",
            taken: "problem from `prompt`, answer from `reward_model.ground_truth`"),
        Shape(
            name: "a list of one answer", row: #"{"question": "Q?", "final_answer": ["7"]}"#, answer: "7",
            taken: "problem from `question`, answer from `final_answer`"),
    ])
    func shapesAreKnown(shape: Shape) throws {
        let set = try set([shape.row])
        #expect(set.problems.map(\.text) == [shape.text] && set.problems[0].answer == shape.answer)
        #expect(set.taken.map { "\($0.what)" } == [shape.taken] && set.taken[0].rows == 1)
        #expect(set.problems[0].stepRule == (shape.name == "GSM8K" ? .newline : .vine))
        #expect(set.missing.count == (shape.answer == nil ? 1 : 0))
    }

    @Test func whatIsTakenIsCountedKindByKind() throws {
        let set = try set([
            #"{"problem": "1", "solution": "\\boxed{1}"}"#, #"{"problem": "2", "solution": "Clear."}"#,
            #"{"problem": "3", "solution": "\\boxed{3}"}"#, #"{"problem": "4", "solution": "\\boxed{ }"}"#,
            #"{"problem": "5", "answer": null, "solution": "So."}"#, #"{"problem": "6"}"#,
            #"{"question": "7", "answer": "notfound"}"#, #"{"question": "8", "answer": ""}"#,
            #####"{"question": "9", "answer": "####  "}"#####,
        ])
        #expect(set.problems.map(\.answer) == ["1", nil, "3", nil, nil, nil, nil, nil, nil])
        #expect(set.taken.map(\.rows) == [2, 4, 3])
        let why = [
            "2: `solution` has no box", "1: `solution` has an empty box", "1: no member for it",
            "1: `answer` says \"notfound\"", "1: `answer` is empty", "1: `answer` has nothing after ####",
        ]
        #expect(set.missing.map { "\($0.rows): \($0.why)" } == why)
    }

    @Test func answersAreFoundByTheSameRulesWhereverTheProblemIs() throws {
        let problems = try load(
            #"{"q": "1", "answer": "x\n#### 1"}"#, #"{"q": "2", "solution": "\\boxed{2}"}"#,
            #"{"q": "3", "reward_model": {"ground_truth": 3}}"#,
            #"{"q": "4", "a": 4}"#, prompt: "q")
        #expect(problems.map(\.answer) == ["1", "2", "3", nil])
        let named = try load(
            #"{"q": "1", "a": "x\n#### 1", "answer": 9}"#, #"{"q": "4", "a": 4}"#, #"{"q": "5", "a": null}"#,
            prompt: "q", answer: "a")
        #expect(named.map(\.answer) == ["1", "4", nil] && named[0].stepRule == .newline)
        // A text that is named is an answer as it stands.
        #expect(try load(#"{"q": "1", "solution": "34"}"#, prompt: "q", answer: "solution")[0].answer == "34")
        let error = try #require(throws: ProblemsError.self) {
            try load(#"{"q": "1", "answer": 9}"#, prompt: "q", answer: "a")
        }
        #expect(error.what == "key 'a': is missing" && error.hint?.contains("q, answer") == true)
    }

    @Test func aKeyMayBeAPath() throws {
        let row = #"{"extra_info": {"question": "Q?", "truth": {"value": 12345678901234567890}}, "a.b": "7"}"#
        let set = try set(
            [row], DataSet.Choice(promptKey: "extra_info.question", answerKey: "extra_info.truth.value"))
        #expect(set.problems[0].text == "Q?" && set.problems[0].answer == "12345678901234567890")
        #expect(try load(row, prompt: "extra_info.question", answer: "a.b")[0].answer == "7")
        let error = try #require(throws: ProblemsError.self) { try load(row, prompt: "extra_info.q") }
        #expect(error.what == "key 'extra_info.q': is missing")
    }

    // MARK: Messages

    @Test func messagesAreKept() throws {
        func problem(_ messages: String) throws -> Problem { try load(#"{"prompt": [\#(messages)]}"#)[0] }
        let system = #"{"role": "system", "content": "Be brief."}"#
        let user = #"{"role": "user", "content": "How?"}"#
        let assistant = #"{"role": "assistant", "content": "So."}"#
        let single = try problem(user)
        #expect(single == Problem(id: 1, text: "How?", source: single.source))
        let told = try problem("\(system), \(user)")
        #expect(told.text == "How?")
        #expect(told.conversation?.earlier == [.init(role: "system", content: "Be brief.")])
        #expect(told.conversation?.last == "How?")
        let turns = try problem(
            #"\#(system), \#(user), \#(assistant), {"role": "user", "content": [{"type": "text", "text": "Why"}, "#
                + #"{"type": "text", "text": "?"}]}"#)
        #expect(turns.text == "User: How?\n\nAssistant: So.\n\nUser: Why?")
        #expect(turns.conversation?.earlier.map(\.role) == ["system", "user", "assistant"])
        #expect(turns.conversation?.last == "Why?")
        let kept = try JSONDecoder().decode(Problem.self, from: JSONEncoder().encode(turns))
        #expect(kept == turns)
    }

    @Test func dialoguesAndInstructionsAreRead() throws {
        let system = #"{"role": "system", "content": "S"}"#, user = #"{"role": "user", "content": "1+1?"}"#
        let reply = #"{"role": "assistant", "content": "So \\boxed{2}."}"#
        let boxed = try set([#"{"messages": [\#(system), \#(user), \#(reply)]}"#])
        #expect(boxed.problems[0].text == "1+1?" && boxed.problems[0].answer == "2")
        #expect(boxed.problems[0].conversation?.instructions.map(\.content) == ["S"])
        #expect("\(boxed.taken[0].what)" == "problem from `messages`, answer from `messages[-1]`'s box")
        let known = try load(#"{"messages": [\#(user), \#(reply)], "answer": 3}"#)[0]
        #expect(known.answer == "3" && known.text == "1+1?")
        let share = try load(
            #"{"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}, "#
                + #"{"from": "human", "value": "c"}, {"from": "gpt", "value": "d"}]}"#)[0]
        #expect(share.text == "User: a\n\nAssistant: b\n\nUser: c" && share.answer == nil)
        let other = try load(#"{"question": "q", "answer": 1, "messages": [\#(user), \#(reply)]}"#)[0]
        #expect(other.text == "q" && other.answer == "1")
        let alpaca = try set([#"{"instruction": "Add.", "input": "1 1", "output": "\\boxed{2}"}"#])
        #expect(alpaca.problems[0].text == "Add.\n\n1 1" && alpaca.problems[0].answer == "2")
        #expect("\(alpaca.taken[0].what)" == "problem from `instruction` and `input`, answer from `output`'s box")
        let bare = try set([#"{"instruction": "Add.", "input": "", "output": "It is two."}"#])
        #expect(bare.problems[0].text == "Add." && bare.missing.map(\.why) == ["`output` has no box"])
    }

    @Test func whatIsToldTheActorAloneIsTold() throws {
        let problem = try load(
            #"{"prompt": [{"role": "developer", "content": "Base 2."}, {"role": "user", "content": "1+1?"}]}"#)[0]
        #expect(problem.text == "1+1?" && problem.conversation?.told == "Base 2.\n\n1+1?")
    }

    @Test func whatIsNotTakenIsNamed() throws {
        let set = try set([
            #"{"question": "Which?", "choices": ["a", "b"], "context": "C", "n": 3, "empty": "", "answer": "b","#
                + #""x": null}"#
        ])
        #expect(set.passedOver == ["choices", "context"])
        #expect(try self.set([#"{"question": "q", "answer": 1, "split": "test"}"#]).passedOver.isEmpty)
    }

    @Test(arguments: ["N/A", "none", "null", "Unknown"]) func aWordForNothingIsNoAnswer(word: String) throws {
        let set = try set([#"{"question": "q", "answer": "\#(word)"}"#])
        #expect(set.problems[0].answer == nil && set.missing[0].why == "`answer` says \(word.debugDescription)")
    }

    @Test func aProblemOfAnOldStoreHasNoConversation() throws {
        let old = #"{"id": 1, "text": "Q?", "source": "typed", "grader": "answer", "stepRule": "vine"}"#
        let problem = try JSONDecoder().decode(Problem.self, from: Data(old.utf8))
        #expect(problem == Problem(id: 1, text: "Q?"))
    }

    @Test func aSolutionOfAnOldStoreHasNoAuthor() throws {
        let old = #"""
            {"id": 1, "problem": 1, "ids": [], "text": "x", "finish": "stop", "seed": 0, "sample": 0, "actor":
            {"name": "a", "parameters": 1, "version": 0, "sampling":
            {"temperature": 1, "topK": 0, "topP": 1, "minP": 0, "maxTokens": 9, "stop": []}}}
            """#
        var solution = try JSONDecoder().decode(Solution.self, from: Data(old.utf8))
        #expect(solution.author == nil && solution.text == "x")
        for author in [Author.file("mine.txt"), .edit(of: 2)] {
            solution.author = author
            #expect(try JSONDecoder().decode(Solution.self, from: JSONEncoder().encode(solution)).author == author)
        }
    }

    // MARK: Refusals

    @Test(arguments: [
        (#"{"question": "q?"}"# + "\n" + #"[1]"#, ":2: the row is an array"), (#"[1]"#, ":1: the row is an integer"),
        (#"{"answer": 5, "b": 1}"#, "has no problem: its columns are answer, b"),
        (#"{"question": 5}"#, "key 'question': is an integer"), (#"{"question": " "}"#, "is empty"),
        (#"{"question": "q", "answer": {}}"#, "key 'answer': is an object"),
        (#"{"question": "q", "answer": [1, 2]}"#, "key 'answer': is a list of 2"),
        (#"{"prompt": []}"#, "no message by the user"), (#"{"prompt": [{"content": "x"}]}"#, "prompt[0].role"),
        (#"{"prompt": [{"role": "user"}]}"#, "prompt[0].content"),
        (#"{"prompt": [{"role": "user", "content": [{"type": "image"}]}]}"#, "prompt[0].content[0]"),
        (#"{"prompt": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}"#, "by the assistant"),
        (#"{"question": "q", "answer": "#, ":1"),
        (#"{"prompt": "q", "reward_model": {"ground_truth": [], "a": 1}}"#, "reward_model.ground_truth"),
        (#"{"question": "one", "problem": "another", "x": 1}"#, "problem and question are two problems, and differ"),
        ("", "holds no problem"),
    ])
    func saysWhatIsWrongAndWhere(line: String, said: String) {
        do {
            _ = try load(line)
            Issue.record("read \(line)")
        } catch {
            #expect("\(error)".contains(said), "\(error)")
        }
    }

    @Test func twoProblemsThatAreTheSameAreOne() throws {
        #expect(try load(#"{"question": "q", "prompt": "q", "answer": 1}"#)[0].text == "q")
    }
}
