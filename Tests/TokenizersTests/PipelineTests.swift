import Formats
import Testing
import Tokenizers

/// The pre-tokenizers and normalisers of other families: the words are those of `tokenizers`.
@Suite struct PipelineTests {
    @Test func everyPipelineCutsAsTokenizersDoes() throws {
        let texts = try Fixtures.strings().enumerated().filter { $0.offset % 10 == 0 }.map(\.element)
        let rows = try Fixtures.bytes("pipelines.words")
        let pipelines = try #require(try Fixtures.json("pipelines.json").asObject).members
        #expect(rows.count == pipelines.count * texts.count * 6)
        for (place, (name, parts)) in pipelines.enumerated() {
            let tokenizer = try tokenizer(parts)
            // Where the name is one of GGUF's, the file's tokenizer is written out and read again too.
            let other = parts["gguf"] == nil ? tokenizer : try Tokenizer(gguf: Self.smallest(pre: name))
            let reread = try Tokenizer(tokenizerJSON: other.tokenizerJSON())
            var failures: [String] = []
            for (index, text) in texts.enumerated() {
                let row = (place * texts.count + index) * 6
                let expected = Fixtures.Digest(rows[row..<row + 6])
                let words = tokenizer.words(of: text)
                if Self.digest(words) != expected || Self.digest(reread.words(of: text)) != expected {
                    failures.append("\(text.debugDescription) -> \(words.map { String(decoding: $0, as: UTF8.self) })")
                }
            }
            #expect(
                failures.isEmpty, "\(name): \(failures.count) differ: \(failures.prefix(8).joined(separator: "\n"))")
        }
    }

    private static func digest(_ words: [[UInt8]]) -> Fixtures.Digest {
        Fixtures.Digest(words.flatMap { word in [TokenID(word.count)] + word.map { TokenID($0) } })
    }

    private static func smallest(pre: String) -> GGUFVocabulary {
        GGUFVocabulary(pre: pre, tokens: ["a", "b", "ab"], types: [1, 1, 1], merges: ["a b"])
    }

    /// A tokenizer of nothing but these parts.
    private func tokenizer(_ parts: JSONValue) throws -> Tokenizer {
        let smallest = try JSONValue.parse(Array(MalformedTests.smallest.utf8), name: "smallest")
        var json = try #require(smallest.asObject)
        json["added_tokens"] = .array([])
        for (key, value) in try #require(parts.asObject).members where key != "gguf" { json[key] = value }
        return try Tokenizer(tokenizerJSON: JSONValue.object(json).encoded())
    }
}
