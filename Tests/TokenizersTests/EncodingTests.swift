import Formats
import Testing
import Tokenizers

@Suite struct EncodingTests {
    static let vocabularies = ["gpt2-style", "qwen2-style"] + (Fixtures.hasSmolLM2 ? ["smollm2"] : [])

    @Test(arguments: vocabularies)
    func tenThousandStringsGiveTheIDsOfTokenizers(_ name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        try expectEqual(tokenizer, "\(name)", on: Fixtures.strings())
    }

    @Test(arguments: ["add_prefix_space", "ignore_merges"])
    func variantsGiveTheIDsOfTokenizers(_ variant: String) throws {
        var json = try Fixtures.json("gpt2-style.json").asObject ?? JSONObject()
        let part = variant == "add_prefix_space" ? "pre_tokenizer" : "model"
        var changed = json[part]?.asObject ?? JSONObject()
        changed[variant] = true
        json[part] = .object(changed)
        let tokenizer = try Tokenizer(tokenizerJSON: JSONValue.object(json).encoded())
        let few = try Fixtures.strings().enumerated().filter { $0.offset % 10 == 0 }.map(\.element)
        try expectEqual(tokenizer, "gpt2-style.\(variant)", on: few)
    }

    @Test(arguments: vocabularies)
    func theWrittenTokenizerEncodesAlike(_ name: String) throws {
        let original = try Fixtures.tokenizer(name)
        let written = original.tokenizerJSON()
        let reread = try Tokenizer(tokenizerJSON: written)
        try expectEqual(reread, name, on: Fixtures.strings())
        #expect(reread.tokenizerJSON() == written)
        #expect(reread.vocabularySize == original.vocabularySize)
        #expect(reread.specialIDs == original.specialIDs)
    }

    @Test func oldMergesAreReadLikeNewOnes() throws {
        var json = try Fixtures.json("gpt2-style.json").asObject ?? JSONObject()
        var model = json["model"]?.asObject ?? JSONObject()
        let merges = model["merges"]?.asArray ?? []
        #expect(merges.count > 1000)
        let lines = merges.map { JSONValue.string(($0.asArray ?? []).compactMap(\.asString).joined(separator: " ")) }
        model["merges"] = .array([.string("#version: 0.2")] + lines)
        json["model"] = .object(model)
        let tokenizer = try Tokenizer(tokenizerJSON: JSONValue.object(json).encoded())
        try expectEqual(tokenizer, "gpt2-style", on: Fixtures.strings())
    }

    @Test(arguments: vocabularies)
    func decodingGivesTheTextBack(_ name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        let hasEveryByte = (0...255).allSatisfy { tokenizer.id(ofBytes: [UInt8($0)]) != nil }
        for text in try Fixtures.strings() {
            let ids = tokenizer.encode(text, recognisingSpecials: false)
            if hasEveryByte, tokenizer.normalizer == .nfc {
                // Added tokens are not normalised, so that only the whole is.
                #expect(normalisedBytes(tokenizer.decode(ids)) == normalisedBytes(text), "\(text.debugDescription)")
            } else if hasEveryByte {
                #expect(tokenizer.decodeBytes(ids) == Array(text.utf8), "\(text.debugDescription)")
            } else {
                #expect(tokenizer.decodeBytes(ids) == text.utf8.filter { tokenizer.id(ofBytes: [$0]) != nil })
            }
        }
    }

    @Test func anyBytesSurvive() throws {
        let tokenizer = try Fixtures.tokenizer("gpt2-style")
        var state: UInt64 = 1
        for length in 0..<300 {
            let bytes = (0..<length).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 56)
            }
            #expect(tokenizer.decodeBytes(tokenizer.encode(bytes, recognisingSpecials: false)) == bytes)
        }
    }

    private func expectEqual(_ tokenizer: Tokenizer, _ oracle: String, on strings: [String]) throws {
        let (plain, recognised) = try Fixtures.digests(oracle)
        #expect(plain.count == strings.count)
        var failures: [String] = []
        for (index, text) in strings.enumerated() {
            for (digests, specials) in [(plain, false), (recognised, true)] {
                let ids = tokenizer.encode(text, recognisingSpecials: specials)
                if Fixtures.Digest(ids) != digests[index] {
                    failures.append("\(index) \(specials) \(text.debugDescription) -> \(ids.map(tokenizer.piece))")
                }
            }
        }
        #expect(failures.isEmpty, "\(failures.count) differ: \(failures.prefix(20).joined(separator: "\n"))")
    }
}
