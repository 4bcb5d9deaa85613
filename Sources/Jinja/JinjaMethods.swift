import Formats

/// `x.method(…)`: the methods of Python's dict, list and tuple; those of str are in `JinjaStringMethods`. What would
/// change a value is missing, as in the sandbox that transformers renders in.
enum JinjaMethods {
    private static let dictionaries: Set<String> = ["get", "items", "keys", "values", "copy", "fromkeys"]
    private static let lists: Set<String> = ["index", "count", "copy"]

    static func has(_ name: String, _ value: JinjaValue) -> Bool {
        switch value {
        case .string, .safe: JinjaStringMethods.signatures[name] != nil
        case .dictionary: dictionaries.contains(name)
        case .list(let list): list.kind.isIndexed && lists.contains(name) && (name != "copy" || list.kind == .list)
        case .loop: name == "cycle" || name == "changed"
        case .helper(let helper): JinjaHelper.hasMethod(name, helper.kind)
        case .float: name == "is_integer"
        case .function(.dict): name == "fromkeys"
        default: false
        }
    }

    /// Whether Python has it there, but the sandbox hides it because it changes the value.
    static func changes(_ name: String, _ value: JinjaValue) -> Bool {
        switch value {
        case .list(let list) where list.kind == .list:
            ["append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse"].contains(name)
        case .dictionary: ["pop", "clear", "update", "setdefault", "popitem"].contains(name)
        default: false
        }
    }
}

extension JinjaInterpreter {
    func callMethod(_ name: String, of receiver: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        try step(through: receiver)
        switch receiver {
        case .string(let text), .safe(let text): return try callMethod(name, receiver, text, arguments)
        case .loop(let loop):
            guard arguments.named.isEmpty else { throw fail("'\(name)' has no named arguments") }
            return try callMethod(name, loop, arguments.positional)
        case .dictionary(let dictionary): return try callMethod(name, dictionary, arguments)
        case .list(let list): return try callMethod(name, list, arguments)
        case .function: return try fromKeys(arguments)
        case .helper(let helper):
            try check(arguments, name, [])
            return helper.callMethod(name)
        case .float(let number):
            try check(arguments, name, [])
            return .bool(number.isFinite && number == number.rounded())
        default: throw fail("\(receiver.kind) has no method '\(name)'")
        }
    }

    private func callMethod(_ name: String, _ dictionary: JinjaDictionary, _ arguments: JinjaCallArguments) throws
        -> JinjaValue
    {
        if name == "fromkeys" { return try fromKeys(arguments) }
        try check(arguments, name, name == "get" ? ["key", "default?", "/"] : [])
        switch name {
        case "get":
            guard let key = arguments.value(0, "key") else { throw fail("'get' needs a key") }
            let found = try dictionary.members.first { try equal($0.key, key) }
            return found?.value ?? arguments.value(1, "default") ?? .none
        case "items": return try items(dictionary, .view("dict_items"))
        case "keys": return try makeList(dictionary.members.map(\.key), .view("dict_keys"))
        case "values": return try makeList(dictionary.members.map(\.value), .view("dict_values"))
        default: return .dictionary(dictionary)
        }
    }

    private func fromKeys(_ arguments: JinjaCallArguments) throws -> JinjaValue {
        try check(arguments, "fromkeys", ["iterable", "value?", "/"])
        let value = arguments.value(1, "value") ?? .none
        var members: [JinjaDictionary.Member] = []
        for key in try elements(of: arguments.positional[0])
        where try !members.contains(where: { try equal($0.key, key) }) {
            members.append((key, value))
        }
        return try makeDictionary(members)
    }

    func items(_ dictionary: JinjaDictionary, _ kind: JinjaList.Kind = .list) throws -> JinjaValue {
        try makeList(dictionary.members.map { try makeList([$0.key, $0.value], .tuple) }, kind)
    }

    private func callMethod(_ name: String, _ list: JinjaList, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        if name == "copy" {
            try check(arguments, name, [])
            return .list(list)
        }
        try check(arguments, name, name == "count" ? ["value", "/"] : ["value", "start?", "stop?", "/"])
        let value = arguments.positional[0]
        if name == "count" { return .integer(try list.elements.filter { try equal($0, value) }.count) }
        let bounds = try arguments.positional.dropFirst().map { bound in
            guard let number = bound.asInteger else { throw fail("'index' needs integers as borders") }
            return min(max(number < 0 ? number + list.elements.count : number, 0), list.elements.count)
        }
        let (start, stop) = (bounds.first ?? 0, bounds.dropFirst().first ?? list.elements.count)
        guard start <= stop, let index = try list.elements[start..<stop].firstIndex(where: { try equal($0, value) })
        else {
            throw fail("the list does not contain it")
        }
        return .integer(index)
    }
}
