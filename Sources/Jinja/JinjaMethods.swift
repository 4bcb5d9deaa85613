import Formats

/// `x.method(…)`: the methods of Python's str, dict and list that templates use. Those that change a value
/// are refused, as in the sandbox that transformers renders in.
enum JinjaMethods {
    private static let strings: Set<String> = [
        "strip", "lstrip", "rstrip", "split", "rsplit", "splitlines", "startswith", "endswith", "upper", "lower",
        "title",
        "capitalize", "replace", "join", "find", "rfind", "count", "removeprefix", "removesuffix", "zfill", "isdigit",
        "isnumeric", "isalpha", "isalnum", "isspace", "isupper", "islower",
    ]
    private static let dictionaries: Set<String> = ["get", "items", "keys", "values", "copy"]
    private static let lists: Set<String> = ["index", "count", "copy"]
    private static let changing: Set<String> = [
        "append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse", "update", "setdefault", "popitem",
    ]

    static func has(_ name: String, _ value: JinjaValue) -> Bool {
        switch value {
        case .string: strings.contains(name)
        case .dictionary:
            dictionaries.contains(name) || ["pop", "clear", "update", "setdefault", "popitem"].contains(name)
        case .list(let list):
            list.kind != .lazy
                && (lists.contains(name)
                    || (changing.contains(name) && !["update", "setdefault", "popitem"].contains(name)))
        case .loop: name == "cycle" || name == "changed"
        default: false
        }
    }

    static func changes(_ name: String) -> Bool { changing.contains(name) }
}

extension JinjaInterpreter {
    func callMethod(_ name: String, of receiver: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        try step()
        switch receiver {
        case .string(let text): return try callMethod(name, text, arguments)
        case .loop(let loop): return try callMethod(name, loop, arguments.positional)
        case .dictionary(let dictionary) where !JinjaMethods.changes(name):
            return try callMethod(name, dictionary, arguments)
        case .list(let list) where !JinjaMethods.changes(name): return try callMethod(name, list, arguments)
        default: throw fail("'\(name)' would change a value, which templates may not")
        }
    }

    private func callMethod(_ name: String, _ dictionary: JinjaDictionary, _ arguments: JinjaCallArguments) throws
        -> JinjaValue
    {
        switch name {
        case "get":
            guard let key = arguments.value(0, "key") else { throw fail("'get' needs a key") }
            let found = try dictionary.members.first { try equal($0.key, key) }
            return found?.value ?? arguments.value(1, "default") ?? .none
        case "items": return try items(dictionary)
        case "keys": return try makeList(dictionary.members.map(\.key))
        case "values": return try makeList(dictionary.members.map(\.value))
        default: return .dictionary(dictionary)
        }
    }

    func items(_ dictionary: JinjaDictionary, _ kind: JinjaList.Kind = .list) throws -> JinjaValue {
        try makeList(dictionary.members.map { try makeList([$0.key, $0.value], .tuple) }, kind)
    }

    private func callMethod(_ name: String, _ list: JinjaList, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        if name == "copy" { return .list(list) }
        guard let value = arguments.positional.first else { throw fail("'\(name)' needs an argument") }
        if name == "count" { return .integer(try list.elements.filter { try equal($0, value) }.count) }
        guard let index = try list.elements.firstIndex(where: { try equal($0, value) }) else {
            throw fail("the list does not contain it")
        }
        return .integer(index)
    }

    private func callMethod(_ name: String, _ loop: JinjaLoop, _ arguments: [JinjaValue]) throws -> JinjaValue {
        if name == "cycle" {
            guard !arguments.isEmpty else { throw fail("'cycle' needs values") }
            return arguments[loop.index % arguments.count]
        }
        defer { loop.lastChecked = arguments }
        guard let last = loop.lastChecked, last.count == arguments.count else { return .bool(true) }
        return .bool(try zip(last, arguments).contains { !(try equal($0, $1)) })
    }

    // MARK: Strings

