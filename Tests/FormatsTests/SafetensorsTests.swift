import Formats
import Testing

/// A file of `header` (as JSON text) and `data`.
private func safetensors(_ header: String, _ data: [UInt8], length: UInt64? = nil) -> [UInt8] {
    withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { Array($0) } + Array(header.utf8) + data
}

@Suite struct SafetensorsTests {
    @Test func readsWhatTheSafetensorsPackageWrote() throws {
        let file = try SafetensorsFile(path: fixture("formats/valid.safetensors"))
        #expect(file.tensors.count == 8)
        #expect(file.metadata.contains { $0.key == "note" && $0.value == "héllo" })
        let weight = try #require(file.tensors.first { $0.name == "weight" })
        #expect(weight.type == .f32 && weight.shape == [3, 4])
        let bytes = try file.bytes(of: weight)
        #expect(
            (0..<12).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) } == (0..<12).map(Float.init))
        #expect(file.tensors.first { $0.name == "scalar" }?.shape == [])
        #expect(file.tensors.first { $0.name == "empty" }?.byteRange.isEmpty == true)
        #expect(Set(file.tensors.map { UTF8Key($0.name) }).count == 8)
        let other = try #require(file.tensors.first { $0.name == "bytes" })
        #expect(other.typeName == "U8" && other.type == nil)
        #expect(throws: FormatsError.self) { try file.bytes(of: other) }
    }

    @Test func writesWhatItReads() throws {
        try withTemporaryPath { path in
            let half: [UInt16] = [0x3C00, 0x4000, 0x4200]
            let sources = [
                TensorSource(name: "h", type: .bf16, shape: [3]) { sink in
                    try half.withUnsafeBytes { try sink.write($0) }
                },
                TensorSource(name: "w", shape: [2, 2], values: [1, -2, .infinity, 0.1]),
                TensorSource(name: "scalar", shape: [], values: [7]),
                TensorSource(name: "empty", shape: [0, 3], values: []),
            ]
            try SafetensorsWriter.write(sources, metadata: [("k", "v")], to: path)
            let file = try SafetensorsFile(path: path)
            #expect(file.metadata.map(\.key) == ["k"])
            #expect(Set(file.tensors.map(\.name)) == ["h", "w", "scalar", "empty"])
            let w = try #require(file.tensors.first { $0.name == "w" })
            let bytes = try file.bytes(of: w)
            #expect(bytes.loadUnaligned(fromByteOffset: 12, as: Float.self) == 0.1)
            #expect(w.byteRange.lowerBound % 4 == 0, "f32 is aligned, also behind three of bf16")
        }
    }

    @Test func aWriterRefusesAWrongSizeAndLeavesTheOldFile() throws {
        try withTemporaryFile("old") { path in
            let wrong = TensorSource(name: "w", type: .f32, shape: [4]) { try $0.write([1, 2, 3]) }
            #expect(throws: FormatsError.self) { try SafetensorsWriter.write([wrong], to: path) }
            let twice = [
                TensorSource(name: "w", shape: [1], values: [1]), TensorSource(name: "w", shape: [1], values: [1]),
            ]
            #expect(throws: FormatsError.self) { try SafetensorsWriter.write(twice, to: path) }
            try #expect(BoundedFile.read(path, limit: 10) == Array("old".utf8))
        }
    }

    static let forgeries: [(String, [UInt8])] = [
        ("nothing", []), ("a cut length", [1, 2, 3]),
        ("a length of 2^63", safetensors("{}", [], length: 1 << 63)),
        ("a length beyond the file", safetensors("{}", [], length: 3)),
        ("an empty header", safetensors("", [])),
        ("a leading blank", safetensors(" {}", [])),
        ("an array", safetensors("[]", [])),
        ("trailing data", safetensors("{}", [0])),
        ("a hole", safetensors(#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, [0, 0])),
        (
            "an overlap",
            safetensors(
                #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"#
                    + #""b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#,
                [0, 0])
        ),
        (
            "a shape that does not fit",
            safetensors(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, [0, 0, 0, 0])
        ),
        (
            "an overflowing shape",
            safetensors(#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, [])
        ),
        ("a negative offset", safetensors(#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[-1,0]}}"#, [])),
        ("reversed offsets", safetensors(#"{"a":{"dtype":"U8","shape":[0],"data_offsets":[1,0]}}"#, [0])),
        ("an unknown dtype", safetensors(#"{"a":{"dtype":"F31","shape":[0],"data_offsets":[0,0]}}"#, [])),
        (
            "a name twice",
            safetensors(
                #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"#
                    + #""a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#,
                [])
        ),
        ("metadata that is no string", safetensors(#"{"__metadata__":{"a":1}}"#, [])),
        ("metadata that is no object", safetensors(#"{"__metadata__":[]}"#, [])),
        ("an unknown field", safetensors(#"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"x":0}}"#, [])),
        ("deep nesting", safetensors("{\"a\":" + String(repeating: "[", count: 100_000), [])),
    ]

    @Test(arguments: forgeries.indices) func refuses(_ index: Int) throws {
        let (what, bytes) = Self.forgeries[index]
        try withTemporaryFile(bytes) { path in
            let error = #expect(throws: FormatsError.self, "\(what)") { try SafetensorsFile(path: path) }
            #expect(error?.location?.hasPrefix(path) == true)
        }
    }
}
