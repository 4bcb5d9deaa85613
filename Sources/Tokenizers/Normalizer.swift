// Foundation on Linux composes wrongly beyond the basic plane (Swift 6.3: U+10437 U+0308 becomes U+04DF), thirty
// times slower. The standard library's own composition, which String equality rests on, is right.
@_spi(_Unicode) import Swift

/// What happens to text before it is cut into words.
public enum Normalizer: Sendable, Equatable {
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

    static func composed(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text._nfc { scalars.append(scalar) }
        return String(scalars)
    }
}

/// NFC, for the test that decoding gives the normalised text back.
@_spi(Testing) public func normalisedBytes(_ text: String) -> [UInt8] {
    Normalizer.nfc.apply(Array(text.utf8), 0..<text.utf8.count)
}
