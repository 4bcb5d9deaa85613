/// GPT-2's printable spelling of bytes: each byte is one scalar, so that a JSON file can hold any token.
/// Printable Latin-1 stands for itself, the other 68 bytes take U+0100 upward in order.
enum ByteAlphabet {
    static let scalars: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (0..<256).map { byte in
            if isPrintable(byte) { return Unicode.Scalar(UInt8(byte)) }
            defer { next += 1 }
            return Unicode.Scalar(next) ?? "\u{FFFD}"
        }
    }()

    /// Indexed by scalar value below 0x144; -1 where no byte has that spelling.
    private static let bytes: [Int16] = {
        var table = [Int16](repeating: -1, count: 0x144)
        for (byte, scalar) in scalars.enumerated() { table[Int(scalar.value)] = Int16(byte) }
        return table
    }()

    private static func isPrintable(_ byte: Int) -> Bool {
        (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte)
    }

    static func spell(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes { text.unicodeScalars.append(scalars[Int(byte)]) }
        return text
    }

    /// The bytes that a piece of `spell`'s text stands for.
    static func bytes(_ spelled: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var index = spelled.startIndex
        while index < spelled.endIndex {
            // Every spelling is below U+0144: one byte of UTF-8 or two.
            let isShort = spelled[index] < 0x80
            let value = isShort ? Int(spelled[index]) : Int(spelled[index] & 0x1F) << 6 | Int(spelled[index + 1] & 0x3F)
            result.append(UInt8(bytes[value]))
            index += isShort ? 1 : 2
        }
        return result
    }

    /// The bytes that `spelling` stands for; nil when a scalar is no byte's spelling.
    static func read(_ spelling: String) -> [UInt8]? {
        let table = bytes
        var result: [UInt8] = []
        result.reserveCapacity(spelling.utf8.count)
        for scalar in spelling.unicodeScalars {
            guard scalar.value < 0x144, table[Int(scalar.value)] >= 0 else { return nil }
            result.append(UInt8(table[Int(scalar.value)]))
        }
        return result
    }
}
