import Formats
import Testing
import Tokenizers

/// The regular expressions of patterns nobody knows, beside those of the Oniguruma inside `tokenizers`.
@Suite struct ExpressionTests {
    @Test func everyClassHasTheScalarsThatOnigurumaGivesIt() throws {
        let digests = try #require(try Fixtures.json("properties.json").asObject).members
        #expect(digests.count > 80)
        var wrong: [String] = []
        for (pattern, digest) in digests {
            let expected = digest.asString ?? ""
            let matches = try TextCutter(pattern: pattern).scalarsThatMatch(in: Self.scalars)
            if Fixtures.Digest(ranges(matches)).hex != expected {
                wrong.append("\(pattern): \(matches.count)")
            }
        }
        #expect(wrong.isEmpty, "\(wrong)")
    }

    /// Patterns of ours may be refused; which are read must cut as the peer does, and what it refuses is refused.
    @Test func everyPatternCutsAsOnigurumaDoes() throws {
        let rows = try #require(try Fixtures.json("expressions.json").asArray)
        var wrong: [String] = []
        var refused: [String] = []
        for row in rows.compactMap(\.asArray) {
            let pattern = row[0].asString ?? ""
            guard row.count == 3 else {
                #expect(throws: TokenizersError.self, "\(pattern)") { try TextCutter(pattern: pattern) }
                continue
            }
            do {
                let pieces = try TextCutter(pattern: pattern).cut(row[1].asString ?? "")
                let expected = (row[2].asArray ?? []).compactMap(\.asString)
                if !pieces.map({ Array($0.utf8) }).elementsEqual(expected.map { Array($0.utf8) }) {
                    wrong.append("\(pattern) on \(row[1].text()): \(pieces) instead of \(expected)")
                }
            } catch let error as TokenizersError {
                refused.append("\(pattern): \(error.what)")
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count) of \(rows.count): \(wrong.prefix(20).joined(separator: "\n"))")
        #expect(refused.count < rows.count / 4, "\(refused)")
    }

    /// The part of Unicode that Tests/Oracles/tokenizers_scripts.py looks at.
    static let scalars: [Unicode.Scalar] = (0..<UInt32(0x20000)).lazy.compactMap(Unicode.Scalar.init).filter {
        !(0x3500..<0xA000).contains($0.value) && !(0xAC00..<0xD7A4).contains($0.value)
    }

    private func ranges(_ scalars: [Unicode.Scalar]) -> [TokenID] {
        var edges: [TokenID] = []
        for value in scalars.map({ TokenID($0.value) }) {
            if let last = edges.last, last == value - 1 {
                edges[edges.count - 1] = value
            } else {
                edges += [value, value]
            }
        }
        return edges
    }
}
