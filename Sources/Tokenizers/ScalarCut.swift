/// Cutting text by what its scalars are: `Digits`, `Punctuation`, `Whitespace` and `WhitespaceSplit`.
enum ScalarCut {
    typealias Read = (_ text: [UInt8], _ index: Int, _ end: Int) -> (isMatch: Bool, length: Int)

    /// `char::is_numeric`
    @inline(__always)
    static func isNumber(_ text: [UInt8], _ index: Int, _ end: Int) -> (isMatch: Bool, length: Int) {
        let (kind, length) = ScalarKind.read(text, at: index, to: end)
        return (kind == .number, length)
    }

    static func isWhitespace(_ text: [UInt8], _ index: Int, _ end: Int) -> (isMatch: Bool, length: Int) {
        let (kind, length) = ScalarKind.read(text, at: index, to: end)
        return (kind == .space, length)
    }

    /// `char::is_ascii_punctuation` or `\p{P}` of Unicode 8, which the crate `unicode_categories` knows.
    static func isPunctuation(_ text: [UInt8], _ index: Int, _ end: Int) -> (isMatch: Bool, length: Int) {
        let (scalar, length) = UTF8Scan.scalar(text, at: index, to: end)
        guard let scalar else { return (false, length) }
        return (isPunctuation(scalar), length)
    }

    static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value > 0x20 && scalar.value < 0x7F && ScalarKind.of(scalar) == .other }
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            return (scalar.properties.age?.major ?? .max) <= 8
        default: return false
        }
    }

    /// Every match alone, what lies between them whole.
    @inline(__always)
    static func isolated(_ text: [UInt8], _ range: Range<Int>, where read: Read, piece: (Range<Int>) -> Void) {
        var start = range.lowerBound
        var index = start
        while index < range.upperBound {
            let (isMatch, length) = read(text, index, range.upperBound)
            if isMatch {
                if start < index { piece(start..<index) }
                piece(index..<index + length)
                start = index + length
            }
            index += length
        }
        if start < index { piece(start..<index) }
    }

    static func cut(_ text: [UInt8], _ range: Range<Int>, _ behaviour: SplitBehaviour, where read: Read) -> [Range<Int>]
    {
        var pieces: [(range: Range<Int>, isMatch: Bool)] = []
        var start = range.lowerBound
        var index = start
        while index < range.upperBound {
            let (isMatch, length) = read(text, index, range.upperBound)
            if isMatch {
                if start < index { pieces.append((start..<index, false)) }
                pieces.append((index..<index + length, true))
                start = index + length
            }
            index += length
        }
        if start < index { pieces.append((start..<index, false)) }
        return behaviour.apply(pieces)
    }

    /// `\w+|[^\w\s]+` of Rust's regex crate.
    static func words(_ text: [UInt8], _ range: Range<Int>, piece: (Range<Int>) -> Void) {
        var start = range.lowerBound
        var current: WordKind?
        var index = start
        while index < range.upperBound {
            let (scalar, length) = UTF8Scan.scalar(text, at: index, to: range.upperBound)
            let kind = scalar.map(WordKind.of) ?? .sign
            if kind != current {
                if let current, current != .space { piece(start..<index) }
                (start, current) = (index, kind)
            }
            index += length
        }
        if let current, current != .space { piece(start..<index) }
    }
}

/// What `\w` and `\s` of Rust's regex crate tell apart.
enum WordKind {
    case word, space, sign

    static func of(_ scalar: Unicode.Scalar) -> WordKind {
        if scalar.properties.isWhitespace { return .space }
        return isWord(scalar) ? .word : .sign
    }

    /// `\w` of Rust's regex crate: alphabetic, mark, decimal number, connector punctuation, join control. It knows
    /// Unicode 16 too.
    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value == 0x5F || [.letter, .number].contains(ScalarKind.of(scalar)) }
        if ScalarKind.isNew(scalar) { return false }
        if scalar.properties.isAlphabetic || scalar.properties.isJoinControl { return true }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
        default: return false
        }
    }
}
