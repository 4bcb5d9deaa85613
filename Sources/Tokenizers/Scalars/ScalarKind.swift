/// What the pre-tokenizer patterns tell apart: `\p{L}`, `\p{N}`, `\s`, and the rest.
enum ScalarKind: UInt8 {
    case letter, number, space, other

    /// The kind and byte length of the scalar at `index`; a byte that is no UTF-8 counts as `other`.
    @inline(__always)
    static func read(_ text: [UInt8], at index: Int, to end: Int) -> (kind: ScalarKind, length: Int) {
        let first = text[index]
        if first < 0x80 { return (ofASCII(first), 1) }
        let (scalar, length) = UTF8Scan.scalar(text, at: index, to: end)
        guard let scalar else { return (.other, 1) }
        return (of(scalar), length)
    }

    @inline(__always)
    static func ofASCII(_ byte: UInt8) -> ScalarKind {
        if (byte | 0x20) &- 0x61 < 26 { return .letter }
        if byte == 0x20 || byte &- 9 < 5 { return .space }
        if byte &- 0x30 < 10 { return .number }
        return .other
    }

    static func of(_ scalar: Unicode.Scalar) -> ScalarKind {
        switch scalar.value {
        case 0x3041...0x3096, 0x4E00...0x9FFF, 0xAC00...0xD7A3: return .letter
        default: break
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            return isNew(scalar) ? .other : .letter
        case .decimalNumber, .letterNumber, .otherNumber: return isNew(scalar) ? .other : .number
        default: return scalar.properties.isWhitespace ? .space : .other
        }
    }

    /// `\p{M}`
    static func isMark(_ text: [UInt8], at index: Int, to end: Int) -> Bool {
        guard let scalar = UTF8Scan.scalar(text, at: index, to: end).scalar else { return false }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return !isNew(scalar)
        default: return false
        }
    }

    /// The general category. Unicode 17 made U+0295 (ʕ) a letter without case.
    static func category(_ scalar: Unicode.Scalar) -> Unicode.GeneralCategory {
        scalar.value == 0x295 ? .lowercaseLetter : scalar.properties.generalCategory
    }

    /// `tokenizers` knows Unicode 16: what came later is unassigned to it, hence neither letter nor number.
    static func isNew(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x870 && (scalar.properties.age?.major ?? .max) > 16
    }
}

/// The kind's name, for the test that compares it with the tables of `tokenizers`.
package func scalarKindName(_ scalar: Unicode.Scalar) -> String { "\(ScalarKind.of(scalar))" }
