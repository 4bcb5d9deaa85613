/// How text is cut into words, step by step, each step cutting what the one before it left whole.
package struct PreTokenizer: Sendable, Equatable {
    /// One step, by the name and with the meaning that `tokenizers` gives it.
    package enum Step: Sendable, Equatable {
        /// Cuts where a pattern matches. `inverted` takes what lies between for the matches.
        case split(SplitPattern, SplitBehaviour, inverted: Bool)
        /// Cuts at numbers: each alone, or whole runs.
        case digits(individual: Bool)
        /// Cuts at punctuation, ASCII's symbols included.
        case punctuation(SplitBehaviour)
        /// Words and runs of signs; white space goes.
        case whitespace
        /// Cuts at white space, which goes.
        case whitespaceSplit
        /// From here on text is bytes in the byte alphabet; it is first cut by GPT-2's pattern where `usesPattern`.
        case byteLevel(addsPrefixSpace: Bool, usesPattern: Bool)
    }

    package var steps: [Step]

    init(_ steps: [Step]) { self.steps = steps }

    static let gpt2 = PreTokenizer([.byteLevel(addsPrefixSpace: false, usesPattern: true)])
    /// Every number alone, then GPT-2's pattern between them: StarCoder and SmolLM.
    static let smollm = PreTokenizer([.digits(individual: true), .byteLevel(addsPrefixSpace: false, usesPattern: true)])

    /// Isolated matches of patterns, one after the other, then bytes.
    init(isolating patterns: SplitPattern...) {
        steps = patterns.map { .split($0, .isolated, inverted: false) }
        steps.append(.byteLevel(addsPrefixSpace: false, usesPattern: false))
    }

    /// Cuts `range` of `text` into words: ranges of `text`, or of another text where a step puts something in.
    func split(_ text: [UInt8], _ range: Range<Int>, word: ([UInt8], Range<Int>) -> Void) {
        run(steps[...], text, range, word: word)
    }

    private func run(
        _ steps: ArraySlice<Step>, _ text: [UInt8], _ range: Range<Int>, word: ([UInt8], Range<Int>) -> Void
    ) {
        if range.isEmpty { return }
        guard let step = steps.first else { return word(text, range) }
        let rest = steps.dropFirst()
        func next(_ piece: Range<Int>) {
            if rest.isEmpty { word(text, piece) } else { run(rest, text, piece, word: word) }
        }
        switch step {
        case .split(let pattern, .isolated, _): pattern.cut(text, range) { piece, _ in next(piece) }
        case .split(let pattern, let behaviour, let inverted):
            var pieces: [(range: Range<Int>, isMatch: Bool)] = []
            pattern.cut(text, range) { pieces.append(($0, $1 != inverted)) }
            behaviour.apply(pieces).forEach(next)
        case .digits(individual: true): ScalarCut.isolated(text, range, where: ScalarCut.isNumber, piece: next)
        case .digits(individual: false):
            ScalarCut.cut(text, range, .contiguous, where: ScalarCut.isNumber).forEach(next)
        case .punctuation(let behaviour):
            ScalarCut.cut(text, range, behaviour, where: ScalarCut.isPunctuation).forEach(next)
        case .whitespace: ScalarCut.words(text, range, piece: next)
        case .whitespaceSplit: ScalarCut.cut(text, range, .removed, where: ScalarCut.isWhitespace).forEach(next)
        case .byteLevel(let addsPrefixSpace, let usesPattern):
            let needsSpace = addsPrefixSpace && text[range.lowerBound] != 0x20
            let text = needsSpace ? [0x20] + text[range] : text
            let range = needsSpace ? 0..<text.count : range
            func bytes(_ piece: Range<Int>) {
                if rest.isEmpty { word(text, piece) } else { runSpelled(rest, text, piece, word: word) }
            }
            guard usesPattern else { return bytes(range) }
            GPT2Scanner(text: text, end: range.upperBound).split(from: range.lowerBound, word: bytes)
        }
    }

    /// Steps behind `ByteLevel` see the byte alphabet, in which a scalar may be cut apart.
    private func runSpelled(
        _ steps: ArraySlice<Step>, _ text: [UInt8], _ range: Range<Int>, word: ([UInt8], Range<Int>) -> Void
    ) {
        let spelled = Array(ByteAlphabet.spell(text[range]).utf8)
        run(steps, spelled, 0..<spelled.count) { spelled, piece in
            let bytes = ByteAlphabet.bytes(spelled[piece])
            word(bytes, 0..<bytes.count)
        }
    }
}
