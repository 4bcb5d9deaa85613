import Compute

/// A safetensors file, checked whole before it is trusted: header length, unique names, sizes that match
/// shapes, and tensors that cover the file without hole or overlap (an overlap makes a small file ask for
/// unbounded memory).
package final class SafetensorsFile: TensorContainer {
    /// The map that the tensors lie in.
    package let file: MappedFile
    /// In the order of the header.
    package let tensors: [TensorEntry]
    /// The header's `__metadata__`, in file order.
    package let metadata: [(key: String, value: String)]

    static let headerLimit = 100_000_000
    static let depthLimit = 4

    /// - Throws: ``FormatsError`` naming the file and the byte or tensor; `ComputeError` when it cannot be read.
    package init(path: String) throws {
        file = try MappedFile(path: path)
        try StandIn.refuseEmpty(file)
        let header = try SafetensorsHeader(file)
        tensors = header.tensors
        metadata = header.metadata
    }
}

/// Bits of one element by the name the format gives the type.
private func bits(ofType name: String) -> Int? {
    switch name {
    case "F4": 4
    case "F6_E2M3", "F6_E3M2": 6
    case "BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ": 8
    case "U16", "I16", "F16", "BF16": 16
    case "U32", "I32", "F32": 32
    case "U64", "I64", "F64", "C64": 64
    default: nil
    }
}

private func elementType(_ name: String) -> ElementType? {
    switch name {
    case "F32": .f32
    case "F16": .f16
    case "BF16": .bf16
    default: nil
    }
}

private struct SafetensorsHeader {
    let path: String
    let dataStart: Int
    let fileSize: Int
    var tensors: [TensorEntry] = []
    var metadata: [(key: String, value: String)] = []

    init(_ file: MappedFile) throws {
        path = file.path
        fileSize = file.bytes.count
        guard fileSize >= 8 else {
            throw FormatsError.malformed(file: path, offset: fileSize, what: "shorter than a safetensors header")
        }
        let length = UInt64(littleEndian: file.bytes.loadUnaligned(as: UInt64.self))
        guard length <= SafetensorsFile.headerLimit, length <= fileSize - 8 else {
            throw FormatsError.malformed(
                file: path, offset: 0, what: "no safetensors file: its header would be \(length) bytes long")
        }
        dataStart = 8 + Int(length)
        guard length > 0, file.bytes[8] == UInt8(ascii: "{") else {
            throw FormatsError.malformed(file: path, offset: 8, what: "the header does not begin with {")
        }
        try read(parseHeader(Array(file.bytes[8..<dataStart])))
        try checkCoverage()
    }

    private func parseHeader(_ bytes: [UInt8]) throws -> JSONObject {
        do {
            // Ten values a tensor, and a hundred thousand tensors.
            let limits = JSONLimits(
                bytes: SafetensorsFile.headerLimit, depth: SafetensorsFile.depthLimit, values: 1 << 20)
            guard case .object(let object) = try JSONValue.parse(bytes, name: path, limits: limits) else {
                return JSONObject()
            }
            return object
        } catch FormatsError.malformed(_, let offset, let what) {
            throw FormatsError.malformed(file: path, offset: 8 + offset, what: what)
        }
    }

    private mutating func read(_ object: JSONObject) throws {
        for (name, value) in object.members {
            if name.hasSameBytes(as: "__metadata__") {
                metadata = try readMetadata(value)
            } else {
                tensors.append(try readTensor(name, value))
            }
        }
        tensors.sort {
            ($0.byteRange.lowerBound, $0.byteRange.upperBound) < ($1.byteRange.lowerBound, $1.byteRange.upperBound)
        }
    }

    private func readMetadata(_ value: JSONValue) throws -> [(key: String, value: String)] {
        guard let members = value.asObject?.members else {
            throw FormatsError.malformed(file: path, offset: 8, what: "__metadata__ is not an object")
        }
        return try members.map { key, value in
            guard let text = value.asString else {
                throw FormatsError.malformed(
                    file: path, offset: 8, what: "__metadata__ \(key.debugDescription) is not a string")
            }
            return (key, text)
        }
    }

    private func readTensor(_ name: String, _ value: JSONValue) throws -> TensorEntry {
        func failure(_ what: String) -> FormatsError { .malformedTensor(file: path, tensor: name, what: what) }
        guard let fields = value.asObject, fields.count == 3, let typeName = fields["dtype"]?.asString,
            let shape = integers(fields["shape"]), let offsets = integers(fields["data_offsets"]), offsets.count == 2
        else { throw failure("its entry must be dtype, shape and two data_offsets") }
        guard let bits = bits(ofType: typeName) else { throw failure("unknown dtype \(typeName.debugDescription)") }
        guard let elements = checkedProduct(shape),
            case let (size, overflow) = elements.multipliedReportingOverflow(by: bits),
            !overflow, size % 8 == 0
        else { throw failure("shape \(shape) is too large or not whole bytes") }
        guard offsets[0] <= offsets[1], offsets[1] <= fileSize - dataStart, offsets[1] - offsets[0] == size / 8 else {
            throw failure("offsets \(offsets[0])..<\(offsets[1]) do not fit shape \(shape) of \(typeName) or the file")
        }
        return TensorEntry(
            name: name, typeName: typeName, type: elementType(typeName), shape: shape,
            byteRange: (dataStart + offsets[0])..<(dataStart + offsets[1]))
    }

    /// Non-negative integers, written as such.
    private func integers(_ value: JSONValue?) -> [Int]? {
        guard let elements = value?.asArray else { return nil }
        var result: [Int] = []
        for element in elements {
            guard case .integer(let number) = element, number >= 0 else { return nil }
            result.append(Int(number))
        }
        return result
    }

    private func checkCoverage() throws {
        var end = dataStart
        for tensor in tensors {
            guard tensor.byteRange.lowerBound == end else {
                throw FormatsError.malformedTensor(
                    file: path, tensor: tensor.name,
                    what:
                        "it begins at byte \(tensor.byteRange.lowerBound) where \(end) was expected (a hole or an "
                        + "overlap)"
                )
            }
            end = tensor.byteRange.upperBound
        }
        guard end == fileSize else {
            throw FormatsError.malformed(
                file: path, offset: end, what: "\(fileSize - end) bytes that belong to no tensor")
        }
    }
}
