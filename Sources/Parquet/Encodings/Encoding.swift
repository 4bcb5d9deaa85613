/// How a page's values are encoded (apache/parquet-format, Encodings.md).
enum Encoding: Int {
    case plain = 0
    case plainDictionary = 2
    case runLengths, bitPacked, deltaBinaryPacked, deltaLengthByteArray, deltaByteArray, dictionary, byteStreamSplit

    /// - Throws: ``Fault`` for a number that is not known.
    init(number: Int) throws {
        guard let known = Encoding(rawValue: number) else {
            throw Fault.unsupported("values in the unknown encoding \(number)")
        }
        self = known
    }

    /// In the words of the format.
    var name: String {
        switch self {
        case .plain: "PLAIN"
        case .plainDictionary: "PLAIN_DICTIONARY"
        case .runLengths: "RLE"
        case .bitPacked: "BIT_PACKED"
        case .deltaBinaryPacked: "DELTA_BINARY_PACKED"
        case .deltaLengthByteArray: "DELTA_LENGTH_BYTE_ARRAY"
        case .deltaByteArray: "DELTA_BYTE_ARRAY"
        case .dictionary: "RLE_DICTIONARY"
        case .byteStreamSplit: "BYTE_STREAM_SPLIT"
        }
    }

    var isDictionary: Bool { self == .dictionary || self == .plainDictionary }

    /// A reader of values of a type, other than those of a dictionary.
    /// - Throws: ``Fault`` for an encoding that the format does not have for the type.
    func values(_ bytes: PageBytes, _ type: PhysicalType) throws -> any ValueDecoder {
        switch (self, type) {
        case (.plain, .boolean): return PlainBooleans(bytes)
        case (.plain, .bytes): return PlainTexts(bytes)
        case (.plain, _): return PlainNumbers(bytes, type)
        case (.runLengths, .boolean): return try RunLengthBooleans(bytes)
        case (.deltaBinaryPacked, .int32), (.deltaBinaryPacked, .int64): return try DeltaIntegers(bytes, type)
        case (.deltaLengthByteArray, .bytes): return try DeltaLengthTexts(bytes)
        case (.deltaByteArray, .bytes), (.deltaByteArray, .fixed), (.deltaByteArray, .int96):
            return try DeltaTexts(bytes, length: type.width)
        case (.byteStreamSplit, .int32), (.byteStreamSplit, .int64), (.byteStreamSplit, .float),
            (.byteStreamSplit, .double), (.byteStreamSplit, .fixed):
            return try SplitStreams(bytes, type)
        case (.plainDictionary, _), (.runLengths, _), (.bitPacked, _), (.deltaBinaryPacked, _),
            (.deltaLengthByteArray, _), (.deltaByteArray, _), (.dictionary, _), (.byteStreamSplit, _):
            throw Fault.unsupported("\(type.name) values in the encoding \(name)")
        }
    }
}

/// Makes a page's values one by one.
protocol ValueDecoder: AnyObject {
    /// - Throws: ``Fault`` where the page has no more of them, or they are damaged.
    func next() throws -> RawValue
}
