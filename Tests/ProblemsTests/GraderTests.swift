import Foundation
import Formats
import Problems
import Testing

/// Where the fixtures are, found from this file.
let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

@Suite struct AnswerGraderTests {
    struct Pair: CustomTestStringConvertible {
        var answer: String
        var text: String
        var wanted: String
        var oracle: String
        var testDescription: String { "\(answer) | \(text)" }
    }

    /// Made by Tests/Oracles/grader.py.
    static let pairs: [Pair] = {
        let rows = (try? JSONLines.load(fixtures.appendingPathComponent("grader/pairs.jsonl").path)) ?? []
        return rows.dropFirst().compactMap { row in
            guard let answer = row.value["answer"]?.asString, let text = row.value["text"]?.asString,
                let wanted = row.value["wanted"]?.asString, let oracle = row.value["mathVerify"]?.asString
            else { return nil }
            return Pair(answer: answer, text: text, wanted: wanted, oracle: oracle)
        }
    }()

    private func letter(_ verdict: Verdict) -> String {
        switch verdict.status {
        case .right: "R"
        case .wrong: "W"
        case .unparsable: "U"
        }
    }

    @Test(arguments: pairs) func decidesAsTheTableSays(pair: Pair) {
        let verdict = AnswerGrader().grade(pair.text, answer: pair.answer)
        #expect(letter(verdict) == pair.wanted, "extracted \(verdict.extracted ?? "nothing")")
    }

    @Test func agreementWithMathVerifyIsKnown() {
        let agreeing = Self.pairs.count { pair in
            (letter(AnswerGrader().grade(pair.text, answer: pair.answer)) == "R") == (pair.oracle == "R")
        }
        let share = Double(agreeing) / Double(max(Self.pairs.count, 1))
        print(
            "grader: agrees with math-verify on \(agreeing) of \(Self.pairs.count) pairs "
                + "(\(Int((share * 100).rounded())) %)"
        )
        #expect(Self.pairs.count >= 150)
        #expect(agreeing == 191)
    }

    @Test(
        "LaTeX whose backslash was read as an escape on its way is read as it was meant",
        arguments: [
            ("\u{0C}rac{1}{2}", "\u{08}oxed{0.5}"), ("5", "so \u{08}oxed{5}, checked with 6"),
            ("\text{Friday}", "\u{08}oxed{\text{Friday}}"),
            ("3", "\u{08}oxed{\u{0C}rac{6}{2}}"),
        ])
    func lostBackslashesAreRestored(answer: String, text: String) {
        #expect(AnswerGrader().grade(text, answer: answer).status == .right)
        #expect(AnswerGrader().grade("17 or so", answer: answer).status != .right)
    }

    @Test("a tab is white space unless a command's rest follows it")
    func aTabIsWhiteSpace() {
        #expect(AnswerGrader().grade("#### 7\tapples", answer: "7").status == .right)
        #expect(AnswerGrader().grade("a\ttotal of\t12", answer: "12").status == .right)
    }

    @Test(arguments: [
        ("#### 5", "5"), ("so \\boxed{\\frac{1}{2}}.", "\\frac{1}{2}"), ("The answer is 12 apples. Yes.", "12 apples"),
        ("it makes 1,234 in all", "1,234"), ("#### unknown", "unknown"),
    ])
    func saysWhatItExtracted(text: String, extracted: String) {
        #expect(AnswerGrader().grade(text, answer: "5").extracted == extracted)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "1", "{", "\\boxed{", "\\frac{", "-", "1,234,", "\\text{", "(", "####", "answer is ", "5 ", "\\frac1", "1/",
            "1e", "=", "$", "\\", "(1,", "½", "\u{FFFD}", "1e9999 ", "1e9999\\frac12",
            "1e256\\frac12",
        ])
    func longHostileTextEndsInLinearTime(unit: String) {
        let text = String(repeating: unit, count: 100_000)
        for reference in ["5", "(1,2)", "Monday", text] { _ = AnswerGrader().grade(text, answer: reference) }
        _ = AnswerGrader().grade("\\boxed{" + text + "}", answer: "5")
        _ = AnswerGrader().grade("#### " + text, answer: "5")
    }

    @Test("long numbers are computed with, and very long ones compared by their digits", arguments: [20, 1000])
    func veryLongNumbers(times: Int) {
        let long = String(repeating: "123456789", count: times)
        #expect(AnswerGrader().grade("#### \(long)", answer: long).status == .right)
        #expect(AnswerGrader().grade("#### \(long).0", answer: long).status == .right)
        #expect(AnswerGrader().grade("#### \(long)%", answer: "\(long)e-2").status == .right)
        #expect(AnswerGrader().grade("#### \(long)1", answer: long).status == .wrong)
        #expect(AnswerGrader().grade("#### -\(long)", answer: long).status == .wrong)
    }

    @Test(
        "numbers of any size that say the same are equal",
        arguments: [
            ("1e9999", "10e9998", true), ("1e9999", "1e9998", false), ("0e9999", "0", true), ("1e-9999", "0", false),
            ("12345678901234567890/3", "4115226300411522630", true),
            ("\\frac{1}{3}", "0.3333333333333333333333333", false),
            ("1e30/3e30", "\\frac13", true), ("3 1e30/3e30", "\\frac{10}{3}", true),
            ("\\frac{2e9999}{4e9999}", "0.5", true),
            ("100000000000000000000000000000000000001/2", "50000000000000000000000000000000000000.5", true),
            ("\\frac{1}{-7}", "-1/7", true),
        ])
    func exactNumbers(one: String, other: String, areEqual: Bool) {
        for (text, answer) in [(one, other), (other, one)] {
            #expect((AnswerGrader().grade("#### \(text)", answer: answer).status == .right) == areEqual)
        }
    }

    @Test func theExactGraderReadsTheLastLine() {
        #expect(ExactGrader().grade("a\n  b \n\n", answer: "b").status == .right)
        #expect(ExactGrader().grade("b\na", answer: "b").status == .wrong)
        #expect(ExactGrader().grade(" \n", answer: "b").status == .unparsable)
    }
}

