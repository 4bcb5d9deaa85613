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
}
