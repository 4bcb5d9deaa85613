import Compute
import Formats
import Testing

@Suite struct PeerTypesTests {
    @Test(arguments: ElementType.allCases) func everyTypeHasTheSizeTheGGUFPackageGivesIt(_ type: ElementType) throws {
        let file = try GGUFFile(path: fixture("gguf-types/\(type.rawValue.uppercased()).gguf"))
        let tensor = try #require(file.tensors.first)
        #expect(tensor.type == type && tensor.shape == [4, 64])
        #expect(try file.bytes(of: tensor).count == 4 * #require(type.rowBytes(64)))
    }

    /// d · q + m in f32, as gguf-py computes it: the same bits, but for the order of one product and sum.
    @Test(arguments: ElementType.allCases) func everyTypeDequantisesAsTheGGUFPackageDoes(_ type: ElementType) throws {
        let name = type.rawValue.uppercased()
        let file = try GGUFFile(path: fixture("gguf-types/\(name).gguf"))
        let expected = try SafetensorsFile(path: fixture("gguf-types/expected.safetensors"))
        let tensor = try #require(file.tensors.first), meant = try #require(expected.tensors.first { $0.name == name })
        let found = try #require(try type.dequantise(file.bytes(of: tensor), count: 256))
        let wanted = try #require(try meant.type?.dequantise(expected.bytes(of: meant), count: 256))
        for (value, other) in zip(found, wanted) { #expect(abs(value - other) <= 1e-6 * abs(other)) }
    }
}
