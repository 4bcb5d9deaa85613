/// How much a JSON text may ask for before it is refused.
package struct JSONLimits: Sendable {
    /// The longest text that is read.
    package var bytes: Int
    /// The deepest nesting that is read.
    package var depth: Int

    /// The most values, members and elements counted: each takes some forty bytes of memory, of the text perhaps two.
    package var values: Int

    /// The defaults are for files that models come with.
    package init(bytes: Int = 256 << 20, depth: Int = 64, values: Int = 1 << 26) {
        (self.bytes, self.depth, self.values) = (bytes, depth, values)
    }
}

/// What becomes of numbers that no `Int64` and no `Double` says as they are written.
package enum JSONNumbers: Sendable {
    /// The double next to them; beyond its range they are errors.
    case doubles
    /// Their text, digit by digit: integers beyond 64 bits, and fractions of more digits than a double keeps (15).
    case exact
}

extension JSONValue {
    /// Parses one JSON text (RFC 8259, strictly; duplicate keys, lone surrogates and numbers beyond a double are
    /// errors).
    /// - Parameter name: the file's name, for errors.
    /// - Throws: ``FormatsError`` naming the file and the byte.
    package static func parse(
        _ bytes: [UInt8], name: String, limits: JSONLimits = JSONLimits(), numbers: JSONNumbers = .doubles
    ) throws -> JSONValue {
        guard bytes.count <= limits.bytes else {
            throw FormatsError.tooLarge(file: name, bytes: bytes.count, limit: limits.bytes)
        }
        var parser = JSONParser(bytes: bytes, name: name, limits: limits, numbers: numbers)
        return try parser.parseText()
    }

    /// Reads and parses a file.
    package static func load(_ path: String, limits: JSONLimits = JSONLimits()) throws -> JSONValue {
        try parse(BoundedFile.read(path, limit: limits.bytes), name: path, limits: limits)
    }
}

/// A recursive descent over bytes. Foundation's parsers return `[String: Any]`, which merges the canonically
/// equivalent keys of a vocabulary, accept duplicate keys, and bound neither depth nor size; hence our own.
struct JSONParser {
    let bytes: [UInt8]
    let name: String
    let limits: JSONLimits
    let numbers: JSONNumbers
    private var index = 0
    private var depth = 0
    private var values = 0

    init(bytes: [UInt8], name: String, limits: JSONLimits, numbers: JSONNumbers) {
        (self.bytes, self.name, self.limits, self.numbers) = (bytes, name, limits, numbers)
    }

    mutating func parseText() throws -> JSONValue {
        let value = try parseValue()
        skipBlanks()
        guard index == bytes.count else { throw failure("text after the end of the JSON value") }
        return value
    }

    private func failure(_ what: String, at offset: Int? = nil) -> FormatsError {
        .malformed(file: name, offset: offset ?? index, what: "invalid JSON: \(what)")
    }

    private mutating func skipBlanks() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    /// The next byte after blanks, not consumed.
    private mutating func peek() throws -> UInt8 {
        skipBlanks()
        guard index < bytes.count else { throw failure("it ends too early") }
        return bytes[index]
    }

    private mutating func parseValue() throws -> JSONValue {
        values += 1
        guard values <= limits.values else { throw failure("more than \(limits.values) values") }
        switch try peek() {
        case UInt8(ascii: "{"): return try nested { try $0.parseObject() }
        case UInt8(ascii: "["): return try nested { try $0.parseArray() }
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        default: throw failure("a value was expected")
        }
    }

    private mutating func nested(_ parse: (inout JSONParser) throws -> JSONValue) throws -> JSONValue {
        guard depth < limits.depth else { throw failure("nested deeper than \(limits.depth) levels") }
        depth += 1
        defer { depth -= 1 }
        index += 1
        return try parse(&self)
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSONValue) throws -> JSONValue {
        let start = index
        for expected in word.description.utf8 {
            guard index < bytes.count, bytes[index] == expected else {
                throw failure("a value was expected", at: start)
            }
            index += 1
        }
        return value
    }

    private mutating func parseArray() throws -> JSONValue {
        var elements: [JSONValue] = []
        if try peek() == UInt8(ascii: "]") {
            index += 1
            return .array(elements)
        }
        while true {
            elements.append(try parseValue())
            if try endsAfterSeparator(UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    private mutating func parseObject() throws -> JSONValue {
        var members: [JSONObject.Member] = []
        var keys = KeySet()
        if try peek() == UInt8(ascii: "}") {
            index += 1
            return .object(JSONObject(members))
        }
        while true {
            guard try peek() == UInt8(ascii: "\"") else { throw failure("a key in quotes was expected") }
            let start = index
            let key = try parseString()
            guard keys.insert(key, amongFirst: members) else {
                throw failure("the key \(key.debugDescription) occurs twice", at: start)
            }
            guard try peek() == UInt8(ascii: ":") else { throw failure("a colon was expected") }
            index += 1
            members.append((key, try parseValue()))
            if try endsAfterSeparator(UInt8(ascii: "}")) { return .object(JSONObject(members)) }
        }
    }

    private mutating func endsAfterSeparator(_ closer: UInt8) throws -> Bool {
        let byte = try peek()
        guard byte == closer || byte == UInt8(ascii: ",") else {
            throw failure("a comma or \(closer == UInt8(ascii: "]") ? "]" : "}") was expected")
        }
        index += 1
        return byte == closer
    }

