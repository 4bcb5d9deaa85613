import Formats

/// `text.method(…)`: the methods of Python's str.
enum JinjaStringMethods {
    /// Their parameters, as `check` takes them.
    static let signatures: [String: [String]] = {
        var signatures: [String: [String]] = [
            "strip": ["chars?", "/"], "lstrip": ["chars?", "/"], "rstrip": ["chars?", "/"],
            "split": ["sep?", "maxsplit?"], "rsplit": ["sep?", "maxsplit?"], "splitlines": ["keepends?"],
            "partition": ["sep", "/"], "rpartition": ["sep", "/"],
            "startswith": ["prefix", "start?", "end?", "/"], "endswith": ["suffix", "start?", "end?", "/"],
            "find": ["sub", "start?", "end?", "/"], "rfind": ["sub", "start?", "end?", "/"],
            "index": ["sub", "start?", "end?", "/"], "rindex": ["sub", "start?", "end?", "/"],
            "count": ["sub", "start?", "end?", "/"], "replace": ["old", "new", "count?", "/"],
            "join": ["iterable", "/"], "removeprefix": ["prefix", "/"], "removesuffix": ["suffix", "/"],
            "zfill": ["width", "/"], "center": ["width", "fillchar?", "/"], "ljust": ["width", "fillchar?", "/"],
            "rjust": ["width", "fillchar?", "/"], "expandtabs": ["tabsize?"], "encode": ["encoding?", "errors?"],
            "format": [], "format_map": [], "translate": ["table", "/"],
        ]
        for name in [
            "upper", "lower", "title", "capitalize", "casefold", "swapcase", "isdigit", "isdecimal", "isnumeric",
            "isalpha", "isalnum", "isspace", "isupper", "islower", "istitle", "isascii", "isprintable", "isidentifier",
        ] { signatures[name] = [] }
        return signatures
    }()
}

extension JinjaInterpreter {
    /// - Parameter receiver: the text as a value; what is made of a text that calls itself HTML does so too.
    func callMethod(_ name: String, _ receiver: JinjaValue, _ text: String, _ arguments: JinjaCallArguments) throws
        -> JinjaValue
    {
        if name == "format" || name == "format_map" { return try format(name, receiver, text, arguments) }
        try check(arguments, name, JinjaStringMethods.signatures[name] ?? [])
        func made(_ text: String) throws -> JinjaValue { receiver.sameKind(try charged(text)) }
        switch name {
        case "strip", "lstrip", "rstrip":
            let characters = try optionalText(arguments.value(0, "chars"), name)
            return try made(JinjaText.strip(text, characters, left: name != "rstrip", right: name != "lstrip"))
        case "split", "rsplit":
            return try makeTexts(split(name, text, arguments), like: receiver)
        case "splitlines":
            let keepsEnds = arguments.value(0, "keepends")?.isTrue ?? false
            return try makeTexts(JinjaText.splitLines(text, keepingEnds: keepsEnds), like: receiver)
        case "partition", "rpartition":
            let parts = try partition(name, text, try neededText(arguments.value(0, "sep"), name))
            return try makeTexts(parts, like: receiver, .tuple)
        case "startswith", "endswith": return try hasAffix(name, text, arguments)
        case "find", "rfind", "index", "rindex", "count": return try search(name, text, arguments)
        case "removeprefix", "removesuffix":
            return try made(removing(try neededText(arguments.positional.first, name), name, text))
        case "upper": return try made(text.uppercased())
        case "lower": return try made(JinjaText.lowercased(text))
        case "casefold": return try made(JinjaText.casefolded(text))
        case "capitalize": return try made(JinjaText.capitalize(text))
        case "swapcase": return try made(JinjaText.swapCase(text))
        case "title": return try made(JinjaText.title(text))
        case "encode", "translate": throw fail("'\(name)' of a string is not supported")
        default: return try callFilling(name, receiver, text, arguments)
        }
    }