    private func callMethod(_ name: String, _ text: String, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        switch name {
        case "strip", "lstrip", "rstrip":
            let characters = try optionalText(arguments.value(0, "chars"), name)
            return try make(JinjaText.strip(text, characters, left: name != "rstrip", right: name != "lstrip"))
        case "split", "rsplit": return try split(name, text, arguments)
        case "splitlines":
            return try makeTexts(
                JinjaText.splitLines(text, keepingEnds: arguments.value(0, "keepends")?.isTrue ?? false))
        case "startswith", "endswith": return try hasAffix(name, text, arguments)
        case "replace":
            let (old, new) = (
                try neededText(arguments.value(0, "old"), name), try neededText(arguments.value(1, "new"), name)
            )
            return .string(try replace(old, with: new, in: text, count: arguments.value(2, "count")))
        case "join":
            guard let sequence = arguments.positional.first else { throw fail("'join' needs a list") }
            return try join(try elements(of: sequence).map { try neededText($0, name) }, separator: text)
        case "find", "rfind", "count": return try search(name, text, try neededText(arguments.positional.first, name))
        case "removeprefix", "removesuffix":
            let affix = try neededText(arguments.positional.first, name)
            return try make(removing(affix, name, text))
        case "zfill": return try fill(text, width: arguments.positional.first?.asInteger ?? 0)
        case "upper": return try make(text.uppercased())
        case "lower": return try make(text.lowercased())
        case "capitalize": return try make(JinjaText.capitalize(text))
        case "title": return try make(JinjaText.title(text, capital: \.titlecaseMapping) { !$0.properties.isCased })
        default: return .bool(hasProperty(name, text))
        }
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

    func makeTexts(_ texts: [String]) throws -> JinjaValue { try makeList(texts.map { try make($0) }) }

    func join(_ texts: [String], separator: String) throws -> JinjaValue {
        let separators = separator.utf8.count.multipliedReportingOverflow(by: max(texts.count - 1, 0))
        try charge(separators.overflow ? .max : separators.partialValue)
        return try make(texts.joined(separator: separator))
    }

    private func split(_ name: String, _ text: String, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let separator = try optionalText(arguments.value(0, "sep"), name)
        let limit = arguments.value(1, "maxsplit")?.asInteger ?? -1
        guard let separator else {
            if name == "rsplit", limit >= 0 { throw fail("'rsplit' at white space with a limit is not supported") }
            return try makeTexts(JinjaText.splitAtSpace(text, limit: limit < 0 ? .max : limit))
        }
        guard !separator.isEmpty else { throw fail("'\(name)' needs a separator that is not empty") }
        if name == "split" || limit < 0 {
            return try makeTexts(JinjaText.split(text, at: separator, limit: limit < 0 ? .max : limit))
        }
        let pieces = JinjaText.split(text, at: separator, limit: .max)
        let kept = max(pieces.count - limit, 1)
        return try makeTexts([pieces.prefix(kept).joined(separator: separator)] + pieces.dropFirst(kept))
    }

    private func hasAffix(_ name: String, _ text: String, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        guard let affix = arguments.positional.first else { throw fail("'\(name)' needs a string") }
        let candidates: [JinjaValue] = if case .list(let list) = affix { list.elements } else { [affix] }
        for candidate in candidates {
            let candidate = try neededText(candidate, name)
            if name == "startswith" ? JinjaText.hasPrefix(text, candidate) : JinjaText.hasSuffix(text, candidate) {
                return .bool(true)
            }
        }
        return .bool(false)
    }

    func replace(_ old: String, with new: String, in text: String, count: JinjaValue?) throws -> String {
        let limit = count?.asInteger ?? -1
        if old.isEmpty {
            let scalars = text.unicodeScalars.map { String(Character($0)) }
            let most = limit < 0 ? scalars.count + 1 : min(limit, scalars.count + 1)
            let total = new.utf8.count.multipliedReportingOverflow(by: most)
            try charge(total.overflow ? .max : total.partialValue)
            let pieces = scalars.enumerated().map { ($0.offset < most ? new : "") + $0.element }
            return pieces.joined() + (most > scalars.count ? new : "")
        }
        let pieces = JinjaText.split(text, at: old, limit: limit < 0 ? .max : limit)
        let total = new.utf8.count.multipliedReportingOverflow(by: pieces.count)
        try charge(total.overflow ? .max : total.partialValue)
        let result = pieces.joined(separator: new)
        try charge(result.utf8.count)
        return result
    }

    private func search(_ name: String, _ text: String, _ part: String) throws -> JinjaValue {
        let bytes = Array(text.utf8)
        if part.isEmpty {
            let length = text.unicodeScalars.count
            return .integer(name == "find" ? 0 : name == "rfind" ? length : length + 1)
        }
        if name == "count" {
            return .integer(JinjaText.occurrences(of: Array(part.utf8), in: bytes, limit: .max).count)
        }
        var found = JinjaText.find(part, in: text)
        while name == "rfind", let here = found, let next = JinjaText.find(part, in: text, from: here + 1) {
            try step()
            found = next
        }
        guard let found else { return .integer(-1) }
        return .integer(String(decoding: bytes[..<found], as: UTF8.self).unicodeScalars.count)
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

    private func fill(_ text: String, width: Int) throws -> JinjaValue {
        let missing = width - text.unicodeScalars.count
        guard missing > 0 else { return .string(text) }
        let zeros = try repeated("0", missing)
        let isSigned = text.utf8.first == 0x2D || text.utf8.first == 0x2B
        return try make(
            isSigned
                ? String(text.unicodeScalars.prefix(1)) + zeros + String(text.unicodeScalars.dropFirst()) : zeros + text
        )
    }

    private func hasProperty(_ name: String, _ text: String) -> Bool {
        guard !text.isEmpty else { return false }
        func all(_ holds: (Unicode.Scalar.Properties) -> Bool) -> Bool {
            text.unicodeScalars.allSatisfy { holds($0.properties) }
        }
        func isLetter(_ properties: Unicode.Scalar.Properties) -> Bool {
            switch properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
            default: false
            }
        }
        switch name {
        case "isdigit": return all { $0.numericType == .decimal || $0.numericType == .digit }
        case "isnumeric": return all { $0.numericType != nil }
        case "isalpha": return all(isLetter)
        case "isalnum": return all { isLetter($0) || $0.numericType != nil }
        case "isspace": return text.unicodeScalars.allSatisfy(isPythonSpace)
        default:
            guard text.unicodeScalars.contains(where: { $0.properties.isCased }) else { return false }
            return text.hasSameBytes(as: name == "isupper" ? text.uppercased() : text.lowercased())
        }
    }
}
