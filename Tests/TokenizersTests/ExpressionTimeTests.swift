import Testing
import Tokenizers

/// Patterns that take other engines exponential or quadratic time. Steps are counted, not seconds.
@Suite struct ExpressionTimeTests {
    private static let published = [
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#,
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"#
            + #"|\s*[\r\n]+|\s+(?!\S)|\s+"#,
    ]

    /// Eight times the text takes eight times the steps. Were a place tried twice, it would be sixty-four times.
    @Test(
        arguments: published + [
            #"(?:a+)+b"#, #"(?:a|aa)+b"#, #"(?:a?){20}a{20}b"#, #"\s*[\r\n]+x"#, #"a++b"#, #"(?=a*b)a"#, #"a*?b"#,
            #"\d{1,3}(?=(?:\d{3})*\b)"#, #"(?=(\d{3})+(?!\d))"#, #"(?>a+)b|a"#, #"(?:a*+a|a)b"#, #".*.*.*b"#,
            #"(?:[a7 ]+[7a\n]*)+[!]"#, #"(?>(?:a|a7)+)b"#, #"(?<=aa)(?:a+?)+b"#, #"(?!.*b).*c|a"#,
        ])
    func stepsAreLinearInTheText(_ pattern: String) throws {
        let cutter = try TextCutter(pattern: pattern)
        for unit in [" ", "a", "7", "\n", " \n", "a7"] {
            let few = cutter.steps(for: String(repeating: unit, count: 250))
            let many = cutter.steps(for: String(repeating: unit, count: 2_000))
            #expect(many <= 10 * few, "\(few) and \(many) steps on \(unit.debugDescription)")
        }
    }

    /// With memory, which begins where a text has taken many steps, the same is found as without.
    @Test func memoryChangesNoMatch() throws {
        let cutter = try TextCutter(pattern: #"(?:a+)+b|(?>\d+)x|\d++(?!y)|a(?=a)|(?<=a)7"#)
        let rest = ["aab", "12x", "34y", "56", " a", "7", "aab"]
        let cut = cutter.cut(String(repeating: "a", count: 2_000) + " " + rest.joined())
        #expect(Array(cut.suffix(rest.count + 1)) == ["a "] + rest)
        #expect(cutter.cut(rest.joined()) == rest)
        #expect(cut.prefix(1_999).allSatisfy { $0 == "a" })
    }

    /// What memory is kept for is limited, so that a text takes a bounded number of bytes with any pattern.
    @Test(arguments: ["(?>(?:a{0,50}){0,2})b", "(?:a{1,1000}){3}"]) func hugePatternsAreRefused(_ pattern: String) {
        #expect(throws: TokenizersError.self) { try TextCutter(pattern: pattern) }
    }
}
