/// Filters that lay out text.
extension JinjaInterpreter {
    func indent(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let text = try neededText(value, "indent")
        let width = arguments.value(0, "width") ?? .integer(4)
        let margin = try width.asString ?? repeated(" ", integer(width, 4, "indent"))
        let lines = JinjaText.splitLines(text + "\n")
        try charge(text: margin.utf8.count, times: lines.count)
        let indentsBlank = arguments.value(2, "blank")?.isTrue ?? false
        let indented = lines.enumerated().map { index, line in
            index == 0 || (line.isEmpty && !indentsBlank) ? line : margin + line
        }
        let result = indented.joined(separator: "\n")
        return value.sameKind(try charged(arguments.value(1, "first")?.isTrue ?? false ? margin + result : result))
    }

    func truncate(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let text = try neededText(value, "truncate")
        let length = try integer(arguments.value(0, "length"), 255, "truncate")
        let end = try arguments.value(2, "end").map { try neededText($0, "truncate") } ?? "..."
        var leeway = arguments.value(3, "leeway")
        if case .none? = leeway { leeway = nil }
        let slack = try integer(leeway, 5, "truncate")
        let scalars = Array(text.unicodeScalars), kept = length - end.unicodeScalars.count
        guard kept >= 0, slack >= 0 else { throw fail("'truncate' to less than its end, or with negative leeway") }
        if scalars.count <= length + slack { return value }
        var cut = String(scalars.prefix(kept))
        if !(arguments.value(1, "killwords")?.isTrue ?? false) {
            cut = JinjaText.splitFromEnd(cut, at: " ", limit: 1).first ?? cut
        }
        if case .safe = value { return .safe(try charged(cut + Self.escapeHTML(end))) }
        return try make(cut + end)
    }

    func urlEncode(_ value: JinjaValue) throws -> JinjaValue {
        let pairs: [JinjaValue]
        switch value {
        case .dictionary(let dictionary): pairs = try elements(of: try items(dictionary))
        case .list, .iterator, .undefined: pairs = try elements(of: value)
        default: return try make(Self.urlQuoted(try text(of: value), keepsSlash: true))
        }
        let parts = try pairs.map { pair in
            let both = try elements(of: pair)
            guard both.count == 2 else { throw fail("'urlencode' needs pairs") }
            return try both.map { Self.urlQuoted(try text(of: $0), keepsSlash: false) }.joined(separator: "=")
        }
        return try make(parts.joined(separator: "&"))
    }

    /// Percent signs and two digits for all bytes but letters, digits and `_.-~`; in a query, `+` for a blank.
    private static func urlQuoted(_ text: String, keepsSlash: Bool) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2E, 0x2D, 0x7E: return String(Unicode.Scalar(byte))
            case 0x2F where keepsSlash: return "/"
            case 0x20 where !keepsSlash: return "+"
            default: return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}

extension JinjaText {
    /// Runs of letters, digits and underscores.
    static func words(_ text: String) -> Int {
        var count = 0
        var isInWord = false
        for scalar in text.unicodeScalars {
            let belongs = scalar == "_" || hasProperty("isalnum", String(Character(scalar)))
            if belongs, !isInWord { count += 1 }
            isInWord = belongs
        }
        return count
    }
}
