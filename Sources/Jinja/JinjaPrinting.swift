/// Values as text: Python's `str`, `repr` and `json.dumps`.
extension JinjaInterpreter {
    /// What `{{ value }}` prints.
    func text(of value: JinjaValue) throws -> String {
        switch value {
        case .undefined: return ""
        case .string(let text), .safe(let text): return text
        default: return try representation(of: value)
        }
    }

    /// Python's `repr`, or with `asciiOnly` its `ascii`.
    func representation(of value: JinjaValue, asciiOnly: Bool = false) throws -> String {
        var text = ""
        try represent(value, into: &text)
        return asciiOnly ? Self.ascii(text) : text
    }

    private func represent(_ value: JinjaValue, into text: inout String) throws {
        try step()
        guard text.utf8.count <= JinjaLimits.string else { throw fail("it produces too much text") }
        switch value {
        case .undefined: text += "Undefined"
        case .none: text += "None"
        case .bool(let flag): text += flag ? "True" : "False"
        case .integer(let number): text += "\(number)"
        case .float(let number): text += Self.describe(number)
        case .string(let string): text += Self.quote(string)
        case .safe(let string): text += "Markup(" + Self.quote(string) + ")"
        case .list(let list): try represent(list, into: &text)
        case .dictionary(let dictionary):
            text += "{"
            for (index, member) in dictionary.members.enumerated() {
                if index > 0 { text += ", " }
                try represent(member.key, into: &text)
                text += ": "
                try represent(member.value, into: &text)
            }
            text += "}"
        case .macro(let closure): text += "<Macro \(Self.quote(closure.macro.name))>"
        case .iterator, .namespace, .loop, .function, .method, .helper: throw fail("\(value.kind) cannot be printed")
        }
    }

    private func represent(_ list: JinjaList, into text: inout String) throws {
        let (opening, closing): (String, String)
        switch list.kind {
        case .range(let start, let stop, let step):
            text += "range(\(start), \(stop)\(step == 1 ? "" : ", \(step)"))"
            return
        case .list: (opening, closing) = ("[", "]")
        case .tuple, .group: (opening, closing) = ("(", list.elements.count == 1 ? ",)" : ")")
        case .view(let name): (opening, closing) = (name + "([", "])")
        }
        text += opening
        for (index, element) in list.elements.enumerated() {
            if index > 0 { text += ", " }
            try represent(element, into: &text)
        }
        text += closing
    }

    /// The shortest digits that read back equal, with an exponent from 1e16 on and below 1e-4.
    static func describe(_ number: Double) -> String {
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        if number.magnitude < 1e16, number == number.rounded() {
            return (number.sign == .minus && number == 0 ? "-0" : "\(Int(number))") + ".0"
        }
        let text = "\(number)"
        guard let mark = text.utf8.firstIndex(of: 0x65) else { return text }
        var mantissa = String(text[..<mark])
        if mantissa.hasSuffix(".0") { mantissa.removeLast(2) }
        let exponent = Int(text[text.index(after: mark)...]) ?? 0
        return mantissa + (exponent < 0 ? "e-" : "e+") + (exponent.magnitude < 10 ? "0" : "") + "\(exponent.magnitude)"
    }

    private static func ascii(_ text: String) -> String {
        text.unicodeScalars.map { $0.isASCII ? String(Character($0)) : escape($0) }.joined()
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let (letter, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
        let digits = String(scalar.value, radix: 16)
        return "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
    }

    private static func quote(_ text: String) -> String {
        let quote: Unicode.Scalar = text.utf8.contains(0x27) && !text.utf8.contains(0x22) ? "\"" : "'"
        var result = String.UnicodeScalarView([quote])
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            case "\r": result.append(contentsOf: "\\r".unicodeScalars)
            case "\t": result.append(contentsOf: "\\t".unicodeScalars)
            case "\\", quote:
                result.append("\\")
                result.append(scalar)
            default:
                if isPrintable(scalar) {
                    result.append(scalar)
                } else {
                    result.append(contentsOf: escape(scalar).unicodeScalars)
                }
            }
        }
        result.append(quote)
        return String(result)
    }

    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }

    // MARK: JSON

    struct JSONStyle {
        var indent: String?
        var itemSeparator = ", "
        var keySeparator = ": "
        var asciiOnly = false
        var sortsKeys = false
    }

    func json(_ value: JinjaValue, _ style: JSONStyle) throws -> String {
        var text = ""
        try writeJSON(value, style, level: 0, into: &text)
        return text
    }

    private func writeJSON(_ value: JinjaValue, _ style: JSONStyle, level: Int, into text: inout String) throws {
        try step()
        guard text.utf8.count <= JinjaLimits.string else { throw fail("it produces too much text") }
        func lineBreak(_ level: Int) {
            if let indent = style.indent { text += "\n" + String(repeating: indent, count: level) }
        }
        switch value {
        case .none: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .integer(let number): text += "\(number)"
        case .float(let number):
            text +=
                number.isNaN
                ? "NaN" : number.isInfinite ? (number < 0 ? "-Infinity" : "Infinity") : Self.describe(number)
        case .string(let string), .safe(let string): Self.quoteJSON(string, asciiOnly: style.asciiOnly, into: &text)
        case .list(let list) where list.kind == .list || list.kind.isTuple:
            text += "["
            for (index, element) in list.elements.enumerated() {
                if index > 0 { text += style.itemSeparator }
                lineBreak(level + 1)
                try writeJSON(element, style, level: level + 1, into: &text)
            }
            if !list.elements.isEmpty { lineBreak(level) }
            text += "]"
        case .dictionary(let dictionary):
            var members = try dictionary.members.map { (key: try jsonKey($0.key), value: $0.value) }
            if style.sortsKeys { members.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } }
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += style.itemSeparator }
                lineBreak(level + 1)
                Self.quoteJSON(member.key, asciiOnly: style.asciiOnly, into: &text)
                text += style.keySeparator
                try writeJSON(member.value, style, level: level + 1, into: &text)
            }
            if !members.isEmpty { lineBreak(level) }
            text += "}"
        default: throw fail("\(value.kind) cannot be written as JSON")
        }
    }

    private func jsonKey(_ key: JinjaValue) throws -> String {
        switch key {
        case .none: "null"
        case .bool(let flag): flag ? "true" : "false"
        case .string, .safe, .integer, .float: try text(of: key)
        default: throw fail("\(key.kind) cannot be a key in JSON")
        }
    }

    private static func quoteJSON(_ string: String, asciiOnly: Bool, into text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{08}": text += "\\b"
            case "\u{0C}": text += "\\f"
            default:
                if scalar.value < 0x20 || (asciiOnly && scalar.value > 0x7E) {
                    for unit in UTF16.encode(scalar) ?? .init() {
                        let digits = String(unit, radix: 16)
                        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                    }
                } else {
                    text.unicodeScalars.append(scalar)
                }
            }
        }
        text += "\""
    }
}
