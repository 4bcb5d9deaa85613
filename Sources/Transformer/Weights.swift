import Compute

/// A matrix [rows, columns] as stored: mapped from a file, or f32 in memory. A vector has one row.
package struct WeightMatrix: @unchecked Sendable {
    package let type: ElementType
    package let rows: Int
    package let columns: Int
    package let bytes: UnsafeRawBufferPointer
    /// What keeps `bytes` alive: a ``MappedFile`` or a ``FloatBuffer``.
    package let owner: AnyObject

    /// - Throws: ``TransformerError/wrongSize(tensor:expected:found:)`` unless `bytes` are exactly rows x columns of
    ///   `type`.
    package init(
        name: String, type: ElementType, rows: Int, columns: Int, bytes: UnsafeRawBufferPointer, owner: AnyObject
    ) throws {
        guard let rowBytes = type.rowBytes(columns), rows >= 0,
            case let (expected, overflow) = rowBytes.multipliedReportingOverflow(by: rows), !overflow
        else {
            throw TransformerError.invalidConfiguration(
                "\(name): rows of \(columns) are not whole \(type.rawValue) blocks")
        }
        guard bytes.count == expected, bytes.baseAddress != nil else {
            throw TransformerError.wrongSize(tensor: name, expected: expected, found: bytes.count)
        }
        self.type = type
        self.rows = rows
        self.columns = columns
        self.bytes = bytes
        self.owner = owner
    }

    /// An f32 matrix over a buffer that may go on changing (training's master weights).
    package init(name: String, buffer: FloatBuffer, rows: Int, columns: Int) throws {
        try self.init(
            name: name, type: .f32, rows: rows, columns: columns,
            bytes: UnsafeRawBufferPointer(start: buffer.pointer, count: buffer.count * 4), owner: buffer)
    }

    /// All numbers as f32, row after row.
    package func floats() -> [Float] {
        guard let floats = type.dequantise(bytes, count: rows * columns) else {
            preconditionFailure("checked when it was made")
        }
        return floats
    }

    var rowBytes: Int {
        guard let count = type.rowBytes(columns) else { preconditionFailure("checked when it was made") }
        return count
    }

    var start: UnsafeRawPointer {
        guard let base = bytes.baseAddress else { preconditionFailure("checked when it was made") }
        return base
    }

    /// Goes on with a 64-bit FNV-1a hash over the stored bytes, eight at a time.
    func hashed(into hash: inout UInt64) {
        for place in stride(from: 0, to: bytes.count, by: 8) {
            var word: UInt64 = 0
            withUnsafeMutableBytes(of: &word) {
                $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[place..<min(place + 8, bytes.count)]))
            }
            hash = (hash ^ word) &* 0x0000_0100_0000_01B3
        }
    }
}

/// All tensors of a model. Norms and biases are kept as f32; matrices as stored.
package struct Weights: Sendable {
    package struct Layer: Sendable {
        package let inputNorm, postNorm: FloatBuffer
        package let q, k, v, o, gate, up, down: WeightMatrix
        package let qBias, kBias, vBias: FloatBuffer?
    }

    package let embedding: WeightMatrix
    package let layers: [Layer]
    package let finalNorm: FloatBuffer
    /// The output head; the embedding itself when tied.
    package let head: WeightMatrix

    /// Collects the tensors that `configuration` expects from `find`, by Hugging Face name.
    /// Vectors that are already f32 ``FloatBuffer``s are shared, not copied, so that training's updates are seen.
    /// - Throws: what `find` throws for a missing tensor; ``TransformerError/wrongShape(tensor:expected:found:)``.
    package init(configuration: Configuration, find: (String) throws -> WeightMatrix) throws {
        func matrix(_ name: String, _ rows: Int, _ columns: Int) throws -> WeightMatrix {
            let found = try find(name)
            guard found.rows == rows, found.columns == columns else {
                throw TransformerError.wrongShape(
                    tensor: name, expected: [rows, columns], found: [found.rows, found.columns])
            }
            return found
        }
        func vector(_ name: String, _ count: Int) throws -> FloatBuffer {
            let found = try find(name)
            guard found.rows * found.columns == count else {
                throw TransformerError.wrongShape(tensor: name, expected: [count], found: [found.rows, found.columns])
            }
            if let buffer = found.owner as? FloatBuffer, buffer.count == count { return buffer }
            return try FloatBuffer(found.floats())
        }
        let c = configuration
        embedding = try matrix("model.embed_tokens.weight", c.vocabulary, c.hidden)
        layers = try (0..<c.layers).map { index in
            let prefix = "model.layers.\(index)."
            func projection(_ name: String, _ rows: Int, _ columns: Int) throws -> WeightMatrix {
                try matrix(prefix + name + "_proj.weight", rows, columns)
            }
            func bias(_ name: String, _ count: Int) throws -> FloatBuffer? {
                c.qkvBias ? try vector(prefix + "self_attn.\(name)_proj.bias", count) : nil
            }
            return Layer(
                inputNorm: try vector(prefix + "input_layernorm.weight", c.hidden),
                postNorm: try vector(prefix + "post_attention_layernorm.weight", c.hidden),
                q: try projection("self_attn.q", c.queryWidth, c.hidden),
                k: try projection("self_attn.k", c.kvWidth, c.hidden),
                v: try projection("self_attn.v", c.kvWidth, c.hidden),
                o: try projection("self_attn.o", c.hidden, c.queryWidth),
                gate: try projection("mlp.gate", c.intermediate, c.hidden),
                up: try projection("mlp.up", c.intermediate, c.hidden),
                down: try projection("mlp.down", c.hidden, c.intermediate),
                qBias: try bias("q", c.queryWidth), kBias: try bias("k", c.kvWidth), vBias: try bias("v", c.kvWidth))
        }
        finalNorm = try vector("model.norm.weight", c.hidden)
        head = c.tiedHead ? embedding : try matrix("lm_head.weight", c.vocabulary, c.hidden)
    }
}
