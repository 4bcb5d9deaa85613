/// What surrounds the merges of a SentencePiece-style vocabulary, in the steps of `tokenizers`: where blanks become
/// `▁`, where a text gets one in front, and what decoding takes away again.
package struct PieceRules: Sendable, Equatable {
    /// A step of the normaliser, which each stretch between added tokens goes through.
    enum Normalizing: Equatable {
        /// `▁` in front of what is not empty.
        case prepend
        /// `▁` for every blank.
        case escape
        /// Another `▁` in front of one at the beginning: what follows adds none there, SentencePiece does.
        case doubleLeadingBlank
    }

    /// A step of the pre-tokenizer.
    enum Cutting: Equatable {
        /// `▁` for every blank, one in front as the scheme says, and cut before each where `splits`.
        case metaspace(Prepending, splits: Bool)
        /// Cut behind blanks; none is left after ``Normalizing/escape``, so this does nothing.
        case behindBlanks
    }

    /// Which stretches get a `▁` in front, those that begin with one never.
    enum Prepending: String { case first, always, never }

    /// Where in a text a stretch stands.
    enum Place: Equatable {
        /// At its beginning.
        case start
        /// Behind another stretch or an added token.
        case later
        /// At the beginning of a text that itself goes on after other tokens.
        case continuing
    }

    var normalizing: [Normalizing] = []
    var cutting: [Cutting] = []
    /// Whether decoding a whole text takes one blank from its beginning.
    var stripsLeadingBlank = false
    /// Whether `<0x0A>` is a byte.
    var hasBytes = true

    /// Whether blanks become `▁` at all, without which the merges would see other text.
    var escapes: Bool {
        normalizing.contains(.escape)
            || cutting.contains {
                if case .metaspace = $0 { true } else { false }
            }
    }

    /// What a stretch between added tokens becomes.
    func normalize(_ text: ArraySlice<UInt8>, at place: Place) -> [UInt8] {
        var result = Array(text)
        for step in normalizing {
            switch step {
            case .escape: result = PieceSpelling.escape(result[...])
            case .prepend where place != .continuing && !result.isEmpty: result = PieceSpelling.blank + result
            case .doubleLeadingBlank where place != .continuing && PieceSpelling.startsWithBlank(result[...]):
                result = PieceSpelling.blank + result
            case .prepend, .doubleLeadingBlank: break
            }
        }
        return result
    }

    /// The text that merges see, cut into words.
    /// - Parameter splitsFreely: whether cutting before a `▁` that follows something else changes no id.
    func words(
        _ text: ArraySlice<UInt8>, at place: Place, splitsFreely: Bool, word: ([UInt8], Range<Int>) -> Void
    ) {
        var text = Array(text)
        var cuts = splitsFreely ? BlankCut.beforeRuns : BlankCut.none
        for case .metaspace(let prepending, let splits) in cutting {
            text = PieceSpelling.escape(text[...])
            let wanted =
                switch prepending {
                case .always: place != .continuing
                case .first: place == .start
                case .never: false
                }
            if wanted, !text.isEmpty, !PieceSpelling.startsWithBlank(text[...]) { text = PieceSpelling.blank + text }
            if splits { cuts = .beforeEach }
        }
        cuts.apply(text, word)
    }
}

/// Ways of cutting escaped text at its blanks.
enum BlankCut {
    case none, beforeRuns, beforeEach

    func apply(_ text: [UInt8], _ word: ([UInt8], Range<Int>) -> Void) {
        var start = 0
        if self != .none {
            var behindBlank = false
            var index = 0
            while index < text.count {
                guard text[index] == PieceSpelling.blank[0], PieceSpelling.startsWithBlank(text[index...]) else {
                    behindBlank = false
                    index += 1
                    continue
                }
                if index > start, self == .beforeEach || !behindBlank {
                    word(text, start..<index)
                    start = index
                }
                behindBlank = true
                index += 3
            }
        }
        if start < text.count { word(text, start..<text.count) }
    }
}
