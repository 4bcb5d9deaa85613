// Foundation on Linux composes wrongly beyond the basic plane (Swift 6.3: U+10437 U+0308 becomes U+04DF), thirty
// times slower. The standard library's own composition, which String equality rests on, is right.
import Foundation
@_spi(_Unicode) import Swift

/// What happens to text before it is cut into words, step by step.
package struct Normalizer: Sendable, Equatable {
    /// One step, by the name and with the meaning that `tokenizers` gives it.
    package enum Step: Sendable, Equatable {
        /// A Unicode normalisation form.
        case nfc, nfd, nfkc, nfkd
        /// Every scalar by itself: a Greek sigma is never a final one.
        case lowercase
        /// Without white space at either end.
        case strip(left: Bool, right: Bool)
        /// The text in place of every match.
        case replace(SplitPattern, String)
        /// The text in front of what is not empty.
        case prepend(String)
    }

    package var steps: [Step]

    init(_ steps: [Step]) { self.steps = steps }

    package static let none = Normalizer([])
    package static let nfc = Normalizer([.nfc])

    /// What the text becomes. Bytes that are not UTF-8 are left as they are, the whole text with them.
    func apply(_ text: [UInt8], _ range: Range<Int>) -> [UInt8] {
        let bytes = Array(text[range])
        if steps.isEmpty { return bytes }
        // Below U+0300 every scalar is its own composed form and nothing combines.
        if self == .nfc, bytes.allSatisfy({ $0 < 0xCC }) { return bytes }
        guard var string = String(validating: bytes, as: UTF8.self) else { return bytes }
        for step in steps { string = step.apply(string) }
        return Array(string.utf8)
    }
}

extension Normalizer.Step {
    fileprivate func apply(_ text: String) -> String {
        switch self {
        case .nfc: return UnicodeForm.nfc.apply(text)
        case .nfd: return UnicodeForm.nfd.apply(text)
        case .nfkc: return UnicodeForm.nfkc.apply(text)
        case .nfkd: return UnicodeForm.nfkd.apply(text)
        case .lowercase:
            var result = String.UnicodeScalarView()
            for scalar in text.unicodeScalars {
                result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            }
            return String(result)
        case .strip(let left, let right):
            var scalars = text.unicodeScalars[...]
            if left { scalars = scalars.drop(while: \.properties.isWhitespace) }
            while right, let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
            return String(scalars)
        case .replace(let pattern, let content):
            let bytes = Array(text.utf8)
            var result: [UInt8] = []
            pattern.cut(bytes, 0..<bytes.count) { range, isMatch in
                result += isMatch ? Array(content.utf8)[...] : bytes[range]
            }
            return String(decoding: result, as: UTF8.self)
        case .prepend(let prefix): return text.isEmpty ? text : prefix + text
        }
    }
}

/// The normalisation forms by the tables of Unicode 9, which are those inside `tokenizers`: to them later scalars are
/// unassigned, neither moved nor composed.
private enum UnicodeForm {
    case nfc, nfd, nfkc, nfkd

    func apply(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var known = String.UnicodeScalarView()
        func flush() {
            switch self {
            case .nfc: for scalar in String(known)._nfc { result.append(scalar) }
            case .nfd: for scalar in String(known)._nfd { result.append(scalar) }
            case .nfkc:
                for scalar in String(known).decomposedStringWithCompatibilityMapping._nfc { result.append(scalar) }
            case .nfkd: result.append(contentsOf: String(known).decomposedStringWithCompatibilityMapping.unicodeScalars)
            }
            known.removeAll(keepingCapacity: true)
        }
        for scalar in text.unicodeScalars {
            if Self.isAfterUnicode9(scalar) {
                flush()
                result.append(scalar)
            } else if (0xF73...0xF81).contains(scalar.value), let parts = Self.doubleVowels[scalar] {
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
