/// A JSON value that keeps what Foundation's parsers lose: whether a number was written as an integer, the
/// order of members, and keys that differ only by canonical equivalence (a vocabulary has such pairs).
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    /// A number without fraction or exponent that fits; larger ones become ``number(_:)``.
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

/// The members of a JSON object in file order. Keys are unique by their bytes.
package struct JSONObject: Sendable {
    /// A key and its value.
    package typealias Member = (key: String, value: JSONValue)
    /// In the order in which they were read or added; no key twice.
    package private(set) var members: [Member]

    /// Without members.
    package init() { members = [] }

    /// Members whose keys the caller knows to be unique.
    package init(_ members: [Member]) { self.members = members }

    /// How many members.
    package var count: Int { members.count }

    /// Linear in the number of members; a vocabulary is walked, not looked up here.
    /// Setting replaces or appends; setting nil removes.
    package subscript(key: String) -> JSONValue? {
        get { members.first { $0.key.hasSameBytes(as: key) }?.value }
        set {
            let index = members.firstIndex { $0.key.hasSameBytes(as: key) }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append((key, value))
            case (nil, nil): break
            }
        }
    }
}

extension JSONValue {
    /// Nil for anything but a flag.
    package var asBool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// Nil for anything but a text.
    package var asString: String? { if case .string(let value) = self { value } else { nil } }
    /// Nil for anything but an array.
    package var asArray: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    /// Nil for anything but an object.
    package var asObject: JSONObject? { if case .object(let value) = self { value } else { nil } }
    /// Whether it is `null`, which is not the same as a key that is missing.
    package var isNull: Bool { if case .null = self { true } else { false } }

    /// An integer, also when written `8.0`.
    package var asInt: Int? {
        switch self {
        case .integer(let value): Int(value)
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// A number, whole or not; nil for anything else.
    package var asDouble: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The member of an object; nil when absent or when this is no object.
    package subscript(key: String) -> JSONValue? { asObject?[key] }

    /// What kind of value this is, for error messages.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// A float as the shortest decimal that reads back as the same `Float`.
    package static func float(_ value: Float) -> JSONValue { .number(Double("\(value)") ?? Double(value)) }
}

extension JSONValue: Equatable {
    /// Strings and keys are equal when their bytes are; the order of members counts.
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.string(let a), .string(let b)): a.hasSameBytes(as: b)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        default: false
        }
    }
}

extension JSONObject: Equatable {
    /// The same members in any order.
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.elementsEqual(right.members) { $0.key.hasSameBytes(as: $1.key) && $0.value == $1.value }
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    package init(nilLiteral: ()) { self = .null }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(stringLiteral value: String) { self = .string(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.map { (key: $0.0, value: $0.1) }))
    }
}
