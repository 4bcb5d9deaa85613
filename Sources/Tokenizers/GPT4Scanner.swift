/// GPT-4's pattern, which Llama 3 and Qwen took over, Qwen with single numbers: `(?i:'s|'t|'re|'ve|'m|'ll|'d)`,
/// `[^\r\n\p{L}\p{N}]?\p{L}+`, `\p{N}{1,3}`, ` ?[^\s\p{L}\p{N}]+[\r\n]*`, `\s*[\r\n]+`, `\s+(?!\S)`, `\s+`.
struct GPT4Scanner: WordScanner {
    let text: [UInt8]
    let end: Int
    /// How many numbers a word has at most.
    let digits: Int
    /// Combining marks count as letters: `[\p{L}\p{M}]+` and `[^\s\p{L}\p{M}\p{N}]+`, as in Qwen 3.5.
    let joinsMarks: Bool

    func wordEnd(from start: Int) -> Int {
        if let stop = contractionEnd(from: start) { return stop }
        let (kind, length) = read(start)
        switch kind {
        case .letter: return joinedEnd(of: .letter, from: start + length)
        case .number: return numberEnd(from: start, most: digits)
        case .other: return otherEnd(start + length)
        case .space: return spaceEnd(start, start + length)
        }
    }

    @inline(__always)
    private func read(_ index: Int) -> (kind: ScalarKind, length: Int) {
        let found = ScalarKind.read(text, at: index, to: end)
        guard joinsMarks, found.kind == .other, found.length > 1 else { return found }
        return (ScalarKind.isMark(text, at: index, to: end) ? .letter : .other, found.length)
    }

    private func otherEnd(_ next: Int) -> Int {
        isKind(.letter, at: next) ? joinedEnd(of: .letter, from: next) : punctuationEnd(from: next)
    }

    private func spaceEnd(_ start: Int, _ next: Int) -> Int {
        if !isLineBreak(at: start), isKind(.letter, at: next) { return joinedEnd(of: .letter, from: next) }
        if text[start] == 0x20, isKind(.other, at: next) { return punctuationEnd(from: next) }
        return whitespaceEnd(from: start)
    }

    private func punctuationEnd(from start: Int) -> Int {
        var index = joinedEnd(of: .other, from: start)
        while isLineBreak(at: index) { index += 1 }
        return index
    }

    /// As `runEnd`, with marks as letters where they are joined.
    @inline(__always)
    private func joinedEnd(of kind: ScalarKind, from start: Int) -> Int {
        var index = start
        while index < end {
            let next = read(index)
            if next.kind != kind { break }
            index += next.length
        }
        return index
    }

    private func isKind(_ kind: ScalarKind, at index: Int) -> Bool { index < end && read(index).kind == kind }
}
