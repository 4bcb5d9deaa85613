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
        case .timedOut: "T"
        case .undecided: "D"
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
