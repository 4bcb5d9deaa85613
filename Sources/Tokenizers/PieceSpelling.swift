/// How SentencePiece spells what a token stands for: a blank is `▁` (U+2581), a byte without a character `<0x0A>`.
enum PieceSpelling {
    /// `▁` in UTF-8.
    static let blank: [UInt8] = [0xE2, 0x96, 0x81]

    static func startsWithBlank(_ text: ArraySlice<UInt8>) -> Bool { text.starts(with: blank) }

    static func endsWithBlank(_ text: ArraySlice<UInt8>) -> Bool { text.suffix(3).elementsEqual(blank) }

    /// The byte that `<0x0A>` stands for; nil for every other spelling.
    static func byte(_ spelling: ArraySlice<UInt8>) -> UInt8? {
        guard spelling.count == 6, spelling.starts(with: Array("<0x".utf8)), spelling.last == UInt8(ascii: ">"),
            let high = digit(spelling[spelling.startIndex + 3]), let low = digit(spelling[spelling.startIndex + 4])
        else { return nil }
        return high << 4 | low
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character - 0x30
        case 0x41...0x46, 0x61...0x66: (character | 0x20) - 0x61 + 10
        default: nil
        }
    }

    /// `<0x0A>`, the spelling that encoding looks for.
    static func spell(byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return Array("<0x".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)], UInt8(ascii: ">")]
    }

    /// The text with `▁` for blanks.
    static func escape(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + text.count / 2)
        for byte in text {
            if byte == 0x20 { result.append(contentsOf: blank) } else { result.append(byte) }
        }
        return result
    }

    /// The text with blanks for `▁`.
    static func unescape(_ spelling: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(spelling.count)
        var index = spelling.startIndex
        while index < spelling.endIndex {
            if spelling[index] == blank[0], spelling[index...].starts(with: blank) {
                result.append(0x20)
                index += blank.count
            } else {
                result.append(spelling[index])
                index += 1
            }
        }
        return result
    }
}
