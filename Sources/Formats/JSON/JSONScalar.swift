/// A value that is one JSON value: what the encoder and the decoder do not take apart.
protocol JSONScalar {
    /// Nil for a value that JSON cannot say.
    var json: JSONValue? { get }
    /// Nil for a value of another kind, or out of range.
    init?(json: JSONValue)
}

/// The place of an element in a list, or `super`.
struct PlaceKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    static let `super` = PlaceKey(stringValue: "super")

    init(stringValue: String) { (self.stringValue, intValue) = (stringValue, nil) }
    init(intValue: Int) { (stringValue, self.intValue) = ("\(intValue)", intValue) }
}

extension Bool: JSONScalar {
    var json: JSONValue? { .bool(self) }

    init?(json: JSONValue) {
        guard let value = json.asBool else { return nil }
        self = value
    }
}

extension String: JSONScalar {
    var json: JSONValue? { .string(self) }

    init?(json: JSONValue) {
        guard let value = json.asString else { return nil }
        self = value
    }
}

extension FixedWidthInteger where Self: JSONScalar {
    var json: JSONValue? { Int64(exactly: self).map { .integer($0) } }

    init?(json: JSONValue) {
        switch json {
        case .integer(let value): self.init(exactly: value)
        case .number(let value): self.init(exactly: value)
        case .null, .bool, .string, .array, .object: return nil
        }
    }
}

extension Int: JSONScalar {}
extension Int8: JSONScalar {}
extension Int16: JSONScalar {}
extension Int32: JSONScalar {}
extension Int64: JSONScalar {}
extension UInt: JSONScalar {}
extension UInt8: JSONScalar {}
extension UInt16: JSONScalar {}
extension UInt32: JSONScalar {}
extension UInt64: JSONScalar {}

extension Double: JSONScalar {
    var json: JSONValue? { JSONValue.shortest(self) }

    init?(json: JSONValue) {
        guard let value = json.asDouble else { return nil }
        self = value
    }
}

extension Float: JSONScalar {
    var json: JSONValue? { JSONValue.shortest(self) }

    /// Reads the decimal that was written: by way of the double next to it some would be rounded twice.
    init?(json: JSONValue) {
        guard let value = json.asDouble else { return nil }
        self.init("\(value)")
    }
}

extension JSONValue {
    /// The shortest decimal that reads back as `value`, without a fraction that is 0; nil for what is not finite.
    fileprivate static func shortest(_ value: some BinaryFloatingPoint & LosslessStringConvertible) -> JSONValue? {
        guard value.isFinite else { return nil }
        let text = value.description
        if text.hasSuffix(".0"), value != 0 || value.sign == .plus, let whole = Int64(text.dropLast(2)) {
            return .integer(whole)
        }
        return Double(text).map { .number($0) }
    }
}