    // MARK: Strings

    private mutating func parseString() throws -> String {
        let opening = index
        index += 1
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                let text = try validated(bytes[start..<index], from: opening)
                index += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try parseEscapedString(from: start, opening: opening) }
            guard byte >= 0x20 else { throw failure("a control character inside a string") }
            index += 1
        }
        throw failure("a string without an end", at: opening)
    }

    private mutating func parseEscapedString(from start: Int, opening: Int) throws -> String {
        var text = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                index += 1
                return try validated(text[...], from: opening)
            }
            guard byte >= 0x20 else { throw failure("a control character inside a string") }
            if byte == UInt8(ascii: "\\") {
                try parseEscape(into: &text)
            } else {
                text.append(byte)
                index += 1
            }
        }
        throw failure("a string without an end", at: opening)
    }

    private func validated(_ slice: ArraySlice<UInt8>, from opening: Int) throws -> String {
        guard let text = String(validating: slice, as: UTF8.self) else {
            throw failure("the string that starts here is not valid UTF-8", at: opening)
        }
        return text
    }

    private mutating func parseEscape(into text: inout [UInt8]) throws {
        guard index + 1 < bytes.count else { throw failure("it ends too early") }
        let letter = bytes[index + 1]
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            text.append(contentsOf: String(try parseUnicodeEscape()).utf8)
            return
        default: throw failure("an unknown escape in a string")
        }
        index += 2
    }

    /// `\uXXXX`, or a pair of them that makes one scalar beyond the basic plane.
    private mutating func parseUnicodeEscape() throws -> Unicode.Scalar {
        let start = index
        let first = try parseHexUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800..<0xDC00).contains(first) else { throw failure("a lone surrogate", at: start) }
        let second = try parseHexUnit()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw failure("a lone surrogate", at: start) }
        return scalar
    }

    private mutating func parseHexUnit() throws -> UInt32 {
        guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u")
        else { throw failure("a lone surrogate or a \\u escape cut short") }
        var unit: UInt32 = 0
        for byte in bytes[(index + 2)..<(index + 6)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("\\u needs four hexadecimal digits")
            }
            unit = unit << 4 | UInt32(digit)
        }
        index += 6
        return unit
    }

    // MARK: Numbers

    private mutating func parseNumber() throws -> JSONValue {
        let start = index
        let isNegative = bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        let digits = skipDigits()
        guard digits > 0 else { throw failure("a digit was expected") }
        guard digits == 1 || bytes[index - digits] != UInt8(ascii: "0") else {
            throw failure("a number with a leading zero", at: start)
        }
        var isInteger = true, fraction = 0
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            isInteger = false
            index += 1
            fraction = skipDigits()
            guard fraction > 0 else { throw failure("a digit was expected") }
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            guard skipDigits() > 0 else { throw failure("a digit was expected") }
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isInteger, let value = Int64(text), !(isNegative && value == 0) { return .integer(value) }
        let value = Double(text)
        if numbers == .exact, !Self.keeps(value, text, digits + fraction) { return .string(text) }
        guard let value, value.isFinite else { throw failure("a number too large", at: start) }
        return .number(value)
    }

    /// Whether a double says all of a number's digits (any decimal of 15 comes back as it was).
    private static func keeps(_ value: Double?, _ text: String, _ digits: Int) -> Bool {
        guard let value, digits <= 15 else { return false }
        if value.isNormal { return true }
        // Smaller numbers lose digits, or all of them.
        let mantissa = text.utf8.prefix { $0 | 0x20 != UInt8(ascii: "e") }
        return value == 0 && !mantissa.contains { (0x31...0x39).contains($0) }
    }

    private mutating func skipDigits() -> Int {
        let start = index
        while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
        return index - start
    }
}

/// Finds a key's second occurrence: by looking through a small object, by hashing in a large one.
private struct KeySet {
    private var hashed: Set<UTF8Key> = []
    private static let smallCount = 16

    /// False when `key` is among `members` already.
    mutating func insert(_ key: String, amongFirst members: [JSONObject.Member]) -> Bool {
        if members.count < Self.smallCount { return !members.contains { $0.key.hasSameBytes(as: key) } }
        if members.count == Self.smallCount { hashed = Set(members.map { UTF8Key($0.key) }) }
        return hashed.insert(UTF8Key(key)).inserted
    }
}
