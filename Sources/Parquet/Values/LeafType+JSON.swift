import Formats

extension LeafType {
    /// A value as JSON says it, exactly. What JSON has no word for becomes text:
    ///
    /// | Parquet | JSON |
    /// |---|---|
    /// | BOOLEAN | a boolean |
    /// | integers, unsigned ones, DECIMAL without a fraction | an integer; beyond 64 bits its digits as text |
    /// | DECIMAL with a fraction | text with all its digits: `"12.50"` |
    /// | FLOAT16, FLOAT | the shortest decimal that reads back as the same value; NaN and infinity stay |
    /// | DOUBLE | the number; NaN and infinity stay |
    /// | STRING, ENUM, JSON | text, which must be UTF-8 |
    /// | BYTE_ARRAY without a meaning | text where it is valid UTF-8, else an object of one member, `base64` |
    /// | FIXED_LEN_BYTE_ARRAY without a meaning, BSON | base64 (RFC 4648) |
    /// | UUID | its 36 characters |
    /// | DATE, TIME, TIMESTAMP, INT96 | ISO 8601 with the digits of its unit; `Z` where it is of UTC |
    /// | UNKNOWN | null |
    ///
    /// - Throws: ``Fault`` for a value that its type does not have.
    func json(_ raw: RawValue) throws -> JSONValue {
        switch raw {
        case .bits(let bits): try json(bits: bits)
        case .bytes(let bytes): try json(bytes: bytes)
        }
    }

    private func json(bits: UInt64) throws -> JSONValue {
        let value = Int64(bitPattern: bits)
        switch meaning {
        case .boolean: return .bool(bits != 0)
        case .float: return .float(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case .double: return .number(Double(bitPattern: bits))
        case .signed(let width):
            guard width == 64 || -(1 << (width - 1))..<(1 << (width - 1)) ~= value else {
                throw Fault.damaged("\(value) is no integer of \(width) bits")
            }
            return .integer(value)
        case .unsigned(64): return Int64(exactly: bits).map { .integer($0) } ?? .string("\(bits)")
        case .unsigned(let width):
            let unsigned = Int64(UInt32(truncatingIfNeeded: bits))
            guard unsigned < 1 << width else { throw Fault.damaged("\(unsigned) is no integer of \(width) bits") }
            return .integer(unsigned)
        case .decimal(let scale):
            return DecimalText.json(digits: "\(value.magnitude)", isNegative: value < 0, scale: scale)
        case .date: return .string(CivilTime.date(days: Int(value)))
        case .time(let unit): return .string(try CivilTime.time(Int(value), unit))
        case .timestamp(let unit, let isUTC): return .string(CivilTime.timestamp(Int(value), unit, isUTC: isUTC))
        case .null: throw Fault.damaged("a value in a column of the kind UNKNOWN, which has only nulls")
        case .text, .bytes, .unmarked, .uuid, .float16, .julianTimestamp, .refused: throw mismatch
        }
    }

    private func json(bytes: ArraySlice<UInt8>) throws -> JSONValue {
        switch meaning {
        case .text:
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw Fault.damaged("a text that is not valid UTF-8")
            }
            return .string(text)
        case .bytes: return .string(Base64.text(bytes))
        case .unmarked:
            // Older writers do not mark texts. What is none must not pass for one.
            if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
            return .object(JSONObject([("base64", .string(Base64.text(bytes)))]))
        case .uuid: return .string(Self.uuidText(bytes))
        case .decimal(let scale): return try DecimalText.json(bigEndian: bytes, scale: scale)
        case .float16:
            let half = Float16(bitPattern: bytes.reversed().reduce(0) { $0 << 8 | UInt16($1) })
            guard half.isFinite, let number = Double("\(half)") else { return .number(Double(half)) }
            return .number(number)
        case .julianTimestamp: return .string(try CivilTime.julianTimestamp(Array(bytes)))
        case .null: throw Fault.damaged("a value in a column of the kind UNKNOWN, which has only nulls")
        case .boolean, .signed, .unsigned, .float, .double, .date, .time, .timestamp, .refused: throw mismatch
        }
    }

    private var mismatch: Fault { .damaged("a value of \(physical.name) that its type does not have") }

    private static func uuidText(_ bytes: ArraySlice<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: text, as: UTF8.self)
    }
}

enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(_ bytes: ArraySlice<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let three = bytes[start..<min(start + 3, bytes.endIndex)]
            let bits = three.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - three.count))
            for place in 0..<4 {
                text.append(place <= three.count ? digits[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
            start += 3
        }
        return String(decoding: text, as: UTF8.self)
    }
}
