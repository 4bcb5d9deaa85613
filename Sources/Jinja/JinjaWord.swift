/// Reads one word inside a tag: a name, a number, a string or an operator.
enum JinjaWord {
    private static let symbols: [[Unicode.Scalar]] = [
        "//", "**", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "(", ")", "[", "]", "{", "}", ".", ",", ":",
        "|",
        "=", "<", ">",
    ].map { Array($0.unicodeScalars) }

    static func read(_ source: [Unicode.Scalar], at index: inout Int) throws -> JinjaToken {
        let start = index
        let first = source[index]
        if isNameStart(first) {
            while index < source.count, isNameStart(source[index]) || isDigit(source[index]) { index += 1 }
            return JinjaToken(kind: .name, text: String(source[start..<index]), position: start)
        }
        if isDigit(first) { return try number(source, at: &index) }
        if first == "'" || first == "\"" { return try string(source, at: &index) }
        for symbol in symbols where source[index...].starts(with: symbol) {
            index += symbol.count
            return JinjaToken(kind: .symbol, text: String(symbol), position: start)
        }
        throw JinjaFailure.syntax("unexpected character \(String(Character(first)).debugDescription)", at: start)
    }

    private static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || (scalar.value < 0x80 && (scalar.value | 0x20) &- 0x61 < 26)
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.value &- 0x30 < 10 }

    private static func number(_ source: [Unicode.Scalar], at index: inout Int) throws -> JinjaToken {
        let start = index
        var isFloat = false
        func digits(_ index: inout Int) {
            while index < source.count,
                isDigit(source[index])
                    || (source[index] == "_" && index + 1 < source.count && isDigit(source[index + 1]))
            {
                index += 1
            }
        }
        if let integer = try prefixed(source, at: &index) { return integer }
        digits(&index)
        if index + 1 < source.count, source[index] == ".", isDigit(source[index + 1]) {
            isFloat = true
            index += 1
            digits(&index)
        }
        if index < source.count, source[index] == "e" || source[index] == "E" {
            var ahead = index + 1
            if ahead < source.count, source[ahead] == "+" || source[ahead] == "-" { ahead += 1 }
            if ahead < source.count, isDigit(source[ahead]) {
                isFloat = true
                index = ahead
                digits(&index)
            }
        }
        let text = String(source[start..<index].filter { $0 != "_" })
        if !isFloat, Int(text) == nil { throw JinjaFailure.syntax("the number \(text) is too large", at: start) }
        return JinjaToken(kind: isFloat ? .float : .integer, text: text, position: start)
    }

    /// `0x1F`, `0o17` and `0b11`.
    private static func prefixed(_ source: [Unicode.Scalar], at index: inout Int) throws -> JinjaToken? {
        let start = index
        let radixes: [Unicode.Scalar: Int] = ["x": 16, "X": 16, "o": 8, "O": 8, "b": 2, "B": 2]
        guard source[start] == "0", start + 2 < source.count, let radix = radixes[source[start + 1]] else { return nil }
        var end = start + 2
        while end < source.count, source[end] == "_" || Int(String(Character(source[end])), radix: radix) != nil {
            end += 1
        }
        let digits = String(source[(start + 2)..<end].filter { $0 != "_" })
        guard let value = Int(digits, radix: radix) else {
            throw JinjaFailure.syntax("a number is broken or too large", at: start)
        }
        index = end
        return JinjaToken(kind: .integer, text: "\(value)", position: start)
    }

    private static func string(_ source: [Unicode.Scalar], at index: inout Int) throws -> JinjaToken {
        let start = index
        let quote = source[index]
        var text = String.UnicodeScalarView()
        index += 1
        while index < source.count {
            let scalar = source[index]
            if scalar == quote {
                index += 1
                return JinjaToken(kind: .string, text: String(text), position: start)
            }
            if scalar == "\\" {
                try escape(source, at: &index, into: &text)
            } else {
                text.append(scalar)
                index += 1
            }
        }
        throw JinjaFailure.syntax("this string has no end", at: start)
    }

    /// Python's escapes; an unknown one stands for itself, backslash and all.
    private static func escape(
        _ source: [Unicode.Scalar], at index: inout Int, into text: inout String.UnicodeScalarView
    ) throws {
        guard index + 1 < source.count else { throw JinjaFailure.syntax("this string has no end", at: index) }
        let letter = source[index + 1]
        let simple: [Unicode.Scalar: Unicode.Scalar] = [
            "n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", "\"": "\"", "a": "\u{07}", "b": "\u{08}",
            "f": "\u{0C}",
            "v": "\u{0B}",
        ]
        if let plain = simple[letter] {
            text.append(plain)
            index += 2
        } else if letter == "\n" {
            index += 2
        } else if let length = ["x": 2, "u": 4, "U": 8][letter] as Int? {
            try number(source, at: &index, skipping: 2, digits: length...length, radix: 16, into: &text)
        } else if ("0"..."7").contains(letter) {
            try number(source, at: &index, skipping: 1, digits: 1...3, radix: 8, into: &text)
        } else {
            text.append("\\")
            index += 1
        }
    }

    private static func number(
        _ source: [Unicode.Scalar], at index: inout Int, skipping: Int, digits: ClosedRange<Int>, radix: Int,
        into text: inout String.UnicodeScalarView
    ) throws {
        let start = index + skipping
        var end = start
        while end < source.count, end - start < digits.upperBound,
            Int(String(Character(source[end])), radix: radix) != nil
        { end += 1 }
        guard digits.contains(end - start), let value = UInt32(String(source[start..<end]), radix: radix),
            let scalar = Unicode.Scalar(value)
        else {
            throw JinjaFailure.syntax("a broken escape in a string", at: index)
        }
        text.append(scalar)
        index = end
    }
}

extension String {
    init(_ scalars: some Sequence<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}
