/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`, alternative by alternative.
struct GPT2Scanner: WordScanner {
    let text: [UInt8]
    let end: Int

    func wordEnd(from start: Int) -> Int {
        if let stop = contractionEnd(from: start) { return stop }
        let body = text[start] == 0x20 && start + 1 < end ? start + 1 : start
        let (kind, length) = ScalarKind.read(text, at: body, to: end)
        if kind == .space { return spaceEnd(from: start) }
        return runEnd(of: kind, from: body + length)
    }

    private func contractionEnd(from start: Int) -> Int? {
        guard text[start] == 0x27, start + 1 < end else { return nil }
        switch text[start + 1] {
        case 0x73, 0x74, 0x6D, 0x64: return start + 2
        case 0x72, 0x76: return start + 2 < end && text[start + 2] == 0x65 ? start + 3 : nil
        case 0x6C: return start + 2 < end && text[start + 2] == 0x6C ? start + 3 : nil
        default: return nil
        }
    }

    /// A run of white space before a word leaves its last scalar to that word.
    private func spaceEnd(from start: Int) -> Int {
        var index = start
        var last = start
        while index < end {
            let next = ScalarKind.read(text, at: index, to: end)
            if next.kind != .space { return last > start ? last : index }
            last = index
            index += next.length
        }
        return index
    }
}