@Suite struct DataSetTests {
    private func load(_ lines: String..., prompt: String? = nil, answer: String? = nil) throws -> [Problem] {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("genac-\(UUID().uuidString).jsonl")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: path))
        return try DataSet.load(path, promptKey: prompt, answerKey: answer)
    }

    @Test func answersAreFoundByTheSameRulesWhereverTheProblemIs() throws {
        let problems = try load(
            #"{"q": "1", "answer": "x\n#### 1"}"#, #"{"q": "2", "solution": "\\boxed{2}"}"#,
            #"{"q": "3", "reward_model": {"ground_truth": 3}}"#,
            #"{"q": "4", "a": 4}"#, prompt: "q")
        #expect(problems.map(\.answer) == ["1", "2", "3", nil])
        let named = try load(
            #"{"q": "1", "a": "x\n#### 1", "answer": 9}"#, #"{"q": "4", "a": 4}"#, prompt: "q", answer: "a")
        #expect(named.map(\.answer) == ["1", "4"] && named[0].stepRule == .newline)
        let error = #expect(throws: ProblemsError.self) {
            try load(#"{"q": "1", "answer": 9}"#, prompt: "q", answer: "a")
        }
        #expect(
            "\(String(describing: error))".contains("'a'") || error?.location?.contains("'a'") == true,
            "\(String(describing: error))")
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

    @Test func readsTheThreeSpellings() throws {
        let problems = try load(
            #"{"question": "How many?", "answer": "2+3=5\n#### 1,005"}"#, "",
            #"{"problem": "Find x.", "solution": "Since $a$, $x=\\boxed{\\frac{1}{2}}$."}"#,
            #"{"problem": "Find y.", "solution": "?", "answer": 7}"#,
            #"{"data_source": "gsm8k", "prompt": [{"role": "system", "content": "s"}, "#
                + #"{"role": "user", "content": "How?"}], "reward_model": {"style": "rule", "ground_truth": "12"}}"#,
            #"{"prompt": "Say something."}"#)
        #expect(problems.map(\.text) == ["How many?", "Find x.", "Find y.", "How?", "Say something."])
        #expect(problems.map(\.answer) == ["1,005", "\\frac{1}{2}", "7", "12", nil])
        #expect(problems.map(\.id) == [1, 2, 3, 4, 5])
        #expect(problems[0].stepRule == .newline && problems[1].stepRule == .vine)
        #expect(problems[1].source.hasSuffix(".jsonl:3"))
    }

    @Test(arguments: [
        (#"[1]"#, ":1: "), (#"{"answer": 5}"#, "has no problem"), (#"{"question": 5}"#, "key 'question'"),
        (#"{"question": " "}"#, "is empty"), (#"{"question": "q", "answer": {}}"#, "key 'answer'"),
        (#####"{"question": "q", "answer": "####  "}"#####, "nothing after ####"),
        (#"{"problem": "q", "solution": "no box"}"#, "no \\boxed answer"),
        (#"{"prompt": []}"#, "no message by the user"), (#"{"prompt": [{"content": "x"}]}"#, "prompt[0].role"),
        (#"{"prompt": [{"role": "user"}]}"#, "prompt[0].content"), (#"{"question": "q", "answer": "#, ":1"),
        (#"{"prompt": "q", "reward_model": {"ground_truth": []}}"#, "reward_model.ground_truth"),
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
}
