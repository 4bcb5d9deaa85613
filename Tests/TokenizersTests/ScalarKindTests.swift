import Formats
import Testing
import Tokenizers

@Suite struct ScalarKindTests {
    /// The scalars where our Unicode tables and those inside `tokenizers` may differ: newer versions only assign more.
    @Test func everyScalarIsOfTheKindThatTokenizersGivesIt() throws {
        let json = try Fixtures.json("scalar-kinds.json")
        var wrong: [String] = []
        for kind in ["letter", "number", "space"] {
            var theirs: Set<UInt32> = []
            for range in json[kind]?.asArray ?? [] {
                guard let low = range.asArray?[0].asInt, let high = range.asArray?[1].asInt else { continue }
                for value in low...high { theirs.insert(UInt32(value)) }
            }
            for scalar in (0..<UInt32(0x110000)).lazy.compactMap(Unicode.Scalar.init) {
                if theirs.contains(scalar.value) != (scalarKindName(scalar) == kind) {
                    wrong.append("\(kind) \(String(scalar.value, radix: 16))")
                }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(40))")
    }
}
