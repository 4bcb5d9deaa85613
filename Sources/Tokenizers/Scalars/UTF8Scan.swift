/// Reading scalars out of bytes that may not be UTF-8: a byte that belongs to no scalar is a step of one with no
/// scalar.
enum UTF8Scan {
    @inline(__always)
    static func scalar(_ text: [UInt8], at index: Int, to end: Int) -> (scalar: Unicode.Scalar?, length: Int) {
        let first = text[index]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first <= 0xF4, index + length <= end else { return (nil, 1) }
        var value = UInt32(first) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
        for offset in 1..<length {
            let byte = text[index + offset]
            guard byte & 0xC0 == 0x80 else { return (nil, 1) }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
        guard value >= least, let scalar = Unicode.Scalar(value) else { return (nil, 1) }
        return (scalar, length)
    }

    static func scalar(_ text: [UInt8], endingAt end: Int, from start: Int) -> (scalar: Unicode.Scalar?, length: Int) {
        var index = end - 1
        while index > start, end - index < 4, text[index] & 0xC0 == 0x80 { index -= 1 }
        let found = scalar(text, at: index, to: end)
        return index + found.length == end ? found : (nil, 1)
    }

    /// How many bytes at the end of `bytes` may still become a scalar when more bytes arrive: 0 to 3.
    static func unfinishedTail(_ bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let byte = bytes[bytes.count - length]
            if byte & 0xC0 == 0x80 { continue }
            return isUnfinished(Array(bytes.suffix(length))) ? length : 0
        }
        return 0
    }

    private static func isUnfinished(_ sequence: [UInt8]) -> Bool {
        let first = sequence[0]
        guard first >= 0xC2, first <= 0xF4 else { return false }
        let needed = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard sequence.count < needed else { return false }
        guard sequence.count > 1 else { return true }
        switch (first, sequence[1]) {
        case (0xE0, ..<0xA0), (0xED, 0xA0...), (0xF0, ..<0x90), (0xF4, 0x90...): return false
        default: return true
        }
    }
}
