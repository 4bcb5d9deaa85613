/// Reads the elements of one JSON array one by one while its text comes in pieces, so that an array of any length takes
/// the memory of its longest element. The scan only finds where an element ends; the parser judges it.
package struct JSONElements {
    private enum Place { case before, within, behind }

    private let source: any ByteSource
    private let limit: Int
    private let numbers: JSONNumbers
    private var place = Place.before
    /// The bytes of the present element so far, and where it begins in the text.
    private var element: [UInt8] = []
    private var start = 0
    private var count = 0
    private var scan = Scan()

    /// Calls `body` with the number (from 1) and the value of each element.
    /// - Parameter limit: the longest element that is read, in bytes.
    /// - Throws: ``FormatsError`` naming the file, the element and the byte, or what `body` throws.
    package static func forEach(
        from source: any ByteSource, limit: Int = JSONLines.defaultLineLimit, numbers: JSONNumbers = .doubles,
        _ body: (Int, JSONValue) throws -> Void
    ) throws {
        var elements = JSONElements(source: source, limit: limit, numbers: numbers)
        try elements.read(body)
    }

    private init(source: any ByteSource, limit: Int, numbers: JSONNumbers) {
        (self.source, self.limit, self.numbers) = (source, limit, numbers)
    }

    private mutating func read(_ body: (Int, JSONValue) throws -> Void) throws {
        var offset = 0
        while case let piece = try source.next(), !piece.isEmpty {
            try take(piece, at: offset, body)
            offset += piece.count
        }
        guard place == .behind else { throw failure("the array ends too early", at: offset) }
    }

    private mutating func take(_ piece: [UInt8], at offset: Int, _ body: (Int, JSONValue) throws -> Void) throws {
        var begun = 0
        for index in piece.indices {
            let byte = piece[index]
            switch place {
            case .before where byte == UInt8(ascii: "["):
                place = .within
                (begun, start) = (index + 1, offset + index + 1)
            case .before, .behind:
                guard Self.isBlank(byte) else {
                    throw failure(
                        place == .before ? "an array was expected" : "text after the end of the array",
                        at: offset + index)
                }
            case .within:
                guard scan.endsElement(at: byte) else { continue }
                element += piece[begun..<index]
                let isLast = byte == UInt8(ascii: "]")
                try finish(isLast: isLast, body)
                (begun, start) = (index + 1, offset + index + 1)
                if isLast { place = .behind }
            }
        }
        guard place == .within else { return }
        element += piece[begun...]
        guard element.count <= limit else { throw tooLong }
    }

    private mutating func finish(isLast: Bool, _ body: (Int, JSONValue) throws -> Void) throws {
        guard element.count <= limit else { throw tooLong }
        defer { element.removeAll(keepingCapacity: true) }
        if element.allSatisfy(Self.isBlank) {
            guard isLast, count == 0 else { throw failure("element \(count + 1): a value was expected", at: start) }
            return
        }
        count += 1
        let value: JSONValue
        do {
            value = try JSONValue.parse(element, name: source.path, numbers: numbers)
        } catch FormatsError.malformed(_, let offset, let what) {
            throw FormatsError.malformed(
                file: source.path, offset: start + offset, what: "element \(count): \(what)")
        }
        try body(count, value)
    }

    private var tooLong: FormatsError {
        failure("element \(count + 1) has more than the \(limit) bytes allowed", at: start)
    }

    private func failure(_ what: String, at offset: Int) -> FormatsError {
        .malformed(file: source.path, offset: offset, what: "invalid JSON: \(what)")
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
}

/// Finds the comma or bracket behind an element, whatever the element is.
private struct Scan {
    private var depth = 0
    private var isString = false
    private var isEscaped = false

    /// Whether the element ended before this byte.
    mutating func endsElement(at byte: UInt8) -> Bool {
        if isString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isString = false
            }
            return false
        }
        switch byte {
        case UInt8(ascii: "\""): isString = true
        case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            if depth == 0 { return byte == UInt8(ascii: "]") }
            depth -= 1
        case UInt8(ascii: ","): return depth == 0
        default: break
        }
        return false
    }
}
