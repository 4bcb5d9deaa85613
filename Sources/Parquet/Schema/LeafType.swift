/// How a leaf's values are stored, and what they mean.
struct LeafType: Sendable {
    let physical: PhysicalType
    var meaning: Meaning

    enum Meaning: Equatable, Sendable {
        case boolean, float16, float, double, text, bytes, uuid, date, null
        /// Bytes of any length of which nothing is said.
        case unmarked
        case signed(bits: Int)
        case unsigned(bits: Int)
        case decimal(scale: Int)
        case time(Annotation.Unit)
        case timestamp(Annotation.Unit, isUTC: Bool)
        /// INT96: nanoseconds of a day, and the day's Julian number.
        case julianTimestamp
        /// Not read; why.
        case refused(String)
    }

    init(_ physical: PhysicalType, _ annotation: Annotation?) {
        self.physical = physical
        guard let annotation else {
            meaning = Self.plain(physical)
            return
        }
        if let known = Self.meaning(annotation, of: physical) {
            meaning = known
        } else {
            meaning = .refused("\(physical.name) values of the kind \(Self.name(annotation))")
        }
    }

    private static func plain(_ physical: PhysicalType) -> Meaning {
        switch physical {
        case .boolean: .boolean
        case .int32: .signed(bits: 32)
        case .int64: .signed(bits: 64)
        case .int96: .julianTimestamp
        case .float: .float
        case .double: .double
        case .bytes: .unmarked
        case .fixed: .bytes
        }
    }

    /// Nil for a pair that the format does not know.
    private static func meaning(_ annotation: Annotation, of physical: PhysicalType) -> Meaning? {
        let isInteger = physical == .int32 || physical == .int64
        let isBytes = if case .fixed = physical { true } else { physical == .bytes }
        switch annotation {
        case .string: return isBytes ? .text : nil
        case .bson: return isBytes ? .bytes : nil
        case .decimal(let scale):
            return (isInteger || isBytes) && (0...1000).contains(scale) ? .decimal(scale: scale) : nil
        case .date: return physical == .int32 ? .date : nil
        case .time(.milli): return physical == .int32 ? .time(.milli) : nil
        case .time(let unit): return physical == .int64 ? .time(unit) : nil
        case .timestamp(let unit, let isUTC): return physical == .int64 ? .timestamp(unit, isUTC: isUTC) : nil
        case .integer(let bits, let isSigned):
            guard [8, 16, 32].contains(bits) ? physical == .int32 : bits == 64 && physical == .int64 else { return nil }
            return isSigned ? .signed(bits: bits) : .unsigned(bits: bits)
        case .uuid: return physical == .fixed(16) ? .uuid : nil
        case .float16: return physical == .fixed(2) ? .float16 : nil
        case .null: return .null
        case .list, .map, .mapEntries, .unread: return nil
        }
    }

    private static func name(_ annotation: Annotation) -> String {
        switch annotation {
        case .unread(let name): name
        case .decimal(let scale): "DECIMAL with \(scale) digits after the point"
        case .integer(let bits, _): "INTEGER of \(bits) bits"
        case .string: "STRING"
        case .bson: "BSON"
        case .date: "DATE"
        case .time: "TIME"
        case .timestamp: "TIMESTAMP"
        case .uuid: "UUID"
        case .float16: "FLOAT16"
        case .null: "UNKNOWN"
        case .list: "LIST"
        case .map, .mapEntries: "MAP"
        }
    }
}
