/// A metadata value. Strings are bytes: a vocabulary's tokens need not be valid UTF-8, and tokens that
/// differ only by canonical equivalence must not meet as Swift strings.
package enum GGUFValue: Sendable, Equatable {
    case integer(Int64)
    /// An unsigned 64-bit integer beyond `Int64`.
    case unsigned(UInt64)
    case float(Double)
    case bool(Bool)
    case string([UInt8])
    case integers([Int64])
    case floats([Double])
    case bools([Bool])
    case strings([[UInt8]])

    /// Nil for anything but a whole number.
    package var asInt: Int? { if case .integer(let value) = self { Int(value) } else { nil } }
    /// Nil for anything but a flag.
    package var asBool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// A text's bytes, which need not be UTF-8; nil for anything else.
    package var asBytes: [UInt8]? { if case .string(let value) = self { value } else { nil } }
    /// A string that is valid UTF-8.
    package var asString: String? { asBytes.flatMap { String(validating: $0, as: UTF8.self) } }
    /// Nil for anything but an array of whole numbers.
    package var asIntegers: [Int64]? { if case .integers(let value) = self { value } else { nil } }
    /// Nil for anything but an array of floating-point numbers.
    package var asFloats: [Double]? { if case .floats(let value) = self { value } else { nil } }
    /// Nil for anything but an array of texts, as bytes.
    package var asStrings: [[UInt8]]? { if case .strings(let value) = self { value } else { nil } }

    /// A number of either kind; nil for anything else.
    package var asDouble: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .float(let value): value
        default: nil
        }
    }

    /// The value on one line, arrays as their length and kind.
    package var summary: String {
        switch self {
        case .integer(let value): "\(value)"
        case .unsigned(let value): "\(value)"
        case .float(let value): "\(value)"
        case .bool(let value): "\(value)"
        case .string(let value): String(decoding: value, as: UTF8.self)
        case .integers(let values): "\(values.count) integers"
        case .floats(let values): "\(values.count) numbers"
        case .bools(let values): "\(values.count) booleans"
        case .strings(let values): "\(values.count) strings"
        }
    }
}
