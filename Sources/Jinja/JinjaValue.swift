import Formats

/// A value while a template is rendered. Strings are compared, cut and measured by Unicode scalars, as Python's are.
indirect enum JinjaValue {
    /// What a missing name or member gives: prints as nothing, is false, and fails with this message when used.
    case undefined(String)
    case none
    case bool(Bool)
    case integer(Int)
    case float(Double)
    case string(String)
    /// A string that says of itself that it is HTML (`| safe`): what is joined to it by `+` gets escaped.
    case safe(String)
    case list(JinjaList)
    case dictionary(JinjaDictionary)
    case iterator(JinjaIterator)
    case namespace(JinjaNamespace)
    case loop(JinjaLoop)
    case macro(JinjaClosure)
    case function(JinjaFunction)
    case method(JinjaValue, String)
    case helper(JinjaHelper)
}

struct JinjaList {
    var elements: [JinjaValue]
    /// Levels of nesting below and including this one.
    var depth: Int
    var kind = Kind.list

    enum Kind: Equatable {
        case list
        case tuple
        case range(start: Int, stop: Int, step: Int)
        /// What a dictionary's `keys()`, `values()` and `items()` give: it has a length, but no element has a number.
        case view(String)
        /// A tuple of `groupby`, whose two elements also have names.
        case group

        var isTuple: Bool { self == .tuple || self == .group }
        /// By number and by slices.
        var isIndexed: Bool { if case .view = self { false } else { true } }
    }
}

struct JinjaDictionary {
    typealias Member = (key: JinjaValue, value: JinjaValue)
    var members: [Member]
    var depth: Int

    subscript(key: String) -> JinjaValue? {
        members.first { member in
            member.key.asString?.hasSameBytes(as: key) ?? false
        }?.value
    }
}

/// A mutable thing in a template: `namespace(…)`, whose members outlive loops.
final class JinjaNamespace {
    var members: [(name: String, value: JinjaValue)] = []

    subscript(name: String) -> JinjaValue? {
        get { members.first { $0.name.hasSameBytes(as: name) }?.value }
        set {
            guard let newValue else { return }
            if let index = members.firstIndex(where: { $0.name.hasSameBytes(as: name) }) {
                members[index].value = newValue
            } else {
                members.append((name, newValue))
            }
        }
    }
}

/// A macro with the variables around it.
final class JinjaClosure {
    let macro: JinjaMacro
    let scope: JinjaScope

    init(macro: JinjaMacro, scope: JinjaScope) {
        self.macro = macro
        self.scope = scope
    }
}

final class JinjaScope {
    var variables: [String: JinjaValue]
    private let parent: JinjaScope?

    init(_ variables: [String: JinjaValue] = [:], parent: JinjaScope?) {
        self.variables = variables
        self.parent = parent
    }

    /// Names are ASCII, so that String equality is byte equality.
    func find(_ name: String) -> JinjaValue? {
        var scope: JinjaScope? = self
        while let here = scope {
            if let value = here.variables[name] { return value }
            scope = here.parent
        }
        return nil
    }
}

extension JinjaValue {
    init(_ literal: JinjaLiteral) {
        self =
            switch literal {
            case .none: .none
            case .bool(let value): .bool(value)
            case .integer(let value): .integer(value)
            case .float(let value): .float(value)
            case .string(let value): .string(value)
            }
    }

    /// Nil for JSON nested beyond the limit.
    init?(_ json: JSONValue) {
        switch json {
        case .null: self = .none
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(Int(value))
        case .number(let value): self = .float(value)
        case .string(let value): self = .string(value)
        case .array(let values):
            let elements = values.compactMap { JinjaValue($0) }
            guard elements.count == values.count, let list = JinjaValue(list: elements) else { return nil }
            self = list
        case .object(let object):
            let members = object.members.compactMap { member in
                JinjaValue(member.value).map { (key: JinjaValue.string(member.key), value: $0) }
            }
            guard members.count == object.count, let dictionary = JinjaValue(dictionary: members) else { return nil }
            self = dictionary
        }
    }

    /// Nil when nested beyond the limit, or when an element is no plain value.
    init?(list elements: [JinjaValue], kind: JinjaList.Kind = .list) {
        guard let depth = Self.depth(over: elements) else { return nil }
        self = .list(JinjaList(elements: elements, depth: depth, kind: kind))
    }

    init?(dictionary members: [JinjaDictionary.Member]) {
        guard let depth = Self.depth(over: members.lazy.map(\.value)) else { return nil }
        self = .dictionary(JinjaDictionary(members: members, depth: depth))
    }

    private static func depth(over values: some Sequence<JinjaValue>) -> Int? {
        var depth = 0
        for value in values {
            guard let inner = value.nesting else { return nil }
            depth = max(depth, inner)
        }
        return depth < JinjaLimits.valueDepth ? depth + 1 : nil
    }

    /// Levels of lists in a value. Namespaces and macros count as none: the interpreter holds them all until the end,
    /// so that no chain of them is ever freed by recursion. Nil for loops, which containers may not hold: chains of
    /// them could grow without bound.
    var nesting: Int? {
        switch self {
        case .undefined, .none, .bool, .integer, .float, .string, .safe, .function, .namespace, .macro: 0
        case .list(let list): list.depth
        case .dictionary(let dictionary): dictionary.depth
        case .iterator(let iterator): iterator.depth
        case .method(let receiver, _): receiver.nesting.map { $0 + 1 }
        case .helper(let helper): helper.depth
        case .loop: nil
        }
    }

    var isTrue: Bool {
        switch self {
        case .undefined, .none: false
        case .bool(let value): value
        case .integer(let value): value != 0
        case .float(let value): value != 0
        case .string(let text), .safe(let text): !text.isEmpty
        case .list(let list): !list.elements.isEmpty
        case .dictionary(let dictionary): !dictionary.members.isEmpty
        case .iterator, .namespace, .loop, .macro, .function, .method, .helper: true
        }
    }

    var isUndefined: Bool { if case .undefined = self { true } else { false } }

    var asString: String? {
        switch self {
        case .string(let text), .safe(let text): text
        default: nil
        }
    }

    /// Python counts booleans among the integers.
    var asInteger: Int? {
        switch self {
        case .integer(let value): value
        case .bool(let value): value ? 1 : 0
        default: nil
        }
    }

    var asNumber: Double? {
        if case .float(let value) = self { return value }
        return asInteger.map(Double.init)
    }

    /// Its kind in messages.
    var kind: String {
        switch self {
        case .undefined: "an undefined value"
        case .none: "none"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .float: "a float"
        case .string, .safe: "a string"
        case .list(let list): list.kind.isTuple ? "a tuple" : "a list"
        case .dictionary: "a mapping"
        case .iterator: "a sequence without | list"
        case .namespace, .helper: "a namespace"
        case .loop: "a loop"
        case .macro: "a macro"
        case .function, .method: "a function"
        }
    }
}
