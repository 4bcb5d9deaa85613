import Compute
import Formats
import Testing

@Suite struct PeerTypesTests {
    private static func columns(_ type: ElementType) -> Int { type.blockElements == 256 ? 512 : 64 }

    @Test(arguments: ElementType.allCases) func everyTypeHasTheSizeTheGGUFPackageGivesIt(_ type: ElementType) throws {
        let file = try GGUFFile(path: fixture("gguf-types/\(type.rawValue.uppercased()).gguf"))
        let tensor = try #require(file.tensors.first)
        #expect(tensor.type == type && tensor.shape == [4, Self.columns(type)])
        #expect(try file.bytes(of: tensor).count == 4 * #require(type.rowBytes(Self.columns(type))))
    }

    /// The same bits as gguf-py's: products of scales and quants are exact in f32, so nothing is left to differ.
    @Test(arguments: ElementType.allCases) func everyTypeDequantisesAsTheGGUFPackageDoes(_ type: ElementType) throws {
        let name = type.rawValue.uppercased()
        let file = try GGUFFile(path: fixture("gguf-types/\(name).gguf"))
        let expected = try SafetensorsFile(path: fixture("gguf-types/expected.safetensors"))
        let tensor = try #require(file.tensors.first), count = 4 * Self.columns(type)
        let meant = try #require(expected.tensors.first { $0.name == name })
        let found = try #require(try type.dequantise(file.bytes(of: tensor), count: count))
        let wanted = try #require(try meant.type?.dequantise(expected.bytes(of: meant), count: count))
        #expect(found.map(\.bitPattern) == wanted.map(\.bitPattern))
    }
}
