import Compute
import Unpacking

/// A page of data: how many values, nulls and empty lists it has, and where they come from.
struct DataPage {
    let count: Int
    /// Nil where the level is always 0.
    let repetitions: RunLengths?
    let definitions: RunLengths?
    let values: PageValues
}

/// Where a page's values come from.
enum PageValues {
    /// It has only nulls and empty lists.
    case none
    case plain(any ValueDecoder)
    /// Places in the dictionary.
    case indices(RunLengths)
}

/// Unpacks a column chunk page by page.
final class PageReader {
    enum Page {
        case dictionary(any ValueDecoder, count: Int)
        case data(DataPage)
    }

    let file: MappedFile
    let chunk: ColumnChunk
    private let leaf: SchemaLeaf
    private let budget: Budget
    /// Nil for pages that are not packed.
    private let packing: Packing?
    /// Where the next page begins in the file.
    private var offset: Int
    /// How many were read, for errors.
    private(set) var page = 0
    private var pageBytes = 0
    private var dictionaryBytes = 0

    /// - Throws: ``Fault`` for a packing that is not read.
    init(_ file: MappedFile, _ chunk: ColumnChunk, _ leaf: SchemaLeaf, _ budget: Budget) throws {
        (self.file, self.chunk, self.leaf, self.budget) = (file, chunk, leaf, budget)
        packing = try Self.packing(chunk.codec)
        offset = chunk.bytes.lowerBound
    }

    /// What its pages take of the budget at present.
    var heldBytes: Int { pageBytes + dictionaryBytes }

    /// For what is made of the dictionary.
    func hold(more bytes: Int) throws {
        try budget.hold(bytes)
        dictionaryBytes += bytes
    }

    /// - Throws: ``Fault``, also where no page is left.
    func next() throws -> Page {
        page += 1
        guard offset < chunk.bytes.upperBound else {
            throw Fault.damaged("the column has fewer values than the footer says")
        }
        var reader = ThriftReader(file, offset..<chunk.bytes.upperBound)
        let header = try PageHeader(&reader)
        guard header.packedBytes <= chunk.bytes.upperBound - reader.offset else {
            throw Fault.damaged(
                "a page of \(header.packedBytes) bytes where \(chunk.bytes.upperBound - reader.offset) are left")
        }
        let body = UnsafeRawBufferPointer(
            rebasing: file.bytes[reader.offset..<(reader.offset + header.packedBytes)])
        offset = reader.offset + header.packedBytes
        if let checkSum = header.checkSum, crc32(body) != checkSum {
            throw Fault.damaged("the page's check sum is wrong")
        }
        budget.release(pageBytes)
        pageBytes = 0
        try budget.hold(header.unpackedBytes)
        pageBytes = header.unpackedBytes
        switch header.kind {
        case .dictionary(let values): return try dictionary(values, body, header)
        case .data(let values, let levels): return .data(try first(values, levels, body, header))
        case .dataV2(let values, let levels): return .data(try second(values, levels, body, header))
        }
    }

    // MARK: Pages

    private func dictionary(_ values: PageHeader.Values, _ body: UnsafeRawBufferPointer, _ header: PageHeader) throws
        -> Page
    {
        let encoding = try Encoding(number: values.encoding)
        guard encoding == .plain || encoding == .plainDictionary else {
            throw Fault.unsupported("a dictionary in the encoding \(encoding.name)")
        }
        guard leaf.type.physical != .boolean else { throw Fault.unsupported("a dictionary of booleans") }
        let bytes = PageBytes(try unpacked(body, to: header.unpackedBytes))
        return .dictionary(try Encoding.plain.values(bytes, leaf.type.physical), count: values.count)
    }