    private func callFilling(
        _ name: String, _ receiver: JinjaValue, _ text: String, _ arguments: JinjaCallArguments
    ) throws -> JinjaValue {
        func escapedText(_ value: JinjaValue?) throws -> String {
            let text = try neededText(value, name)
            if case .safe = receiver, case .string = value { return Self.escapeHTML(text) }
            return text
        }
        switch name {
        case "replace":
            let (old, new) = (
                try neededText(arguments.value(0, "old"), name), try escapedText(arguments.value(1, "new"))
            )
            return receiver.sameKind(try replace(old, with: new, in: text, count: arguments.value(2, "count")))
        case "join":
            let parts = try elements(of: arguments.positional[0]).map { try escapedText($0) }
            return receiver.sameKind(try joined(parts, separator: text))
        case "zfill": return receiver.sameKind(try fill(text, width: try width(arguments, name)))
        case "center", "ljust", "rjust":
            let filler = try arguments.value(1, "fillchar").map { try neededText($0, name) } ?? " "
            guard let scalar = filler.unicodeScalars.first, filler.unicodeScalars.count == 1 else {
                throw fail("'\(name)' fills with one character")
            }
            return receiver.sameKind(try justified(text, name, width: try width(arguments, name), scalar))
        case "expandtabs":
            let size = try arguments.value(0, "tabsize").map { _ in try width(arguments, name) } ?? 8
            return receiver.sameKind(try expandTabs(text, size))
        default: return .bool(JinjaText.hasProperty(name, text))
        }
    }

    private func width(_ arguments: JinjaCallArguments, _ name: String) throws -> Int {
        guard let width = (arguments.positional.first ?? arguments.named.first?.value)?.asInteger else {
            throw fail("'\(name)' needs an integer")
        }
        guard width <= JinjaLimits.string else { throw fail("it produces too much text") }
        return width
    }

    private func format(
        _ name: String, _ receiver: JinjaValue, _ text: String, _ arguments: JinjaCallArguments
    ) throws -> JinjaValue {
        var values = arguments
        if name == "format_map" {
            guard values.named.isEmpty, values.positional.count == 1,
                case .dictionary(let dictionary) = values.positional[0]
            else { throw fail("'format_map' needs a mapping") }
            values = JinjaCallArguments()
            for member in dictionary.members {
                if let name = member.key.asString { values.named.append((name, member.value)) }
            }
        }
        if case .safe = receiver { return .safe(try stringFormat(text, values, isSafe: true)) }
        return .string(try stringFormat(text, values))
    }

    func neededText(_ value: JinjaValue?, _ user: String) throws -> String {
        guard let text = value?.asString else {
            throw fail("'\(user)' needs a string, not \(value?.kind ?? "nothing")")
        }
        return text
    }

    private func optionalText(_ value: JinjaValue?, _ user: String) throws -> String? {
        guard let value else { return nil }
        if case .none = value { return nil }
        return try neededText(value, user)
    }

    private func makeTexts(_ texts: [String], like receiver: JinjaValue, _ kind: JinjaList.Kind = .list) throws
        -> JinjaValue
    {
        try makeList(texts.map { receiver.sameKind(try charged($0)) }, kind)
    }

    func joined(_ texts: [String], separator: String) throws -> String {
        try charge(text: separator.utf8.count, times: texts.count - 1)
        return try charged(texts.joined(separator: separator))
    }

    private func split(_ name: String, _ text: String, _ arguments: JinjaCallArguments) throws -> [String] {
        let separator = try optionalText(arguments.value(0, "sep"), name)
        let most = arguments.value(1, "maxsplit") ?? .integer(-1)
        guard let most = most.asInteger else { throw fail("'\(name)' is limited by an integer, not \(most.kind)") }
        let limit = most < 0 ? Int.max : most
        guard let separator else {
            return name == "split"
                ? JinjaText.splitAtSpace(text, limit: limit) : JinjaText.splitAtSpaceFromEnd(text, limit: limit)
        }
        guard !separator.isEmpty else { throw fail("'\(name)' needs a separator that is not empty") }
        if name == "split" || most < 0 { return JinjaText.split(text, at: separator, limit: limit) }
        return JinjaText.splitFromEnd(text, at: separator, limit: limit)
    }

    private func partition(_ name: String, _ text: String, _ separator: String) throws -> [String] {
        guard !separator.isEmpty else { throw fail("'\(name)' needs a separator that is not empty") }
        let parts =
            name == "partition"
            ? JinjaText.split(text, at: separator, limit: 1) : JinjaText.splitFromEnd(text, at: separator, limit: 1)
        guard parts.count == 2 else { return name == "partition" ? [text, "", ""] : ["", "", text] }
        return [parts[0], separator, parts[1]]
    }

