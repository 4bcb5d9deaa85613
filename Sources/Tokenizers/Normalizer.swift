import Foundation

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
            return Array(string.precomposedStringWithCanonicalMapping.utf8)
        }
    }
}
