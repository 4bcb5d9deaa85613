/// What a `Split` step looks for: a text as it stands, or a regular expression.
package struct SplitPattern: Sendable, Equatable {
    /// As tokenizer.json spells it.
    let source: String
    let isExpression: Bool
    let search: Search

    /// How it is found. Published patterns have scanners by hand.
    enum Search: Sendable {
        case literal([UInt8])
        case gpt2
        case gpt4(digits: Int, joinsMarks: Bool)
        case gpt4o(digits: Int, takesContractions: Bool)
        /// Any other: cutting takes 4 to 7 times as long, more on Chinese (Benchmarks/LOG.md).
        case expression(Expression)
    }

    package static func == (a: SplitPattern, b: SplitPattern) -> Bool {
        a.isExpression == b.isExpression && a.source.utf8.elementsEqual(b.source.utf8)
    }

    init(literal: String) {
        (source, isExpression, search) = (literal, false, .literal(Array(literal.utf8)))
    }

    /// - Throws: ``ExpressionError`` for a pattern whose meaning is not known.
    init(expression: String) throws {
        if let known = Self.published.first(where: { $0.source.utf8.elementsEqual(expression.utf8) }) {
            self = known
        } else {
            self.init(expression, .expression(try Expression(expression)))
        }
    }

    /// Whether it is none of the published patterns that have scanners by hand.
    var isSlow: Bool { if case .expression = search { true } else { false } }

    private init(_ source: String, _ search: Search) {
        (self.source, isExpression, self.search) = (source, true, search)
    }
}

// MARK: Published patterns

extension SplitPattern {
    private static let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
    private static let gpt4Ending = #" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    private static let anyCapitals = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#
    private static let anySmall = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#
    private static let gpt4oEnding = #" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

    private static func gpt4oWords(_ ending: String) -> String {
        #"[^\r\n\p{L}\p{N}]?\#(anyCapitals)*\#(anySmall)+\#(ending)|"#
            + #"[^\r\n\p{L}\p{N}]?\#(anyCapitals)+\#(anySmall)*\#(ending)"#
    }

    /// GPT-2's, which `ByteLevel` has built in.
    static let gpt2 = SplitPattern(
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#, .gpt2)
    /// GPT-4's and Llama 3's.
    static let llama3 = SplitPattern(
        #"\#(contractions)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|\#(gpt4Ending)"#, .gpt4(digits: 3, joinsMarks: false))
    /// That of Qwen 2 and 3: llama3's with single numbers.
    static let qwen2 = SplitPattern(
        #"\#(contractions)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|\#(gpt4Ending)"#, .gpt4(digits: 1, joinsMarks: false))
    /// That of Qwen 3.5: qwen2's with combining marks inside words.
    static let qwen35 = SplitPattern(
        #"\#(contractions)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|"#
            + #"\s*[\r\n]+|\s+(?!\S)|\s+"#,
        .gpt4(digits: 1, joinsMarks: true))
    /// GPT-4o's and Llama 4's.
    static let gpt4o = SplitPattern(
        #"\#(gpt4oWords(contractions + "?"))|\p{N}{1,3}|\#(gpt4oEnding)"#,
        .gpt4o(digits: 3, takesContractions: true))
    /// Mistral's since Nemo.
    static let tekken = SplitPattern(
        #"\#(gpt4oWords(""))|\p{N}|\#(gpt4oEnding)"#, .gpt4o(digits: 1, takesContractions: false))

    static let published = [gpt2, llama3, qwen2, qwen35, gpt4o, tekken]
}

// MARK: Matching

extension SplitPattern {
    /// Cuts `range` of `text` where the pattern matches: everything in order, with whether it is a match.
    func cut(_ text: [UInt8], _ range: Range<Int>, piece: (Range<Int>, Bool) -> Void) {
        switch search {
        case .literal(let literal): Self.cut(text, range, at: literal, piece: piece)
        case .expression(let expression): expression.cut(text, range, piece: piece)
        case .gpt2:
            GPT2Scanner(text: text, end: range.upperBound).split(from: range.lowerBound) { piece($0, true) }
        case .gpt4(let digits, let joinsMarks):
            GPT4Scanner(text: text, end: range.upperBound, digits: digits, joinsMarks: joinsMarks)
                .split(from: range.lowerBound) { piece($0, true) }
        case .gpt4o(let digits, let takesContractions):
            GPT4oScanner(text: text, end: range.upperBound, digits: digits, takesContractions: takesContractions)
                .split(from: range.lowerBound) { piece($0, true) }
        }
    }

    private static func cut(
        _ text: [UInt8], _ range: Range<Int>, at literal: [UInt8], piece: (Range<Int>, Bool) -> Void
    ) {
        var done = range.lowerBound
        var index = range.lowerBound
        while index + literal.count <= range.upperBound {
            guard text[index] == literal[0], text[index..<index + literal.count].elementsEqual(literal) else {
                index += 1
                continue
            }
            if done < index { piece(done..<index, false) }
            index += literal.count
            piece(index - literal.count..<index, true)
            done = index
        }
        if done < range.upperBound { piece(done..<range.upperBound, false) }
    }
}

/// A pattern by itself, for the tests that compare it with `tokenizers`.
package struct TextCutter: Sendable {
    private let pattern: Expression

    /// - Throws: ``TokenizersError/unsupported(part:found:file:)`` for a pattern whose meaning is not known.
    package init(pattern: String) throws {
        do {
            self.pattern = try Expression(pattern)
        } catch let error as ExpressionError {
            throw TokenizersError.unsupported(
                part: "regular expression, which has \(error.what)", found: pattern, file: nil)
        }
    }

    /// The text cut at every match, which stands alone.
    package func cut(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        var pieces: [String] = []
        pattern.cut(bytes, 0..<bytes.count) { range, _ in
            if !range.isEmpty { pieces.append(String(decoding: bytes[range], as: UTF8.self)) }
        }
        return pieces
    }

    /// The steps that cutting takes, a measure of the time that no other work of the machine disturbs.
    package func steps(for text: String) -> Int {
        let bytes = Array(text.utf8)
        return pattern.cut(bytes, 0..<bytes.count) { _, _ in }
    }

    /// Those of the scalars, each a text of its own, that match.
    package func scalarsThatMatch(in scalars: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] {
        scalars.filter { scalar in
            let bytes = Array(String(Character(scalar)).utf8)
            var matches = false
            pattern.cut(bytes, 0..<bytes.count) { if $1, $0.count == bytes.count { matches = true } }
            return matches
        }
    }
}
