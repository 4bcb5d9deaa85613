/// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
struct Qwen2Scanner: WordScanner {
    static let pattern =
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|"#
        + #" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

    let text: [UInt8]
    let end: Int

    func wordEnd(from start: Int) -> Int {
        if let stop = contractionEnd(from: start) { return stop }
        let (kind, length) = ScalarKind.read(text, at: start, to: end)
        switch kind {
        case .letter: return lettersEnd(from: start + length)
        case .number: return start + length
        case .other: return otherEnd(start, start + length)
        case .space: return spaceEnd(start, start + length)
        }
    }

    private func otherEnd(_ start: Int, _ next: Int) -> Int {
        if isLetter(at: next) { return lettersEnd(from: next) }
        return punctuationEnd(from: next)
    }

    private func spaceEnd(_ start: Int, _ next: Int) -> Int {
        if !isLineBreak(at: start), isLetter(at: next) { return lettersEnd(from: next) }
        if text[start] == 0x20, next < end, ScalarKind.read(text, at: next, to: end).kind == .other {
            return punctuationEnd(from: next)
        }
        return whitespaceEnd(from: start)
    }

    /// A run of white space goes up to its last line break if it has one, else leaves its last scalar to the word
    /// behind it.
    private func whitespaceEnd(from start: Int) -> Int {
        var index = start
        var last = start
        var afterBreak: Int?
        while index < end {
            let next = ScalarKind.read(text, at: index, to: end)
            if next.kind != .space { break }
            last = index
            index += next.length
            if isLineBreak(at: last) { afterBreak = index }
        }
        if let afterBreak { return afterBreak }
        return index == end || last == start ? index : last
    }

    private func punctuationEnd(from start: Int) -> Int {
        var index = start
        while index < end {
            let next = ScalarKind.read(text, at: index, to: end)
            if next.kind != .other { break }
            index += next.length
        }
        while isLineBreak(at: index) { index += 1 }
        return index
    }

    private func lettersEnd(from start: Int) -> Int {
        var index = start
        while index < end {
            let next = ScalarKind.read(text, at: index, to: end)
            if next.kind != .letter { break }
            index += next.length
        }
        return index
    }

    /// Case is ignored, and U+017F (long s) is an s then.
    private func contractionEnd(from start: Int) -> Int? {
        guard text[start] == 0x27, start + 1 < end else { return nil }
        switch text[start + 1] | 0x20 {
        case 0x73, 0x74, 0x6D, 0x64: return start + 2
        case 0x72, 0x76: return start + 2 < end && text[start + 2] | 0x20 == 0x65 ? start + 3 : nil
        case 0x6C: return start + 2 < end && text[start + 2] | 0x20 == 0x6C ? start + 3 : nil
        default: break
        }
        return start + 2 < end && text[start + 1] == 0xC5 && text[start + 2] == 0xBF ? start + 3 : nil
    }

    private func isLetter(at index: Int) -> Bool {
        index < end && ScalarKind.read(text, at: index, to: end).kind == .letter
    }

    private func isLineBreak(at index: Int) -> Bool {
        index < end && (text[index] == 0x0A || text[index] == 0x0D)
    }
}
