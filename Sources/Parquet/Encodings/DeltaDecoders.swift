/// DELTA_BINARY_PACKED integers.
final class DeltaIntegers: ValueDecoder {
    private var numbers: DeltaNumbers
    private let type: PhysicalType

    init(_ bytes: PageBytes, _ type: PhysicalType) throws {
        numbers = try DeltaNumbers(bytes)
        self.type = type
    }

    func next() throws -> RawValue {
        let bits = UInt64(bitPattern: try numbers.next())
        return .bits(type == .int32 ? signExtended(bits) : bits)
    }
}

/// DELTA_LENGTH_BYTE_ARRAY: all lengths, then all texts.
final class DeltaLengthTexts: ValueDecoder {
    private var lengths: DeltaNumbers
    private var texts: PageBytes

    init(_ bytes: PageBytes) throws {
        lengths = try DeltaNumbers(bytes)
        texts = try lengths.rest()
    }

    func next() throws -> RawValue { .bytes(try nextText()) }

    func nextText() throws -> ArraySlice<UInt8> {
        let length = try lengths.next()
        guard length >= 0 else { throw Fault.damaged("a text of \(length) bytes") }
        return try texts.take(Int(length))
    }
}

/// DELTA_BYTE_ARRAY: how much each text has in common with the one before, then the rest of each.
final class DeltaTexts: ValueDecoder {
    private var prefixes: DeltaNumbers
    private let suffixes: DeltaLengthTexts
    private var text: [UInt8] = []
    /// What each must have, for bytes of a fixed number.
    private let length: Int?

    init(_ bytes: PageBytes, length: Int?) throws {
        prefixes = try DeltaNumbers(bytes)
        suffixes = try DeltaLengthTexts(try prefixes.rest())
        self.length = length
    }

    func next() throws -> RawValue {
        let prefix = try prefixes.next()
        guard prefix >= 0, prefix <= text.count else {
            throw Fault.damaged("a text shares \(prefix) bytes with one of \(text.count)")
        }
        text.removeLast(text.count - Int(prefix))
        text += try suffixes.nextText()
        guard length == nil || text.count == length else {
            throw Fault.damaged("a value of \(text.count) bytes where each has \(length ?? 0)")
        }
        return .bytes(text[...])
    }
}