    /// The part of a text between `start` and `end`, and how many characters are before it; nil where that is no part
    /// at all.
    private func window(_ text: String, _ arguments: JinjaCallArguments, _ name: String) throws -> (String, Int)? {
        let bounds = arguments.positional.dropFirst()
        guard !bounds.isEmpty else { return (text, 0) }
        let scalars = Array(text.unicodeScalars)
        let places = try bounds.map { bound -> Int? in
            if case .none = bound { return nil }
            guard let number = bound.asInteger else { throw fail("'\(name)' needs integers as borders") }
            return number < 0 ? max(number + scalars.count, 0) : number
        }
        let start = places[0] ?? 0
        let end = min((places.count > 1 ? places[1] : nil) ?? scalars.count, scalars.count)
        return start <= end ? (String(scalars[start..<end]), start) : nil
    }

    private func hasAffix(_ name: String, _ text: String, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let affix = arguments.positional[0]
        var candidates = [affix]
        if case .list(let list) = affix, list.kind.isTuple { candidates = list.elements }
        let window = try window(text, arguments, name)
        for candidate in candidates {
            let candidate = try neededText(candidate, name)
            guard let (part, _) = window else { continue }
            if name == "startswith" ? JinjaText.hasPrefix(part, candidate) : JinjaText.hasSuffix(part, candidate) {
                return .bool(true)
            }
        }
        return .bool(false)
    }

    private func search(_ name: String, _ text: String, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let wanted = try neededText(arguments.positional[0], name)
        let isLast = name == "rfind" || name == "rindex"
        var found: Int?
        if let (part, start) = try window(text, arguments, name) {
            if name == "count" { return .integer(JinjaText.count(of: wanted, in: part)) }
            found = JinjaText.find(wanted, in: part, last: isLast).map { offset in
                start + String(decoding: Array(part.utf8)[..<offset], as: UTF8.self).unicodeScalars.count
            }
        } else if name == "count" {
            return .integer(0)
        }
        if found == nil, name.hasSuffix("index") { throw fail("the string does not contain it") }
        return .integer(found ?? -1)
    }

    func replace(_ old: String, with new: String, in text: String, count: JinjaValue?) throws -> String {
        let most = count ?? .integer(-1)
        guard let limit = most.asInteger else { throw fail("'replace' is limited by an integer, not \(most.kind)") }
        if old.isEmpty {
            let scalars = text.unicodeScalars.map { String(Character($0)) }
            let places = limit < 0 ? scalars.count + 1 : min(limit, scalars.count + 1)
            try charge(text: new.utf8.count, times: places)
            try charge(elements: scalars.count)
            let pieces = scalars.enumerated().map { ($0.offset < places ? new : "") + $0.element }
            return pieces.joined() + (places > scalars.count ? new : "")
        }
        let pieces = JinjaText.split(text, at: old, limit: limit < 0 ? .max : limit)
        try charge(text: new.utf8.count, times: pieces.count)
        return try charged(pieces.joined(separator: new))
    }

    private func removing(_ affix: String, _ name: String, _ text: String) -> String {
        let bytes = Array(text.utf8)
        if name == "removeprefix" {
            return JinjaText.hasPrefix(text, affix)
                ? String(decoding: bytes.dropFirst(affix.utf8.count), as: UTF8.self) : text
        }
        return JinjaText.hasSuffix(text, affix)
            ? String(decoding: bytes.dropLast(affix.utf8.count), as: UTF8.self) : text
    }

    private func fill(_ text: String, width: Int) throws -> String {
        let missing = width - text.unicodeScalars.count
        guard missing > 0 else { return text }
        let zeros = try repeated("0", missing)
        let isSigned = text.utf8.first == 0x2D || text.utf8.first == 0x2B
        let sign = isSigned ? String(text.unicodeScalars.prefix(1)) : ""
        return sign + zeros + String(text.unicodeScalars.dropFirst(isSigned ? 1 : 0))
    }

    /// `center`, `ljust` and `rjust`.
    func justified(_ text: String, _ name: String, width: Int, _ filler: Unicode.Scalar = " ") throws -> String {
        let missing = max(width - text.unicodeScalars.count, 0)
        // Python's odd blank goes to the left where the width is odd.
        let half = missing / 2 + (missing & width & 1)
        let left = name == "center" ? half : name == "rjust" ? missing : 0
        let fills = String(Character(filler))
        return try repeated(fills, left) + text + repeated(fills, missing - left)
    }

    private func expandTabs(_ text: String, _ size: Int) throws -> String {
        var result = ""
        var column = 0
        for scalar in text.unicodeScalars {
            if scalar == "\t" {
                let missing = size > 0 ? size - column % size : 0
                result += try repeated(" ", missing)
                column += missing
            } else {
                result.unicodeScalars.append(scalar)
                column = scalar == "\n" || scalar == "\r" ? 0 : column + 1
            }
        }
        return try charged(result)
    }
}
