import Compute

/// A matrix [rows, columns] as stored: mapped from a file, or f32 in memory. A vector has one row.
///
/// Sendable unchecked, because it holds a pointer and what keeps it alive. A mapped file is never written; training
/// writes its master weights only between passes.
package struct WeightMatrix: @unchecked Sendable {
    /// How its numbers are stored.
    package let type: ElementType
    /// Outputs; 1 for a vector.
    package let rows: Int
    /// Inputs; the length of a vector.
    package let columns: Int
    /// Row after row, each `type`'s whole blocks.
    package let bytes: UnsafeRawBufferPointer
    /// What keeps `bytes` alive: a ``MappedFile`` or a ``FloatBuffer``.
    package let owner: AnyObject

    /// - Throws: ``TransformerError/wrongSize(tensor:expected:found:)`` unless `bytes` are exactly rows x columns of
    ///   `type`; ``TransformerError/invalidConfiguration(_:)`` for rows that are not whole blocks of it.
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
    /// - Throws: ``TransformerError/wrongSize(tensor:expected:found:)``.
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

    /// Some rows as f32, so that a large matrix need never exist twice.
    package func floats(rows range: Range<Int>) -> [Float] {
        let part = UnsafeRawBufferPointer(
            rebasing: bytes[(range.lowerBound * rowBytes)..<(range.upperBound * rowBytes)])
        guard let floats = type.dequantise(part, count: range.count * columns) else {
            preconditionFailure("checked when it was made")
        }
        return floats
    }

    /// The buffer that holds this and nothing else, where it is one.
    var wholeBuffer: FloatBuffer? {
        guard let buffer = owner as? FloatBuffer, buffer.count == rows * columns else { return nil }
        return buffer
    }

    var rowBytes: Int {
        guard let count = type.rowBytes(columns) else { preconditionFailure("checked when it was made") }
        return count
    }

    var start: UnsafeRawPointer {
        guard let base = bytes.baseAddress else { preconditionFailure("checked when it was made") }
        return base
    }

    /// Goes on with a hash over the stored bytes, eight at a time.
    func hashed(into hash: inout StableHash) {
        for place in stride(from: 0, to: bytes.count, by: 8) {
            var word: UInt64 = 0
            withUnsafeMutableBytes(of: &word) {
                $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[place..<min(place + 8, bytes.count)]))
            }
            hash.add(word)
        }
    }
}

/// All tensors of a model. Norms and biases are kept as f32; matrices as stored.
package struct Weights: Sendable {
    /// What is kept of one tensor.
    package enum Stored: Sendable {
        case matrix(WeightMatrix)
        case vector(FloatBuffer)

        /// All numbers as f32, row after row.
        package func floats() -> [Float] {
            switch self {
            case .matrix(let matrix): matrix.floats()
            case .vector(let vector): vector.array
            }
        }
    }

    /// The tensors by what they are for.
    let decoder: Decoder<WeightMatrix, FloatBuffer>
    /// The same in the decoder's order, with what describes them; a tied head is not among them.
    package let tensors: [(spec: TensorSpec, stored: Stored)]

    /// Collects the tensors that `configuration` expects from `find`, by Hugging Face name.
    /// Vectors that are already f32 ``FloatBuffer``s are shared, not copied, so that training's updates are seen.
    /// - Throws: what `find` throws for a missing tensor; ``TransformerError/wrongShape(tensor:expected:found:)``.
    package init(configuration: Configuration, find: (String) throws -> WeightMatrix) throws {
        var tensors: [(spec: TensorSpec, stored: Stored)] = []
        decoder = try Decoder(configuration) { spec in
            let found = try find(spec.name)
            guard [found.rows, found.columns] == spec.shape else { throw Self.wrongShape(spec, found) }
            tensors.append((spec, .matrix(found)))
            return found
        } vector: { spec in
            let found = try find(spec.name)
            guard found.rows * found.columns == spec.count else { throw Self.wrongShape(spec, found) }
            let vector = try found.wholeBuffer ?? FloatBuffer(found.floats())
            tensors.append((spec, .vector(vector)))
            return vector
        }
        self.tensors = tensors
    }

    private static func wrongShape(_ spec: TensorSpec, _ found: WeightMatrix) -> TransformerError {
        .wrongShape(tensor: spec.name, expected: spec.shape, found: [found.rows, found.columns])
    }

    /// The matrices, the layers' first: the order of ``Model/fingerprint``, which kept studies hold.
    var matrices: [WeightMatrix] {
        let all = tensors.compactMap { tensor -> WeightMatrix? in
            if case .matrix(let matrix) = tensor.stored { matrix } else { nil }
        }
        let heads = decoder.head == nil ? 0 : 1
        return all.dropFirst().dropLast(heads) + [decoder.embedding] + all.suffix(heads)
    }
}
