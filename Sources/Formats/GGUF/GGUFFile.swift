import Compute

/// A GGUF file (version 3, little-endian), checked before it is trusted: counts against the bytes that
/// remain, sizes against shapes, offsets against alignment, overlap and the file's end.
package final class GGUFFile: TensorContainer {
    /// The map that the tensors lie in.
    package let file: MappedFile
    /// In file order, shapes reversed into Hugging Face order.
    package let tensors: [TensorEntry]
    /// Keys are unique.
    package let metadata: [String: GGUFValue]
    /// The metadata's keys in file order.
    package let keys: [String]

    private static let defaultAlignment = 32
    private static let alignmentLimit = 1 << 20

    /// - Throws: ``FormatsError`` naming the file and the byte or tensor; `ComputeError` when it cannot be read.
    package init(path: String) throws {
        let file = try MappedFile(path: path)
        try StandIn.refuseEmpty(file)
        var cursor = GGUFCursor(file)
        let tensorCount = try Self.readPreamble(&cursor)
        (keys, metadata) = try Self.readMetadata(&cursor)
        guard tensorCount <= cursor.remaining / GGUFTensorInfo.minimumBytes else {
            throw cursor.failure("\(tensorCount) tensors are more than the file can hold")
        }
        let infos = try (0..<Int(tensorCount)).map { _ in try GGUFTensorInfo(&cursor) }
        let alignment = try Self.alignment(metadata, cursor: cursor)
        let dataStart = (cursor.offset + alignment - 1) / alignment * alignment
        tensors = try infos.map { try $0.entry(dataStart: dataStart, alignment: alignment, in: file) }
        self.file = file
        try Self.checkTensors(tensors, path: path)
    }

    /// Reads up to the number of tensors, which is checked once the metadata lie behind.
    private static func readPreamble(_ cursor: inout GGUFCursor) throws -> UInt64 {
        guard cursor.remaining >= 4, try cursor.integer(UInt32.self) == 0x4655_4747 else {
            throw FormatsError.malformed(file: cursor.file.path, offset: 0, what: "no GGUF file")
        }
        let version = try cursor.integer(UInt32.self)
        guard version == 3 else {
            throw FormatsError.unsupported(
                file: cursor.file.path, what: "GGUF version \(version == 0x0300_0000 ? "3, big-endian" : "\(version)")",
                hint: "convert it to version 3, little-endian, with llama.cpp")
        }
        return try cursor.integer(UInt64.self)
    }

    private static func readMetadata(_ cursor: inout GGUFCursor) throws -> ([String], [String: GGUFValue]) {
        let count = try cursor.count(minimumBytes: 13, limit: GGUFCursor.arrayLimit, of: "metadata entries")
        var keys: [String] = []
        var metadata: [String: GGUFValue] = [:]
        for _ in 0..<count {
            let key = try cursor.name(limit: 65_535)
            let failure = cursor.failure("the key \(key.debugDescription) occurs twice")
            guard metadata.updateValue(try cursor.value(), forKey: key) == nil else { throw failure }
            keys.append(key)
        }
        return (keys, metadata)
    }

    private static func alignment(_ metadata: [String: GGUFValue], cursor: GGUFCursor) throws -> Int {
        guard let value = metadata["general.alignment"] else { return defaultAlignment }
        guard let alignment = value.asInt, (1...alignmentLimit).contains(alignment), alignment & (alignment - 1) == 0
        else {
            throw cursor.failure("general.alignment is \(value.summary), not a power of two")
        }
        return alignment
    }

    private static func checkTensors(_ tensors: [TensorEntry], path: String) throws {
        var names: Set<UTF8Key> = []
        for tensor in tensors where !names.insert(UTF8Key(tensor.name)).inserted {
            throw FormatsError.malformedTensor(file: path, tensor: tensor.name, what: "the name occurs twice")
        }
        var end = 0
        for tensor in tensors.filter({ !$0.byteRange.isEmpty }).sorted(by: {
            $0.byteRange.lowerBound < $1.byteRange.lowerBound
        }) {
            guard tensor.byteRange.lowerBound >= end else {
                throw FormatsError.malformedTensor(file: path, tensor: tensor.name, what: "it overlaps another tensor")
            }
            end = tensor.byteRange.upperBound
        }
    }
}

/// One tensor's line in the header.
private struct GGUFTensorInfo {
    let name: String
    /// Contiguous dimension first, as stored.
    let dimensions: [UInt64]
    let typeID: UInt32
    let offset: UInt64

    static let minimumBytes = 8 + 1 + 4 + 4 + 8
    static let maximumDimensions: UInt32 = 4
    static let nameLimit = 63

    init(_ cursor: inout GGUFCursor) throws {
        name = try cursor.name(limit: Self.nameLimit)
        let rank = try cursor.integer(UInt32.self)
        guard rank <= Self.maximumDimensions else { throw cursor.failure("a tensor of \(rank) dimensions") }
        dimensions = try (0..<rank).map { _ in try cursor.integer(UInt64.self) }
        typeID = try cursor.integer()
        offset = try cursor.integer()
    }

    func entry(dataStart: Int, alignment: Int, in file: MappedFile) throws -> TensorEntry {
        func failure(_ what: String) -> FormatsError { .malformedTensor(file: file.path, tensor: name, what: what) }
        guard let type = GGMLType(id: typeID) else { throw failure("unknown type \(typeID)") }
        let shape = try dimensions.reversed().map { dimension in
            guard let size = Int(exactly: dimension) else { throw failure("a dimension of \(dimension)") }
            return size
        }
        guard (shape.last ?? 1) % type.blockElements == 0 else {
            throw failure("rows of \(shape.last ?? 1) are not whole blocks of \(type.name)")
        }
        guard let elements = checkedProduct(shape),
            case let (bytes, overflow) = (elements / type.blockElements).multipliedReportingOverflow(
                by: type.blockBytes),
            !overflow, bytes <= file.bytes.count
        else { throw failure("shape \(shape) of \(type.name) is larger than the file") }
        guard offset % UInt64(alignment) == 0 else { throw failure("offset \(offset) is no multiple of \(alignment)") }
        guard dataStart <= file.bytes.count || bytes == 0,
            offset <= UInt64(max(file.bytes.count - dataStart - bytes, 0)),
            dataStart + bytes <= file.bytes.count || bytes == 0
        else { throw failure("it reaches beyond the end of the file") }
        let start = bytes == 0 ? 0 : dataStart + Int(offset)
        return TensorEntry(
            name: name, typeName: type.name, type: type.elementType, shape: shape, byteRange: start..<(start + bytes))
    }
}
