/// GPT-4o's pattern, which Llama 4 and Mistral's Tekken took over. A word is an optional other scalar, then
/// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+`, or else
/// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*`, so that a capital behind small letters begins a word.
/// Numbers, signs (` ?[^\s\p{L}\p{N}]+[\r\n/]*`) and white space are like GPT-4's.
struct GPT4oScanner: WordScanner {
    let text: [UInt8]
    let end: Int
    /// How many numbers a word has at most.
    let digits: Int
    /// A word takes the English contraction behind it.
    let takesContractions: Bool

    func wordEnd(from start: Int) -> Int {
        let (kind, length) = ScalarKind.read(text, at: start, to: end)
        if kind == .number { return numberEnd(from: start, most: digits) }
        let next = start + length
        let canLead = kind != .letter && !isLineBreak(at: start)
        if let stop = lettersEnd(start, next, canLead) {
            return takesContractions ? contractionEnd(from: stop) ?? stop : stop
        }
        if kind == .other { return signsEnd(from: next) }
        if text[start] == 0x20, next < end, ScalarKind.read(text, at: next, to: end).kind == .other {
            return signsEnd(from: next)
        }
        return whitespaceEnd(from: start)
    }

    /// The four ways of the two alternatives, in the pattern's order.
    private func lettersEnd(_ start: Int, _ next: Int, _ canLead: Bool) -> Int? {
        if canLead, let stop = smallEnd(from: next) { return stop }
        if let stop = smallEnd(from: start) { return stop }
        if canLead, let stop = capitalsEnd(from: next) { return stop }
        return capitalsEnd(from: start)
    }

    /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+`: the first run gives back what the second needs,
    /// which is everything behind its last scalar without case.
    private func smallEnd(from start: Int) -> Int? {
        var index = start
        var behindCaseless: Int?
        while index < end {
            let (letter, length) = LetterCase.read(text, at: index, to: end)
            if letter == .small { return runEnd(from: index + length) }
            if letter == .none { break }
            index += length
            if letter == .caseless { behindCaseless = index }
        }
        return behindCaseless
    }

    /// `[\p{Ll}\p{Lm}\p{Lo}\p{M}]*`
    private func runEnd(from start: Int) -> Int {
        var index = start
        while index < end {
            let (letter, length) = LetterCase.read(text, at: index, to: end)
            if letter == .none || letter == .capital { break }
            index += length
        }
        return index
    }

    /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*` where the first alternative has failed: capitals
    /// alone are left.
    private func capitalsEnd(from start: Int) -> Int? {
        var index = start
        while index < end {
            let (letter, length) = LetterCase.read(text, at: index, to: end)
            if letter != .capital { break }
            index += length
        }
        return index > start ? index : nil
    }

    private func signsEnd(from start: Int) -> Int {
        var index = runEnd(of: .other, from: start)
        while index < end, isLineBreak(at: index) || text[index] == 0x2F { index += 1 }
        return index
    }
}

/// What GPT-4o's pattern tells apart among letters and marks.
enum LetterCase {
    /// `\p{Lu}`, `\p{Lt}`
    case capital
    /// `\p{Ll}`
    case small
    /// `\p{Lm}`, `\p{Lo}`, `\p{M}`
    case caseless
    case none

    @inline(__always)
    static func read(_ text: [UInt8], at index: Int, to end: Int) -> (letter: LetterCase, length: Int) {
        let first = text[index]
        if first < 0x80 {
            if first &- 0x61 < 26 { return (.small, 1) }
            return (first &- 0x41 < 26 ? .capital : .none, 1)
        }
        let (scalar, length) = UTF8Scan.scalar(text, at: index, to: end)
        guard let scalar else { return (.none, 1) }
        return (of(scalar), length)
    }

    static func of(_ scalar: Unicode.Scalar) -> LetterCase {
        switch scalar.value {
        case 0x3041...0x3096, 0x4E00...0x9FFF, 0xAC00...0xD7A3: return .caseless
        default: break
        }
        let letter: LetterCase =
            switch ScalarKind.category(scalar) {
            case .uppercaseLetter, .titlecaseLetter: .capital
            case .lowercaseLetter: .small
            case .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark, .enclosingMark: .caseless
            default: .none
            }
        return letter != .none && ScalarKind.isNew(scalar) ? .none : letter
    }
}
