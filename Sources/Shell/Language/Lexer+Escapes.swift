/// The escapes of `$'…'`.
extension Lexer {
    /// Each stands for one scalar. A `\/` is JSON's.
    private static let letters: [Unicode.Scalar: Unicode.Scalar] = [
        "'": "'", "\"": "\"", "\\": "\\", "/": "/", "a": "\u{7}", "b": "\u{8}", "e": "\u{1B}", "f": "\u{C}",
        "n": "\n", "r": "\r", "t": "\t", "v": "\u{B}",
    ]

    /// Reads an escape from its backslash on.
    /// - Throws: ``LanguageError/badEscape(_:_:)``: what is no escape is never passed on as something else.
    mutating func readEscape() throws -> Unicode.Scalar {
        let start = position
        advance()
        guard let letter = peek() else { throw LanguageError.badEscape("\\", start) }
        if "01234567".unicodeScalars.contains(letter) { return try readOctal(start) }
        advance()
        switch letter {
        case "x": return try byte(try readHex(2, "\\x", start), start)
        case "u": return try readUTF16(start)
        case "U":
            let value = try readHex(8, "\\U", start)
            guard let scalar = Unicode.Scalar(value) else {
                throw LanguageError.badEscape("\\U\(Self.hex(value, 8)), which is no character,", start)
            }
            return scalar
        case "\n", "\r": throw LanguageError.badEscape("a backslash before the line's end", start)
        default:
            guard let scalar = Self.letters[letter] else { throw LanguageError.badEscape("\\\(letter)", start) }
            return scalar
        }
    }

    /// `\uXXXX` is UTF-16 as in JSON, so that two of them may be one scalar.
    private mutating func readUTF16(_ start: SourcePosition) throws -> Unicode.Scalar {
        let high = try readHex(4, "\\u", start)
        if let scalar = Unicode.Scalar(high) { return scalar }
        let lone = LanguageError.badEscape("\\u\(Self.hex(high, 4)), half of a surrogate pair,", start)
        guard (0xD800..<0xDC00).contains(high), peek() == "\\", peek(1) == "u" else { throw lone }
        advance()
        advance()
        let low = try readHex(4, "\\u", start)
        guard (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw lone }
        return scalar
    }

    private mutating func readHex(_ count: Int, _ escape: String, _ start: SourcePosition) throws -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let scalar = peek(), scalar.isASCII, let digit = Character(scalar).hexDigitValue else {
                throw LanguageError.badEscape("\(escape) without \(count) hexadecimal digits", start)
            }
            advance()
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    private mutating func readOctal(_ start: SourcePosition) throws -> Unicode.Scalar {
        var value: UInt32 = 0
        for _ in 0..<3 {
            guard let scalar = peek(), ("0"..."7").contains(scalar) else { break }
            advance()
            value = value << 3 | (scalar.value - 0x30)
        }
        return try byte(value, start)
    }

    /// Other shells write bytes by number. Text has characters, and from 0x80 on the two differ.
    private func byte(_ value: UInt32, _ start: SourcePosition) throws -> Unicode.Scalar {
        guard value < 0x80, let scalar = Unicode.Scalar(value) else {
            throw LanguageError.badEscape("the byte 0x\(Self.hex(value, 2)) (a character is \\uXXXX)", start)
        }
        return scalar
    }

    private static func hex(_ value: UInt32, _ count: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}
