import Problems
import Testing

/// Whatever a text asks for, grading it ends after a bounded number of steps, of 60 ns each: they are counted, so that
/// the test says the same on every machine.
@Suite struct HostileAnswersTests {
    private static let pieces = [
        "1", "{", "}", "\\boxed{", "\\frac{", "-", "1,234,", "\\text{", "(", ")", "####", "answer is ", "5 ", "\\frac1",
        "1e", "=", "$", "\\", "½", "\u{FFFD}", "1e9999 ", "^", "^{", "_", "x", "!", "\\sqrt", "\\sqrt{", "|", "\\binom",
        "\\sum_{k=1}^{1000}", "\\sum_{k=1}^{\\infty}", "\\begin{pmatrix}", "\\end{pmatrix}", "&", "\\\\", "\\left(",
        "±", "9^{9^", "10^{10000}", "1000!", "\\gcd(", "\\sin", "\\ln", "\\cup", "[", "\\{", "\\}", "+", "*", "\\log_",
        "i", "e^", "'", "%", "°", "2^{", "]", ",", " and ", "\n", "<", "x=", "0.\\overline{3}", "\\color{red}", "**",
        "</think>", "<answer>", "\\sum_{k=1}^{1000}(",
    ]

    private static let references = [
        "5", "(1,2)", "Monday", "x^2+1", "\\sqrt{2}", "\\sum_{k=1}^{1000} k^{20}", "1,2,3,4,5,6,7,8", "x=5",
        "\\{" + (0..<60).map { "x+\($0)" }.joined(separator: ",") + "\\}",
    ]

    @Test("10,000 hostile answers end after a bounded number of steps", arguments: 0..<10)
    func stepsAreBounded(part: Int) {
        for index in 0..<1000 {
            var draws = Draws(seed: UInt64(part * 1000 + index))
            let count = [1, 2, 3, 8, 40][draws.below(5)]
            var text = (0..<count).map { _ in Self.pieces[draws.below(Self.pieces.count)] }.joined()
            text = String(repeating: text, count: [1, 3, 10, 60][draws.below(4)])
            if draws.below(2) == 0 { text = "\\boxed{" + text + "}" }
            let references = Self.references + [text, text + "+1"]
            let report = AnswerGrader().report(text, answer: references[draws.below(references.count)])
            #expect(report.steps <= 250_000, "\(text.prefix(200))")
        }
    }

    @Test(
        "brackets, roots and powers inside each other end too", arguments: ["(", "{", "\\frac{", "\\sin(", "2^{", "|"])
    func nestingIsBounded(open: String) {
        let close = open.hasSuffix("(") ? ")" : open == "|" ? "|" : "}"
        for depth in [1, 10, 100, 1000] {
            let text = String(repeating: open, count: depth) + "x" + String(repeating: close, count: depth)
            #expect(AnswerGrader().report("\\boxed{\(text)}", answer: "x+1").verdict.status != .right)
            #expect(AnswerGrader().report("\\boxed{\(text)}", answer: text).verdict.status == .right)
        }
    }
}

/// SplitMix64.
private struct Draws {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ count: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(count))
    }
}
