import Formats
import Testing

/// A GGUF file put together field by field.
struct GGUFBytes {
    var bytes: [UInt8] = []

    init(tensors: UInt64, entries: UInt64, version: UInt32 = 3) {
        bytes = Array("GGUF".utf8)
        append(version)
        append(tensors)
        append(entries)
    }

    mutating func append<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ text: String) {
        append(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func tensor(_ name: String, _ dimensions: [UInt64], type: UInt32 = 0, offset: UInt64 = 0) {
        append(name)
        append(UInt32(dimensions.count))
        dimensions.forEach { append($0) }
        append(type)
        append(offset)
    }

    mutating func pad(data: Int) {
        while bytes.count % 32 != 0 { bytes.append(0) }
        bytes.append(contentsOf: repeatElement(0, count: data))
    }
}

@Suite struct GGUFTests {
    @Test func readsWhatTheGGUFPackageWrote() throws {
        let file = try GGUFFile(path: fixture("formats/valid.gguf"))
        #expect(file.metadata["general.architecture"]?.asString == "llama")
        #expect(file.metadata["test.count"] == .integer(7))
        #expect(file.metadata["test.negative"] == .integer(-3))
        #expect(file.metadata["test.large"] == .unsigned(1 << 63 + 5))
        #expect(file.metadata["test.float"] == .float(0.5))
        #expect(file.metadata["test.double"] == .float(0.1))
        #expect(file.metadata["test.flag"] == .bool(true))
        #expect(file.metadata["test.text"]?.asString == "héllo")
        #expect(file.metadata["test.tokens"]?.asStrings == ["a", "é", "e\u{301}", ""].map { Array($0.utf8) })
        #expect(file.metadata["test.types"] == .integers([1, 2, -3]))
        #expect(file.metadata["test.scores"] == .floats([0.25, -1.5]))
        #expect(file.tensors.map(\.name) == ["a", "f16", "bf16", "q8_0", "q4_1", "q4_0", "q5_0", "tq2_0", "cube"])
        #expect(file.tensors[0].shape == [3, 32])
        #expect(file.tensors[8].shape == [2, 3, 4])
        let cube = try file.bytes(of: file.tensors[8])
        #expect((0..<24).map { cube.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) } == (0..<24).map(Float.init))
        #expect(file.tensors.compactMap(\.type) == [.f32, .f16, .bf16, .q8_0, .q4_1, .q4_0, .q5_0, .f32])
        #expect(file.tensors[7].typeName == "TQ2_0")
        #expect(throws: FormatsError.self) { try file.bytes(of: file.tensors[7]) }
    }

    static let forgeries: [(String, GGUFBytes)] = {
        var cases: [(String, GGUFBytes)] = []
        func add(_ what: String, tensors: UInt64 = 0, entries: UInt64 = 0, _ fill: (inout GGUFBytes) -> Void = { _ in })
        {
            var bytes = GGUFBytes(tensors: tensors, entries: entries)
            fill(&bytes)
            cases.append((what, bytes))
        }
        add("2^60 tensors", tensors: 1 << 60)
        add("2^60 entries", entries: 1 << 60)
        add("a key of 2^62 bytes", entries: 1) {
            $0.append(UInt64(1) << 62); $0.append(UInt64(0)); $0.append(UInt64(0))
        }
        add("an array of 2^61 strings", entries: 1) {
            $0.append("k"); $0.append(UInt32(9)); $0.append(UInt32(8)); $0.append(UInt64(1) << 61)
        }
        add("an array of arrays", entries: 1) {
            $0.append("k"); $0.append(UInt32(9)); $0.append(UInt32(9)); $0.append(UInt64(0))
        }
        add("an array of unknown type", entries: 1) {
            $0.append("k"); $0.append(UInt32(9)); $0.append(UInt32(77)); $0.append(UInt64(0))
        }
        add("a value of unknown type", entries: 1) {
            $0.append("k"); $0.append(UInt32(13)); $0.append(UInt64(0))
        }
        add("a key twice", entries: 2) { for _ in 0..<2 { $0.append("k"); $0.append(UInt32(4)); $0.append(UInt32(0)) } }
        add("a boolean of 2", entries: 1) {
            $0.append("k"); $0.append(UInt32(7)); $0.append(UInt8(2))
        }
        add("alignment 0", entries: 1) {
            $0.append("general.alignment"); $0.append(UInt32(4)); $0.append(UInt32(0))
        }
        add("alignment 3", entries: 1) {
            $0.append("general.alignment"); $0.append(UInt32(4)); $0.append(UInt32(3))
        }
        add("five dimensions", tensors: 1) {
            $0.tensor("t", [1, 1, 1, 1, 1]); $0.pad(data: 64)
        }
        add("an overflowing shape", tensors: 1) {
            $0.tensor("t", [1 << 40, 1 << 40]); $0.pad(data: 64)
        }
        add("a dimension of 2^63", tensors: 1) {
            $0.tensor("t", [1 << 63]); $0.pad(data: 64)
        }
        add("a tensor beyond the file", tensors: 1) {
            $0.tensor("t", [32]); $0.pad(data: 64)
        }
        add("an offset beyond the file", tensors: 1) {
            $0.tensor("t", [16], offset: 32); $0.pad(data: 64)
        }
        add("an offset of 2^63", tensors: 1) {
            $0.tensor("t", [16], offset: 1 << 63); $0.pad(data: 64)
        }
        add("an unaligned offset", tensors: 1) {
            $0.tensor("t", [4], offset: 4); $0.pad(data: 64)
        }
        add("a tensor twice", tensors: 2) {
            $0.tensor("t", [8]); $0.tensor("t", [8], offset: 32); $0.pad(data: 64)
        }
        add("tensors that overlap", tensors: 2) {
            $0.tensor("t", [16]); $0.tensor("u", [8], offset: 32); $0.pad(data: 64)
        }
        add("rows of part of a block", tensors: 1) {
            $0.tensor("t", [16], type: 8); $0.pad(data: 64)
        }
        add("an unknown type", tensors: 1) {
            $0.tensor("t", [16], type: 4); $0.pad(data: 64)
        }
        add("a name of 64 bytes", tensors: 1) {
            $0.tensor(String(repeating: "n", count: 64), [8]); $0.pad(data: 64)
        }
        cases.append(("version 2", GGUFBytes(tensors: 0, entries: 0, version: 2)))
        cases.append(("big-endian", GGUFBytes(tensors: 0, entries: 0, version: 0x0300_0000)))
        return cases
    }()

    @Test(arguments: forgeries.indices) func refuses(_ index: Int) throws {
        let (what, forged) = Self.forgeries[index]
        try withTemporaryFile(forged.bytes) { path in
            let error = #expect(throws: FormatsError.self, "\(what)") { try GGUFFile(path: path) }
            #expect(error?.location?.hasPrefix(path) == true)
        }
    }

    @Test func acceptsATensorThatEndsTheFile() throws {
        var forged = GGUFBytes(tensors: 2, entries: 0)
        forged.tensor("t", [8])
        forged.tensor("u", [7], offset: 32)
        forged.pad(data: 60)
        try withTemporaryFile(forged.bytes) { path in
            try #expect(GGUFFile(path: path).tensors.map(\.shape) == [[8], [7]])
        }
    }
}
