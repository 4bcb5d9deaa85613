/// An answer as it is compared.
indirect enum AnswerValue: Equatable {
    case number(ExactNumber, isPercent: Bool)
    /// `(1, 2)`, `[1, 2]`, `\{1, 2\}`, or bare `1, 2`; `open` and `close` are their brackets, 0 for none.
    case list(open: UInt8, close: UInt8, [AnswerValue])
    /// Anything else: its bytes without blanks.
    case text([UInt8])

    /// Lists nested deeper than this are compared as text.
    private static let maxDepth = 8
    /// A longer answer is compared as text.
    private static let maxLength = 4096

    /// Reads normalised text.
    static func read(_ text: [UInt8], depth: Int = 0) -> AnswerValue {
        let text = unwrapped(trimmed(text[...]))
        if let number = number(text) { return number }
        if depth < maxDepth, text.count <= maxLength {
            if let value = rightSide(text) { return read(value, depth: depth + 1) }
            if let list = list(text, depth: depth) { return list }
        }
        return .text(text.filter { $0 != 0x20 })
    }

    /// Whether an answer (self) says the same as the reference.
    func equals(_ reference: AnswerValue) -> Bool {
        switch (self, reference) {
        case (.number(let a, let aPercent), .number(let b, let bPercent)):
            if a == b { return true }
            guard aPercent != bPercent else { return false }
            return (aPercent ? a.hundredth : a) == (bPercent ? b.hundredth : b)
        case (.list(let aOpen, let aClose, let a), .list(let bOpen, let bClose, let b)):
            guard a.count == b.count, aOpen == bOpen, aClose == bClose else { return false }
            let isOrdered = aOpen == UInt8(ascii: "(") || aOpen == UInt8(ascii: "[")
            return isOrdered ? zip(a, b).allSatisfy { $0.equals($1) } : Self.isPermutation(a, b)
        case (.text(let a), .text(let b)):
            let (a, b) = (Self.bare(a), Self.bare(b))
            guard a != b else { return true }
            return a.count > 1 && a.allSatisfy(Self.isLetter) && Self.lowercased(a) == Self.lowercased(b)
        default: return false
        }
    }

    /// Words only, so that it can be no answer to a question for a number: `unknown`, `not enough information`.
    var isProse: Bool {
        guard case .text(let bytes) = self else { return false }
        return bytes.count > 1 && !bytes.contains { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "\\") }
    }

    var isNumeric: Bool {
        switch self {
        case .number: true
        case .list(_, _, let elements): elements.allSatisfy(\.isNumeric)
        case .text: false
        }
    }

    // MARK: Reading

    /// A number, and after it nothing but a unit.
    private static func number(_ text: [UInt8]) -> AnswerValue? {
        let scanner = NumberScanner(text: text)
        guard let found = scanner.number(at: 0) ?? scanner.number(at: afterCurrency(text)) else { return nil }
        guard isUnit(text[found.range.upperBound...]) else { return nil }
        return .number(found.value, isPercent: found.isPercent)
    }

    /// `USD 5`, `Rs. 5`
    private static func afterCurrency(_ text: [UInt8]) -> Int {
        let letters = text.prefix(while: isLetter)
        guard (2...3).contains(letters.count), letters[0] & 0x20 == 0 else { return text.count }
        var place = letters.count
        while place < text.count, text[place] == 0x20 || text[place] == UInt8(ascii: ".") { place += 1 }
        return place
    }

    /// Words, perhaps with a slash and small powers (`miles/hour`, `cm^2`, `square feet`). A single letter is a unit
    /// only if it is a usual one: `5x` is no number.
    private static func isUnit(_ rest: ArraySlice<UInt8>) -> Bool {
        var rest = rest.drop { $0 == 0x20 }
        guard let first = rest.first else { return true }
        guard isLetter(first) else { return false }
        let word = rest.prefix(while: isLetter)
        guard word.count > 1 || "mgshLlNJWVKCF".utf8.contains(first) else { return false }
        rest = rest.dropFirst(word.count)
        let signs = Array(" /^{}23.-()".utf8)
        return !["or", "and", "to"].contains(String(decoding: word, as: UTF8.self))
            && rest.allSatisfy { isLetter($0) || signs.contains($0) }
    }

    /// What stands after the `=` of `x = 5` or `f(x) = 5`; nil when there is none, or more than one.
    private static func rightSide(_ text: [UInt8]) -> [UInt8]? {
        let sides = text.split(separator: UInt8(ascii: "="), maxSplits: 2, omittingEmptySubsequences: false)
        guard sides.count == 2, !sides[1].isEmpty else { return nil }
        let name = sides[0].filter { $0 != 0x20 }
        guard let first = name.first, isLetter(first), name.count <= 4,
            name.allSatisfy({ isLetter($0) || "()".utf8.contains($0) })
        else { return nil }
        return Array(sides[1])
    }

    private static func list(_ text: [UInt8], depth: Int) -> AnswerValue? {
        var inside = text[...]
        var (open, close): (UInt8, UInt8) = (0, 0)
        if text.starts(with: Array("\\{".utf8)), text.suffix(2).elementsEqual(Array("\\}".utf8)), text.count >= 4 {
            (open, close) = (UInt8(ascii: "{"), UInt8(ascii: "}"))
            inside = inside.dropFirst(2).dropLast(2)
        } else if let first = text.first, let last = text.last, text.count > 2, isWrapped(text),
            "([".utf8.contains(first), ")]".utf8.contains(last)
        {
            (open, close) = (first, last)
            inside = inside.dropFirst().dropLast()
        }
        let parts = split(inside)
        guard parts.count > 1 || open == UInt8(ascii: "{") else { return nil }
        guard parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        return .list(open: open, close: close, parts.map { read($0, depth: depth + 1) })
    }

    /// Whether the bracket that opens the text is closed by its last byte.
    private static func isWrapped(_ text: [UInt8]) -> Bool {
        var depth = 0
        for (index, byte) in text.enumerated() {
            if "([{".utf8.contains(byte) { depth += 1 }
            if ")]}".utf8.contains(byte) { depth -= 1 }
            if depth == 0 { return index == text.count - 1 }
        }
        return false
    }

    /// The parts between commas (and a last `and` or `or`) outside brackets, trimmed.
    private static func split(_ text: ArraySlice<UInt8>) -> [[UInt8]] {
        var parts: [[UInt8]] = [[]]
        var depth = 0
        var place = text.startIndex
        while place < text.endIndex {
            let byte = text[place]
            if "([{".utf8.contains(byte) { depth += 1 }
            if ")]}".utf8.contains(byte) { depth -= 1 }
            if depth == 0, let word = [" and ", " or "].first(where: { text[place...].starts(with: $0.utf8) }) {
                if parts[parts.count - 1].contains(where: { $0 != 0x20 }) { parts.append([]) }
                place += word.utf8.count
                continue
            }
            if depth == 0, byte == UInt8(ascii: ",") { parts.append([]) } else { parts[parts.count - 1].append(byte) }
            place += 1
        }
        return parts.map { trimmed($0[...]) }
    }

    /// `(5)` and `{5}` are `5`; at most a few pairs are taken off.
    private static func unwrapped(_ text: [UInt8]) -> [UInt8] {
        var inside = text
        for _ in 0..<4 {
            guard let first = inside.first, "({".utf8.contains(first), inside.count <= maxLength, isWrapped(inside)
            else { break }
            inside = trimmed(inside.dropFirst().dropLast())
        }
        return inside != text && number(inside) != nil ? inside : text
    }

    // MARK: Bytes

    static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }

    /// Without blanks and sentence signs at its ends, and without one pair of brackets around a single word.
    static func trimmed(_ text: ArraySlice<UInt8>) -> [UInt8] {
        let ends = Array(" \t\r\n.,;:!*".utf8)
        var text = text.drop { ends.contains($0) && $0 != UInt8(ascii: ".") }
        while let last = text.last, ends.contains(last) { text.removeLast() }
        return Array(text)
    }

    /// `(A)` is `A`.
    private static func bare(_ text: [UInt8]) -> [UInt8] {
        guard text.first == UInt8(ascii: "("), text.last == UInt8(ascii: ")"), text.count > 2 else { return text }
        let inside = text.dropFirst().dropLast()
        return inside.allSatisfy(isLetter) ? Array(inside) : text
    }

    private static func lowercased(_ text: [UInt8]) -> [UInt8] { text.map { isLetter($0) ? $0 | 0x20 : $0 } }

    /// Each element of one list equals another one of the other. Long lists are compared in order.
    private static func isPermutation(_ a: [AnswerValue], _ b: [AnswerValue]) -> Bool {
        guard a.count <= 32 else { return zip(a, b).allSatisfy { $0.equals($1) } }
        var rest = b
        for element in a {
            guard let index = rest.firstIndex(where: { element.equals($0) }) else { return false }
            rest.remove(at: index)
        }
        return true
    }
}
