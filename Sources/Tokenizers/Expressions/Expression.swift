/// A regular expression with the meaning that Oniguruma gives it in `tokenizers` (its Ruby syntax), as far as patterns
/// of tokenizers use it. What is not known to mean the same is refused by name: captures that are referred to, `\X`,
/// `\G`, `\K`, conditions, lookbehind of varying length, and the like.
///
/// Swift's `Regex` and Foundation's (ICU) read the same letters with other meanings (`$`, `^`, `\s`, `\h`, `{,n}`,
/// `{n}+`, Unicode's version), and both can take exponential time. This one takes time linear in the text: a place in
/// the pattern that has failed at a place in the text is not tried there again.
struct Expression: Sendable {
    /// Scans runs at once, and remembers nothing.
    private let quick: ExpressionProgram
    /// For texts on which that takes too many steps.
    private let careful: ExpressionProgram

    /// - Throws: ``ExpressionError``
    init(_ source: String) throws {
        var parser = ExpressionParser(source)
        let node = try parser.parse()
        quick = try ExpressionProgram(node, usesRuns: true)
        careful = try ExpressionProgram(node, usesRuns: false)
    }

    /// Cuts `range` of `text` at the matches: everything in order, with whether it is a match. Nothing outside `range`
    /// is seen. An empty match right behind another is none.
    /// - Returns: the number of steps that it took.
    @discardableResult
    func cut(_ text: [UInt8], _ range: Range<Int>, piece: (Range<Int>, Bool) -> Void) -> Int {
        var matcher = ExpressionMatcher(quick: quick, careful: careful, text, range)
        var done = range.lowerBound
        var start = range.lowerBound
        var lastEnd: Int?
        while start <= range.upperBound, let match = matcher.search(from: start) {
            if match.isEmpty, match.upperBound == lastEnd {
                guard start < range.upperBound else { break }
                start += UTF8Scan.scalar(text, at: start, to: range.upperBound).length
                continue
            }
            if done < match.lowerBound { piece(done..<match.lowerBound, false) }
            piece(match, true)
            done = match.upperBound
            start = done
            lastEnd = done
        }
        if done < range.upperBound { piece(done..<range.upperBound, false) }
        return matcher.steps
    }
}

/// Why a regular expression is not read.
struct ExpressionError: Error {
    /// What stands in the way, in words.
    let what: String
}
