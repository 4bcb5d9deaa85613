/// Finds a number in prose, with everything around it that belongs to it: its sign, the formula it stands in, a word
/// that multiplies it. A number behind a negation, or one end of a range, is no answer.
enum NumberSearch {
    /// `announced`: the first, unless words that say something stand before it.
    enum Which { case announced, last }

    /// Nil where there is none, or the one that is wanted is not said to be the answer. `alone`: nor where other
    /// numbers stand beside it.
    static func reading(
        in text: String, _ which: Which, alone: Bool = false, effort: Effort
    ) -> (AnswerReading, String)? {
        guard let (tokens, _) = MathLexer.tokens(of: text, effort: effort) else { return nil }
        let numbers = tokens.indices.filter { tokens[$0].isNumber && !raisesUnit(tokens, $0) }
        guard let first = numbers.first, let last = numbers.last else { return nil }
        let place = which == .announced && isAnnounced(tokens[..<first]) ? first : last
        var run = formula(around: place, in: tokens)
        guard !isBlocked(tokens, run), !alone || numbers.allSatisfy(run.contains) else { return nil }
        if let before = word(tokens, run.lowerBound - 1), Vocabulary.minus.contains(before) {
            run = (run.lowerBound - 1)..<run.upperBound
        }
        while let behind = word(tokens, run.upperBound), Vocabulary.multipliers[behind] != nil || behind == "percent" {
            run = run.lowerBound..<(run.upperBound + 1)
        }
        let written = Array(tokens[run.lowerBound..<unitEnd(tokens, run.upperBound)])
        let said = shown(written, in: text)
        guard let value = AnswerReading.value(of: written, effort: effort) else {
            // 1 000 000
            guard let other = AnswerReading(said, effort: effort), !other.values.isEmpty else { return nil }
            return (other, said)
        }
        return (AnswerReading(tokens: written, value: value), said)
    }

    /// The 2 of `5 cm^2` and `5\text{ m/s}^{2}` is no answer.
    private static func raisesUnit(_ tokens: [MathToken], _ index: Int) -> Bool {
        var before = tokens[max(0, index - 5)..<index]
        if before.last?.isSign("{") ?? false { before.removeLast() }
        guard before.popLast()?.isSign("^") ?? false, let unit = before.popLast(), let name = unit.letters,
            Units.isKnown(name)
        else { return false }
        return unit.isProse || before.last.map { $0.isNumber || $0.isSign("/") || $0.word != nil } ?? false
    }

    /// Past the unit that stands behind a number: `20 minutes`, `10 km/h`, `5 square feet`.
    private static func unitEnd(_ tokens: [MathToken], _ start: Int) -> Int {
        var end = start
        var words: [String] = []
        while end < tokens.count, let part = unitPart(tokens, end) {
            words.append(part)
            end += 1
        }
        while end > start, Units(words) == nil || !(tokens[end - 1].letters.map(Units.isKnown) ?? true) {
            words.removeLast()
            end -= 1
        }
        return end
    }

    /// A word or a sign of a unit; nil for what is none, as the "in" of "5 in all".
    private static func unitPart(_ tokens: [MathToken], _ index: Int) -> String? {
        let isFollowed = index + 1 < tokens.count && tokens[index + 1].letters != nil
        switch tokens[index].kind {
        case .letters("in") where isFollowed: return nil
        case .letters(let letters): return Units.isKnown(letters) || Units.joins(letters) ? letters : nil
        case .sign(let sign): return ["/", "^", "{", "}"].contains(sign) ? sign : nil
        case .number(let digits): return ["2", "3"].contains(digits) && !tokens[index].isAfterBlank ? digits : nil
        default: return nil
        }
    }

    /// Whether nothing but fillers stands before a number: "therefore about 20 cups".
    private static func isAnnounced(_ before: ArraySlice<MathToken>) -> Bool {
        before.allSatisfy { token in
            token.word.map { Vocabulary.fillers.contains($0) || Vocabulary.blockers.contains($0) } ?? true
        }
    }

    /// A formula in prose is not followed further than so many tokens to each side.
    private static let reach = 200

    /// The longest run of mathematics around a number.
    private static func formula(around place: Int, in tokens: [MathToken]) -> Range<Int> {
        var low = place, high = place + 1
        while low > max(0, place - reach), isMathematics(tokens, low - 1) { low -= 1 }
        while high < min(tokens.count, place + reach), isMathematics(tokens, high) { high += 1 }
        return trimmed(low..<high, tokens, keeping: place)
    }

