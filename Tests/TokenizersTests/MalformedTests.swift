import Formats
import Testing
import Tokenizers

/// Files that are cut, flipped or simply of another kind: each gives one clear error or works; nothing traps.
@Suite struct MalformedTests {
    struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state ^ state >> 29) &* 0xBF58_476D_1CE4_E5B9
        }
    }

    private func mutate(_ bytes: [UInt8], _ generator: inout Generator) -> [UInt8] {
        var bytes = bytes
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
        case 1:
            for _ in 0..<3 {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= UInt8(
                    1 << Int.random(in: 0..<8, using: &generator))
            }
        case 2:
            let start = Int.random(in: 0..<bytes.count, using: &generator)
            bytes.removeSubrange(start..<min(bytes.count, start + Int.random(in: 1...40, using: &generator)))
        case 3:
            let start = Int.random(in: 0..<bytes.count, using: &generator)
            let part = bytes[start..<min(bytes.count, start + 60)]
            bytes.insert(contentsOf: part, at: Int.random(in: 0...bytes.count, using: &generator))
        default:
            let signs = Array("{}%#()[]|'\"-+.:,=\\0\n".utf8)
            for _ in 0..<2 {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
                    signs[Int.random(in: 0..<signs.count, using: &generator)]
            }
        }
        return bytes
    }

    @Test(.timeLimit(.minutes(1))) func twoHundredBrokenTemplatesGiveAnErrorOrAText() throws {
        var generator = Generator(state: 3)
        let messages = [
            ChatMessage(role: "system", content: "s"), ChatMessage(role: "user", content: "u"),
            ChatMessage(role: "assistant", content: "a"),
        ]
        for name in ["chatml", "qwen25-manner", "qwen3-manner", "llama3-manner", "mistral-manner", "macros"] {
            let bytes = try Fixtures.bytes("templates/\(name).jinja")
            for _ in 0..<200 {
                let source = String(decoding: mutate(bytes, &generator), as: UTF8.self)
                do {
                    _ = try ChatTemplate(source: source).render(messages, addGenerationPrompt: true, bosToken: "<s>")
                } catch let error as TokenizersError {
                    #expect(!error.what.isEmpty)
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(2))) func twoHundredBrokenTokenizersGiveAnErrorOrATokenizer() throws {
        var generator = Generator(state: 5)
        let bytes = try VocabularyBuilder(words: VocabularyBuilderTests.words, specials: ["<|end|>"]).tokenizer()
            .tokenizerJSON()
        var accepted = 0
        for _ in 0..<400 {
            do {
                let tokenizer = try Tokenizer(tokenizerJSON: mutate(bytes, &generator))
                accepted += 1
                let ids = tokenizer.encode("the Score: 10<|end|>\n", recognisingSpecials: true)
                _ = tokenizer.decode(ids)
                _ = try Tokenizer(tokenizerJSON: tokenizer.tokenizerJSON())
            } catch let error as TokenizersError {
                #expect(!error.what.isEmpty)
            } catch let error as FormatsError {
                #expect(error.location?.contains("tokenizer.json") == true)
            }
        }
        #expect(accepted < 400)
    }

    @Test(arguments: [
        ("normalizer", #"{"type":"Precompiled"}"#), ("normalizer", #"{"type":"Nmt"}"#),
        ("pre_tokenizer", #"{"type":"Whitespace"}"#),
        ("pre_tokenizer", "null"),
        ("pre_tokenizer", #"{"type":"Split","pattern":{"String":" "},"behavior":"Isolated","invert":false}"#),
        ("pre_tokenizer", #"{"type":"Sequence","pretokenizers":[{"type":"ByteLevel"},{"type":"ByteLevel"}]}"#),
        (
            "pre_tokenizer",
            #"""
            {"type":"Sequence","pretokenizers":[
            {"type":"Split","pattern":{"Regex":"\\X+"},"behavior":"Isolated","invert":false},
            {"type":"ByteLevel","add_prefix_space":false,"use_regex":false}]}
            """#
        ),
        (
            "pre_tokenizer",
            #"""
            {"type":"Sequence","pretokenizers":[
            {"type":"UnicodeScripts"},{"type":"ByteLevel","add_prefix_space":false}]}
            """#
        ),
        ("decoder", "null"), ("decoder", #"{"type":"WordPiece"}"#), ("post_processor", #"{"type":"BertProcessing"}"#),
        ("model", #"{"type":"WordPiece","vocab":{}}"#), ("model", #"{"type":"Unigram","vocab":[]}"#), ("model", "null"),
        ("model", #"{"type":"BPE","vocab":{"a":0,"b":1},"merges":[["a","b"]]}"#),
        ("model", #"{"type":"BPE","vocab":{"a":0,"b":0},"merges":[]}"#),
        ("model", #"{"type":"BPE","vocab":{"a":-1},"merges":[]}"#),
        ("model", #"{"type":"BPE","vocab":{"a":3999999},"merges":[]}"#),
        ("model", #"{"type":"BPE","vocab":{"a":1e300},"merges":[]}"#),
        ("model", #"{"type":"BPE","vocab":{"a":0},"merges":["a"]}"#),
        ("model", #"{"type":"BPE","vocab":{"a":0},"merges":[1]}"#),
        ("model", #"{"type":"BPE","vocab":{"a":0},"merges":[],"byte_fallback":true}"#),
        ("model", #"{"type":"BPE","vocab":{"a":0},"merges":[],"dropout":0.1}"#),
        ("model", #"{"type":"BPE","vocab":{"a":0},"merges":[],"end_of_word_suffix":"</w>"}"#),
        ("added_tokens", #"[{"id":5,"content":"x"},{"id":5,"content":"y"}]"#),
        ("added_tokens", #"[{"id":0,"content":"other"}]"#),
        ("added_tokens", #"[{"id":9999999999,"content":"x"}]"#), ("added_tokens", #"[{"content":"x"}]"#),
        ("added_tokens", #"[3]"#),
    ])
    func whatWeDoNotKnowIsRefusedAndQuoted(_ part: String, _ value: String) throws {
        var json = try JSONValue.parse(Array(Self.smallest.utf8), name: "smallest").asObject ?? JSONObject()
        _ = try Tokenizer(tokenizerJSON: JSONValue.object(json).encoded())
        json[part] = try JSONValue.parse(Array(value.utf8), name: "change")
        let error = #expect(throws: TokenizersError.self) {
            try Tokenizer(tokenizerJSON: JSONValue.object(json).encoded(), file: "t.json")
        }
        #expect(error?.location == "t.json")
        if case .unsupported(_, let found, _)? = error { #expect(!found.isEmpty) }
    }

    static let smallest = """
        {"added_tokens":[{"id":3,"content":"<s>","special":true}],"normalizer":null,
        "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false},"post_processor":null,
        "decoder":{"type":"ByteLevel"},"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":[["a","b"]]}}
        """

    @Test func aBeginningOfSequenceIsReportedAndNeverAdded() throws {
        var json = try JSONValue.parse(Array(Self.smallest.utf8), name: "smallest").asObject ?? JSONObject()
        let processor = """
            {"type":"Sequence","processors":[{"type":"ByteLevel"},{"type":"TemplateProcessing",
            "single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":[],
            "special_tokens":{"<s>":{"id":"<s>","ids":[3],"tokens":["<s>"]}}}]}
            """
        json["post_processor"] = try JSONValue.parse(Array(processor.utf8), name: "change")
        let tokenizer = try Tokenizer(tokenizerJSON: JSONValue.object(json).encoded())
        #expect(tokenizer.addsBOS)
        #expect(tokenizer.bosID == 3)
        #expect(tokenizer.encode("ab", recognisingSpecials: true) == [2])
        let reread = try Tokenizer(tokenizerJSON: tokenizer.tokenizerJSON())
        #expect(reread.addsBOS && reread.bosID == 3)
    }

    @Test func brokenGGUFVocabulariesAreRefused() throws {
        let good = GGUFVocabulary(pre: "smollm", tokens: ["a", "b", "ab"], types: [1, 1, 1], merges: ["a b"])
        #expect(try Tokenizer(gguf: good).encode("abab", recognisingSpecials: false) == [2, 2])
        var bad = good
        bad.pre = "kimi-k2"
        #expect(throws: TokenizersError.self) { try Tokenizer(gguf: bad) }
        bad = good
        bad.model = "llama"
        #expect(throws: TokenizersError.self) { try Tokenizer(gguf: bad) }
        bad = good
        bad.types = [1]
        #expect(throws: TokenizersError.self) { try Tokenizer(gguf: bad) }
        bad = good
        bad.merges = ["a  b"]
        #expect(throws: TokenizersError.self) { try Tokenizer(gguf: bad) }
        bad = good
        bad.bosID = 17
        #expect(throws: TokenizersError.self) { try Tokenizer(gguf: bad) }
        bad = good
        bad.tokens = ["a", "b", "a"]
        #expect(throws: TokenizersError.self) { try Tokenizer(gguf: bad) }
    }
}
