import Formats
import Foundation
import Testing
import Tokenizers

/// Vocabularies of published models, which are in no repository of ours: Tests/Oracles/tokenizers_real.py lays them
/// into a folder with the strings and what `tokenizers` makes of them.
@Suite(.enabled(if: RealVocabularies.folder != nil)) struct RealVocabularyTests {
    private func bytes(_ name: String) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: try #require(RealVocabularies.folder))
        return try [UInt8](Data(contentsOf: folder.appendingPathComponent(name)))
    }

    private func tokenizer(_ name: String) throws -> Tokenizer {
        let path = try #require(RealVocabularies.folder) + "/\(name)"
        guard FileManager.default.fileExists(atPath: path + ".gguf") else {
            return try Tokenizer(tokenizerJSON: bytes("\(name).json"), file: path)
        }
        let file = try GGUFFile(path: path + ".gguf")
        return try Tokenizer(gguf: GGUFVocabulary(metadata: file.metadata, file: path), file: path)
    }

    @Test(arguments: RealVocabularies.names) func idsAndTextsAreThoseOfTokenizers(_ name: String) throws {
        let tokenizer = try tokenizer(name)
        let strings = try #require(JSONValue.parse(bytes("strings.json"), name: "strings").asArray).compactMap(
            \.asString)
        let rows = try bytes("\(name).ids")
        #expect(rows.count == strings.count * 18)
        var differing: [String] = []
        for (index, text) in strings.enumerated() {
            let plain = tokenizer.encode(text, recognisingSpecials: false)
            let recognised = tokenizer.encode(text, recognisingSpecials: true)
            let decoded = tokenizer.decode(plain).utf8.map { TokenID($0) }
            for (place, numbers) in [plain, recognised, decoded].enumerated() {
                let row = (index * 3 + place) * 6
                if Fixtures.Digest(numbers) != Fixtures.Digest(rows[row..<row + 6]) {
                    differing.append("\(["plain", "recognised", "decoded"][place]) \(text.debugDescription)")
                }
            }
        }
        print("\(name): \(strings.count) strings, \(differing.count) differences")
        #expect(differing.isEmpty, "\(name): \(differing.count): \(differing.prefix(10).joined(separator: "\n"))")
        let folder = URL(fileURLWithPath: try #require(RealVocabularies.folder))
        try Data(tokenizer.tokenizerJSON()).write(to: folder.appendingPathComponent("\(name).written.json"))
    }
}

enum RealVocabularies {
    static let folder = ProcessInfo.processInfo.environment["GENAC_VOCABULARIES"]

    static let names: [String] = {
        guard let folder, let files = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return [] }
        return files.filter { $0.hasSuffix(".ids") }.map { String($0.dropLast(4)) }.sorted()
    }()
}
