// Foundation on Linux composes wrongly beyond the basic plane (Swift 6.3: U+10437 U+0308 becomes U+04DF), thirty
// times slower. The standard library's own composition, which String equality rests on, is right.
@_spi(_Unicode) import Swift

/// What happens to text before it is cut into words.
package enum Normalizer: Sendable, Equatable {
    case none
    /// Unicode normalisation form C.
    case nfc

    /// The same array when nothing changes. Bytes that are not UTF-8 are left as they are, whole.
    func apply(_ text: [UInt8], _ range: Range<Int>) -> [UInt8] {
        switch self {
        case .none: return Array(text[range])
        case .nfc:
            let bytes = Array(text[range])
            // Below U+0300 every scalar is its own composed form and nothing combines.
            if bytes.allSatisfy({ $0 < 0xCC }) { return bytes }
            guard let string = String(validating: bytes, as: UTF8.self) else { return bytes }
            return Array(Self.composed(string).utf8)
        }
    }

    /// NFC by the tables of Unicode 9, which are those inside `tokenizers`: to them later scalars are unassigned,
    /// neither moved nor composed.
    static func composed(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var known = String.UnicodeScalarView()
        func flush() {
            for scalar in String(known)._nfc { result.append(scalar) }
            known.removeAll(keepingCapacity: true)
        }
        for scalar in text.unicodeScalars {
            if isAfterUnicode9(scalar) {
                flush()
                result.append(scalar)
            } else if (0xF73...0xF81).contains(scalar.value), let parts = doubleVowels[scalar] {
                known.append(contentsOf: parts)
            } else {
                known.append(scalar)
            }
        }
        flush()
        return String(result)
    }

    /// Tibetan vowels that begin nothing once decomposed; the standard library (Swift 6.3) takes them for starters.
    private static let doubleVowels: [Unicode.Scalar: [Unicode.Scalar]] = [
        "\u{F73}": ["\u{F71}", "\u{F72}"], "\u{F75}": ["\u{F71}", "\u{F74}"], "\u{F81}": ["\u{F71}", "\u{F80}"],
    ]

    private static func isAfterUnicode9(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Nothing here was assigned later and takes part in normalisation.
        case ..<0x7FD, 0x3000...0xA82B, 0xAC00...0xD7A3: false
        default: (scalar.properties.age?.major ?? .max) > 9
        }
    }
}

/// NFC, for the test that decoding gives the normalised text back.
package func normalisedBytes(_ text: String) -> [UInt8] {
    Normalizer.nfc.apply(Array(text.utf8), 0..<text.utf8.count)
}