    private static func isMathematics(_ tokens: [MathToken], _ index: Int) -> Bool {
        let token = tokens[index]
        switch token.kind {
        case .number, .repeating, .begin, .end, .command: return true
        case .sign(let sign): return ![",", ";", ".", "?", ":", "\\\\"].contains(sign) || isInside(tokens, index)
        case .letters(let letters):
            guard letters.count == 1, !token.isProse else { return Vocabulary.functions[letters.lowercased()] != nil }
            return isTight(tokens, index)
        }
    }

    /// A comma or the like is mathematics where an open bracket stands before it.
    private static func isInside(_ tokens: [MathToken], _ index: Int) -> Bool {
        var depth = 0
        for token in tokens[max(0, index - 64)..<index].reversed() {
            if [")", "]", "}", "\\}"].contains(where: token.isSign) { depth += 1 }
            if ["(", "[", "{", "\\{"].contains(where: token.isSign) {
                if depth == 0 { return true }
                depth -= 1
            }
        }
        return false
    }

    /// A single letter is a name where a sign or a number touches it, and a word (`a`, `I`) elsewhere.
    private static func isTight(_ tokens: [MathToken], _ index: Int) -> Bool {
        let before = index > 0 ? tokens[index - 1] : nil, after = index + 1 < tokens.count ? tokens[index + 1] : nil
        if let before, before.isNumber, !tokens[index].isAfterBlank { return true }
        return [before, after].contains { neighbour in
            guard case .sign(let sign)? = neighbour?.kind else { return false }
            return ["=", "+", "-", "*", "/", "^", "_", "<", ">", "≤", "≥", ")", "("].contains(sign)
        }
    }

    /// Without signs at its ends that belong to the prose.
    private static func trimmed(_ run: Range<Int>, _ tokens: [MathToken], keeping place: Int) -> Range<Int> {
        var (low, high) = (run.lowerBound, run.upperBound)
        while low < place, case .sign(let sign) = tokens[low].kind,
            ![
                "-", "+", "(", "[", "{", "\\{", "|", "±", "⌊", "⌈", "$",
            ].contains(sign) || !isClosed(tokens, low, high) && sign != "-" && sign != "+" && sign != "±"
        {
            low += 1
        }
        while high > place + 1, case .sign(let sign) = tokens[high - 1].kind,
            ![
                ")", "]", "}", "\\}", "|", "%", "!", "°", "⌋", "⌉", "'", "$",
            ].contains(sign) || balance(tokens, low, high) < 0
        {
            high -= 1
        }
        return low..<high
    }

    private static func isClosed(_ tokens: [MathToken], _ low: Int, _ high: Int) -> Bool {
        balance(tokens, low, high) <= 0
    }

    private static func balance(_ tokens: [MathToken], _ low: Int, _ high: Int) -> Int {
        tokens[low..<high].reduce(0) { sum, token in
            if ["(", "[", "{", "\\{"].contains(where: token.isSign) { return sum + 1 }
            if [")", "]", "}", "\\}"].contains(where: token.isSign) { return sum - 1 }
            return sum
        }
    }

    /// Whether words around a run make it something else than what is said.
    private static func isBlocked(_ tokens: [MathToken], _ run: Range<Int>) -> Bool {
        let before = tokens[..<run.lowerBound]
        for token in before.suffix(4).reversed() {
            if ["<", ">", "≤", "≥", "≠"].contains(where: token.isSign) { return true }
            guard token.letters != nil || token.isSign("'") else { break }
            if Vocabulary.blockers.contains(token.word ?? "") { return true }
        }
        // between 44 and 45; 44 to 45
        if before.last?.word == "and", before.suffix(12).contains(where: { $0.word == "between" }) { return true }
        if ["to", "through"].contains(before.last?.word), before.dropLast().last?.isNumber ?? false { return true }
        guard let behind = word(tokens, run.upperBound) else { return false }
        return Vocabulary.continuers.contains(behind)
    }

    private static func word(_ tokens: [MathToken], _ index: Int) -> String? {
        tokens.indices.contains(index) ? tokens[index].word : nil
    }

    /// As it stands in the text, with the brace of `\text{…}` that it may end in.
    private static func shown(_ tokens: [MathToken], in text: String) -> String {
        guard let first = tokens.first, let last = tokens.last else { return "" }
        let scalars = Array(text.unicodeScalars)
        var end = last.range.upperBound
        if last.isProse, end < scalars.count, scalars[end] == "}" { end += 1 }
        return String(String.UnicodeScalarView(scalars[first.range.lowerBound..<end]))
    }
}
