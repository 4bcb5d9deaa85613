import Foundation
import Problems
import Testing

/// Files that hold solutions (Tests/Oracles/rollouts.py makes the dumps).
@Suite("Solutions in files")
struct SolvedFileTests {
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures/rollouts").path

    private func solved(_ rows: String, keys: SolvedFile.Keys = .init(), problems: Bool = true) throws -> SolvedFile {
        let path = NSTemporaryDirectory() + "genac-solved-\(UUID().uuidString).jsonl"
        try Data(rows.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try SolvedFile(path, keys: keys, readsProblems: problems)
    }

    @Test("verl's dump: the user's turn, the answer, the verdict; an empty output is left out by name")
    func verl() throws {
        let file = try SolvedFile(Self.fixtures + "/verl.jsonl", readsProblems: true)
        #expect(file.rows.count == 9 && file.rows.map(\.number) == Array(1...9))
        #expect(file.rows[3].problem?.text == "What is 6 * 7?" && file.rows[3].answer == "42")
        #expect(
            file.rows.map { file.verdict(of: $0) } == [true, false, true, true] + Array(repeating: false, count: 5))
        #expect(
            file.taken.kinds.map { "\($0.kind)" } == [
                "problem from the user's turn in `input`, solution from `output`, answer from `gts`, "
                    + "their verdict from `acc`"
            ])
        #expect(file.leftOut.kinds.map(\.kind) == ["`output` is empty"] && file.leftOut.rows == 1)
    }

    @Test("TRL's Parquet: special tokens, several rewards, no answers")
    func trl() throws {
        let file = try SolvedFile(Self.fixtures + "/trl.parquet", readsProblems: true)
        #expect(file.rows.count == 9 && file.missing.rows == 9)
        #expect(file.rows[8].problem?.text == "What is 1/2 + 1/4?" && file.rows[8].answer == nil)
        #expect(file.taken.kinds.first?.kind.reward == "accuracy_reward" && file.marks == .verdicts)
        #expect(file.verdict(of: file.rows[0]) == true && file.verdict(of: file.rows[1]) == false)
    }

    @Test("OpenRLHF's: a reward model's numbers are no verdicts")
    func openRLHF() throws {
        let file = try SolvedFile(Self.fixtures + "/openrlhf.jsonl", readsProblems: true)
        #expect(file.marks == .rewards(values: 3) && file.verdict(of: file.rows[0]) == nil)
        #expect(file.rows[1].reward == 0.25 - 0.3 && file.rows[0].problem?.text == "Human: What is 3 + 4?\nAssistant: ")
    }

    @Test("labels of -1 and 1, lists of one, texts; a label that is the answer is one only where nothing else is")
    func labels() throws {
        func verdicts(_ rows: String) throws -> [Bool?] {
            let file = try solved(rows, problems: false)
            return file.rows.map { file.verdict(of: $0) }
        }
        #expect(try verdicts(#"{"gt":"1","reasoning":"1","previous_score":[true]}"#) == [true])
        #expect(try verdicts(#"{"answer":"1","response":"1","label":"False"}"#) == [false])
        let signs = #"{"gts":"1","output":"1","score":-1}"# + "\n" + #"{"gts":"1","output":"1","score":1.0}"#
        #expect(try verdicts(signs) == [false, true])
        let label = try solved(#"{"input":"a","output":"b","label":"72"}"#)
        #expect(label.rows[0].answer == "72" && label.marks == .none)
        let flag = try solved(#"{"truth":"1","text":"b","label":true}"#, problems: false)
        #expect(flag.rows[0].answer == "1" && flag.verdict(of: flag.rows[0]) == true)
    }

    @Test("a solution is not its own answer; MATH-500's columns grade themselves; messages are read")
    func columns() throws {
        let alone = try solved(#"{"problem":"p","solution":"So \\boxed{2}."}"#)
        #expect(alone.rows[0].answer == nil && alone.rows[0].missing == "no member for it")
        let math = try solved(#"{"problem":"p","solution":"So \\boxed{2}.","answer":"2"}"#)
        #expect(math.rows[0].answer == "2" && math.rows[0].solution == "So \\boxed{2}.")
        let chat = try solved(
            #"{"prompt":[{"role":"user","content":"Q"}],"completion":[{"role":"assistant","content":"A"}],"gts":["7"]}"#
        )
        #expect(chat.rows[0].problem?.text == "Q" && chat.rows[0].solution == "A" && chat.rows[0].answer == "7")
        let targets = try solved(#"{"input":"Q","output":"A","gts":["7","8"]}"#)
        #expect(targets.rows[0].missing == "key 'gts': is a list of 2")
    }

    @Test("each of several responses is a solution, with what a list says of it; beside them a solution is a reference")
    func responses() throws {
        for key in ["responses", "completions", "generations", "outputs"] {
            let file = try solved(
                #"{"problem":"p","solution":"ref \\boxed{1}","\#(key)":["\\boxed{2}","","\\boxed{1}"],"#
                    + #""correct":[false,true,true]}"#)
            #expect(
                file.rows.map(\.solution) == ["\\boxed{2}", "\\boxed{1}"] && file.rows.map(\.answer) == ["1", "1"])
            #expect(file.rows.map { file.verdict(of: $0) } == [false, true])
            #expect(file.leftOut.kinds.map(\.kind) == ["`\(key)` is empty"])
        }
        for key in ["responses", "pred", "model_answer"] {
            let one = try solved(#"{"problem":"p","solution":"r","answer":"1","\#(key)":"I say 2"}"#)
            #expect(one.rows.map(\.solution) == ["I say 2"])
        }
        let chats = try solved(
            #"{"prompt":"p","answer":"1","score":1,"completions":[[{"role":"assistant","content":"A"}],"#
                + #"[{"role":"assistant","content":"B"}]]}"#)
        #expect(chats.rows.map(\.solution) == ["A", "B"], "one score says nothing of each")
        #expect(chats.rows.allSatisfy { $0.reward == nil })
    }

    @Test("labels in words")
    func words() throws {
        let rows = ["correct", "incorrect", "Yes", "no"].map { #"{"answer":"1","response":"1","label":"\#($0)"}"# }
        let file = try solved(rows.joined(separator: "\n"), problems: false)
        #expect(file.rows.map { file.verdict(of: $0) } == [true, false, true, false])
        let flag = try solved(#"{"answer":"yes","response":"no","label":"yes"}"#, problems: false)
        #expect(flag.marks == .none, "the answer again")
    }

    @Test("members that the user names are taken, and must be there")
    func keys() throws {
        let row = #"{"output":"x","mine":{"text":"It is 2.","truth":2,"fine":1}}"#
        let keys = SolvedFile.Keys(answer: "mine.truth", solution: "mine.text", label: "mine.fine")
        let file = try solved(row, keys: keys, problems: false)
        #expect(file.rows[0].solution == "It is 2." && file.rows[0].answer == "2")
        #expect(file.verdict(of: file.rows[0]) == true)
        for keys in [SolvedFile.Keys(answer: "no"), .init(solution: "no"), .init(label: "mine.no")] {
            #expect(throws: ProblemsError.self) { try solved(row, keys: keys, problems: false) }
        }
    }

    @Test("a file without a solution says what it has instead")
    func none() throws {
        let error = #expect(throws: ProblemsError.self) { try solved(#"{"input":"a","x":1}"# + "\n{}\n") }
        #expect(error?.what == "holds no solution (2: no member for the solution); its columns are input, x")
        #expect(throws: ProblemsError.self) { try solved("") }
    }

    @Test(
        "the user's turn is found in what templates write, with and without special tokens",
        arguments: [
            "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nQ?<|im_end|>\n<|im_start|>assistant\n<think>\n",
            "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nQ?<|eot_id|>"
                + "<|start_header_id|>assistant<|end_header_id|>\n\n",
            "<bos><start_of_turn>user\nQ?<end_of_turn>\n<start_of_turn>model\n",
            "<\u{FF5C}User\u{FF5C}>Q?<\u{FF5C}Assistant\u{FF5C}><think>\n",
            "<s>[INST] Q? [/INST]", "user\nQ?\nassistant\n", "system\nS\nuser\nQ?\nassistant\n<think>\n\n</think>\n\n",
            "system\n\nCutting Knowledge Date: December 2023\n\nuser\n\nQ?assistant\n\n", "user\nQ?\nmodel\n",
        ])
    func chat(prompt: String) throws {
        #expect(try problem(prompt) == "Q?")
    }

    @Test(
        "what is no chat, or one of several turns, stays as it is",
        arguments: [
            "Q?", "user\nQ?", "The user\nQ?\nassistant\nwrote", "user\nA\nassistant\nB\nuser\nQ?\nassistant\n",
            "<|im_start|>user\nA<|im_end|>\n<|im_start|>assistant\nB<|im_end|>\n<|im_start|>user\nQ?<|im_end|>\n",
        ])
    func noChat(prompt: String) throws {
        #expect(try problem(prompt) == prompt)
    }

    private func problem(_ prompt: String) throws -> String? {
        let row = try JSONSerialization.data(withJSONObject: ["input": prompt, "output": "x"])
        return try solved(String(decoding: row, as: UTF8.self)).rows[0].problem?.text
    }
}