    private func first(
        _ values: PageHeader.Values, _ levels: PageHeader.LevelEncodings, _ body: UnsafeRawBufferPointer,
        _ header: PageHeader
    ) throws -> DataPage {
        var bytes = PageBytes(try unpacked(body, to: header.unpackedBytes))
        func runs(_ highest: Int, _ encoding: Int) throws -> RunLengths? {
            guard highest > 0 else { return nil }
            let encoding = try Encoding(number: encoding)
            guard encoding == .runLengths else { throw Fault.unsupported("levels in the encoding \(encoding.name)") }
            return RunLengths(try bytes.part(bytes.length()), width: Self.bits(highest))
        }
        let repetitions = try runs(leaf.repetition, levels.repetition)
        let definitions = try runs(leaf.definition, levels.definition)
        return DataPage(
            count: values.count, repetitions: repetitions, definitions: definitions,
            values: try self.values(values, bytes))
    }

    private func second(
        _ values: PageHeader.Values, _ levels: PageHeader.Levels, _ body: UnsafeRawBufferPointer, _ header: PageHeader
    ) throws -> DataPage {
        let levelBytes = levels.repetitionBytes + levels.definitionBytes
        guard levelBytes <= body.count, levelBytes <= header.unpackedBytes else {
            throw Fault.damaged("levels of \(levelBytes) bytes in a page of \(body.count)")
        }
        var bytes = PageBytes(Array(body.prefix(levelBytes)))
        let repetitions = try bytes.part(levels.repetitionBytes), definitions = bytes
        let rest = UnsafeRawBufferPointer(rebasing: body.dropFirst(levelBytes))
        let restBytes = header.unpackedBytes - levelBytes
        let unpackedRest = levels.isPacked ? try unpacked(rest, to: restBytes) : try plain(rest, restBytes)
        func runs(_ bytes: PageBytes, _ highest: Int) -> RunLengths? {
            highest > 0 ? RunLengths(bytes, width: Self.bits(highest)) : nil
        }
        return DataPage(
            count: values.count, repetitions: runs(repetitions, leaf.repetition),
            definitions: runs(definitions, leaf.definition), values: try self.values(values, PageBytes(unpackedRest)))
    }

    private func values(_ values: PageHeader.Values, _ bytes: PageBytes) throws -> PageValues {
        let encoding = try Encoding(number: values.encoding)
        var bytes = bytes
        guard bytes.remaining > 0 else { return .none }
        guard encoding.isDictionary else { return .plain(try encoding.values(bytes, leaf.type.physical)) }
        let width = Int(try bytes.integer(bytes: 1))
        guard width <= 32 else { throw Fault.damaged("places in a dictionary of \(width) bits") }
        return .indices(RunLengths(bytes, width: width))
    }

    /// Bits of numbers up to `highest`.
    private static func bits(_ highest: Int) -> Int { Int.bitWidth - highest.leadingZeroBitCount }

    // MARK: Packing

    private func plain(_ body: UnsafeRawBufferPointer, _ count: Int) throws -> [UInt8] {
        guard body.count == count else {
            throw Fault.damaged("a page of \(body.count) bytes, not packed, that should have \(count)")
        }
        return Array(body)
    }

    private func unpacked(_ body: UnsafeRawBufferPointer, to count: Int) throws -> [UInt8] {
        guard let packing else { return try plain(body, count) }
        if body.isEmpty, count == 0 { return [] }
        do {
            return try packing.unpack(body, count: count)
        } catch let fault as UnpackingFault {
            throw Fault.damaged(fault.what)
        }
    }

    /// parquet.thrift, CompressionCodec.
    private static func packing(_ codec: Int) throws -> Packing? {
        switch codec {
        case 0: return nil
        case 1: return .snappy
        case 2: return .gzip
        case 6: return .zstd
        case 3: throw unread("LZO")
        case 4: throw unread("Brotli")
        case 5, 7: throw unread("LZ4")
        default: throw unread("the unknown codec \(codec)")
        }
    }

    private static func unread(_ name: String) -> Fault {
        .unsupported("its pages are packed with \(name)", hint: "write it again with snappy, zstd or gzip")
    }
}
