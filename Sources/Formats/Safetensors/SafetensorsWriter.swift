import Compute

/// A tensor to be written, and who writes its bytes.
package struct TensorSource {
    /// The tensor's name; every one of a file is another.
    package let name: String
    /// f32, f16 or bf16.
    package let type: ElementType
    /// In Hugging Face order: the last dimension is contiguous.
    package let shape: [Int]
    let write: (FileSink) throws -> Void

    /// - Parameters:
    ///   - type: f32, f16 or bf16; the format knows no blocks.
    ///   - shape: in Hugging Face order.
    ///   - write: writes exactly the tensor's bytes, little-endian, in any number of chunks.
    package init(name: String, type: ElementType, shape: [Int], write: @escaping (FileSink) throws -> Void) {
        self.name = name
        self.type = type
        self.shape = shape
        self.write = write
    }

    /// An f32 tensor of values [shape's product].
    package init(name: String, shape: [Int], values: [Float]) {
        self.init(name: name, type: .f32, shape: shape) { sink in
            try values.withUnsafeBytes { try sink.write($0) }
        }
    }

    /// An f32 tensor that lies in a buffer.
    package init(name: String, shape: [Int], buffer: FloatBuffer) {
        self.init(name: name, type: .f32, shape: shape) { sink in
            try sink.write(UnsafeRawBufferPointer(start: buffer.pointer, count: 4 * buffer.count))
        }
    }
}

/// Writes `.safetensors` files.
package enum SafetensorsWriter {
    /// Writes a whole file beside `path`, flushes and renames it. The header is padded to 8 bytes and wider
    /// types come first, so that every tensor lies at a multiple of its element size.
    /// - Throws: ``FormatsError``: a full disk, a name used twice, a block type, or a source that wrote
    ///   another number of bytes than its shape says.
    package static func write(
        _ sources: [TensorSource], metadata: [(key: String, value: String)] = [("format", "pt")], to path: String
    ) throws {
        let ordered = sources.filter { $0.type == .f32 } + sources.filter { $0.type != .f32 }
        let sizes = try ordered.map { try byteCount($0, path: path) }
        let header = try encodedHeader(ordered, sizes: sizes, metadata: metadata, path: path)
        try AtomicFile.write(to: path) { sink in
            try sink.write(header)
            for (source, size) in zip(ordered, sizes) {
                let start = sink.count
                try source.write(sink)
                guard sink.count - start == size else {
                    throw FormatsError.malformedTensor(
                        file: path, tensor: source.name,
                        what: "\(sink.count - start) bytes given where its shape needs \(size)")
                }
            }
        }
    }

    private static func byteCount(_ source: TensorSource, path: String) throws -> Int {
        guard source.type.blockElements == 1, let elements = checkedProduct(source.shape),
            case let (bytes, overflow) = elements.multipliedReportingOverflow(by: source.type.blockBytes), !overflow
        else {
            throw FormatsError.malformedTensor(
                file: path, tensor: source.name,
                what: "type \(source.type.rawValue) with shape \(source.shape) cannot be stored")
        }
        return bytes
    }

    private static func encodedHeader(
        _ sources: [TensorSource], sizes: [Int], metadata: [(key: String, value: String)], path: String
    ) throws -> [UInt8] {
        var members: [JSONObject.Member] = [
            ("__metadata__", .object(JSONObject(metadata.map { (key: $0.key, value: .string($0.value)) })))
        ]
        var names: Set<UTF8Key> = []
        var offset = 0
        for (source, size) in zip(sources, sizes) {
            guard names.insert(UTF8Key(source.name)).inserted else {
                throw FormatsError.malformedTensor(file: path, tensor: source.name, what: "the name is used twice")
            }
            members.append(
                (
                    source.name,
                    [
                        "dtype": .string(source.type.rawValue.uppercased()),
                        "shape": .array(source.shape.map { .integer(Int64($0)) }),
                        "data_offsets": [.integer(Int64(offset)), .integer(Int64(offset + size))],
                    ]
                ))
            offset += size
        }
        var json = JSONValue.object(JSONObject(members)).encoded()
        json.append(contentsOf: repeatElement(0x20, count: (8 - json.count % 8) % 8))
        return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json
    }
}
