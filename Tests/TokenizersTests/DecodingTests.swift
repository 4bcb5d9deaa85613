import Testing
import Tokenizers

@Suite struct DecodingTests {
    @Test(arguments: EncodingTests.vocabularies)
    func anyIDsDecodeAsTokenizersDoes(_ name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        let rows = try Fixtures.json("decoded.json")[name]?.asArray ?? []
        #expect(rows.count == 300)
        var compared = 0
        for row in rows {
            let ids = (row["ids"]?.asArray ?? []).compactMap { $0.asInt.flatMap(TokenID.init(exactly:)) }
            // `tokenizers` reads a special token with accents as the byte alphabet; ours keeps its text.
            if ids.contains(where: { id in
                tokenizer.addedTokens.contains { $0.id == id && !$0.content.utf8.allSatisfy { $0 < 0x80 } }
            }) {
                continue
            }
            #expect(Array(tokenizer.decode(ids).utf8) == Array((row["text"]?.asString ?? "?").utf8))
            compared += 1
        }
        #expect(compared > 200)
    }

    @Test(arguments: EncodingTests.vocabularies)
    func streamedPiecesAreWholeScalarsAndAddUp(_ name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        let rows = try Fixtures.json("decoded.json")[name]?.asArray ?? []
        let random = rows.map { ($0["ids"]?.asArray ?? []).compactMap { $0.asInt.flatMap(TokenID.init(exactly:)) } }
        let encoded = try Fixtures.strings().prefix(2000).map { tokenizer.encode($0, recognisingSpecials: true) }
        for ids in random + encoded {
            var decoder = StreamingDecoder(tokenizer)
            var text = ""
            for id in ids { text += decoder.append(id) }
            text += decoder.finish()
            #expect(Array(text.utf8) == Array(tokenizer.decode(ids).utf8))
        }
    }

    @Test func nothingOfAScalarIsGivenOutBeforeItIsWhole() throws {
        let tokenizer = try Fixtures.tokenizer("gpt2-style")
        let bytes = Array("😀é!".utf8)
        let ids = bytes.compactMap { tokenizer.id(ofBytes: [$0]) }
        #expect(ids.count == bytes.count)
        var decoder = StreamingDecoder(tokenizer)
        #expect(ids.map { decoder.append($0) } == ["", "", "", "😀", "", "é", "!"])
        #expect(decoder.finish() == "")
        _ = decoder.append(ids[0])
        #expect(decoder.finish() == "\u{FFFD}")
    }

    @Test func idsWithoutATokenAreNothing() throws {
        let tokenizer = try Fixtures.tokenizer("gpt2-style")
        #expect(tokenizer.decode([-1, .max, 0]) == tokenizer.decode([0]))
        #expect(tokenizer.bytes(of: .min).isEmpty)
        #expect(tokenizer.piece(TokenID(tokenizer.vocabularySize)) == "")
    }

    @Test func piecesShowBytesThatAreNoText() throws {
        let tokenizer = try Fixtures.tokenizer("gpt2-style")
        let id = try #require(tokenizer.id(ofBytes: [0xE2]))
        #expect(tokenizer.piece(id) == "<0xE2>")
    }
}
