import Formats
import Testing
import Tokenizers

/// Vocabularies of pieces beside `tokenizers`, which Tests/Oracles/tokenizers_pieces.py compared with SentencePiece.
@Suite struct PieceTests {
    static let vocabularies = ["llama-style", "gemma-style"]

    @Test(arguments: vocabularies)
    func tenThousandStringsGiveTheIDsOfTokenizers(_ name: String) throws {
        try expectEqual(Fixtures.tokenizer(name), Fixtures.digests(name), on: Fixtures.strings())
    }

    @Test(arguments: vocabularies)
    func theWrittenTokenizerEncodesAlike(_ name: String) throws {
        let written = try Fixtures.tokenizer(name).tokenizerJSON()
        let reread = try Tokenizer(tokenizerJSON: written)
        #expect(reread.tokenizerJSON() == written)
        try expectEqual(reread, Fixtures.digests(name), on: Fixtures.strings())
    }

    @Test func otherStepsAroundTheModelGiveTheIDsOfTokenizers() throws {
        let changes = try Fixtures.json("pieces-variants.json").asObject ?? JSONObject()
        let few = try Fixtures.strings().enumerated().filter { $0.offset % 10 == 0 }.map(\.element)
        let rows = try Fixtures.digestRows("pieces-variants")
        #expect(changes.count > 10 && rows.count == changes.count * few.count * 2)
        for (index, change) in changes.members.enumerated() {
            var json = try Fixtures.json("llama-style.json").asObject ?? JSONObject()
            for (key, value) in change.value.asObject?.members ?? [] {
                guard key == "model", var model = json["model"]?.asObject else {
                    json[key] = value
                    continue
                }
                for (key, value) in value.asObject?.members ?? [] { model[key] = value }
                json["model"] = .object(model)
            }
            let tokenizer = try Tokenizer(tokenizerJSON: JSONValue.object(json).encoded())
            let first = index * few.count * 2
            let digests = (
                plain: Array(rows[first..<first + few.count]),
                recognised: Array(rows[first + few.count..<first + 2 * few.count])
            )
            try expectEqual(tokenizer, digests, on: few, change.key)
            try expectEqual(Tokenizer(tokenizerJSON: tokenizer.tokenizerJSON()), digests, on: few, change.key)
        }
    }

    @Test(arguments: vocabularies)
    func decodingAWholeTextGivesItBack(_ name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        for text in try Fixtures.strings() where !text.unicodeScalars.contains("\u{2581}") {
            let ids = tokenizer.encode(text, recognisingSpecials: false)
            #expect(tokenizer.decodeWholeBytes(ids) == Array(text.utf8), "\(text.debugDescription)")
        }
    }

    @Test(arguments: vocabularies)
    func anyIDsDecodeAsTokenizersDoes(_ name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        let rows = try Fixtures.json("pieces-decoded.json")[name]?.asArray ?? []
        #expect(rows.count == 300)
        var compared = 0
        for row in rows {
            let ids = (row["ids"]?.asArray ?? []).compactMap { $0.asInt.flatMap(TokenID.init(exactly:)) }
            let text = row["text"]?.asString ?? "?"
            // `tokenizers` gives up a whole run of bytes of which one is no UTF-8; ours keeps what is.
            if text.unicodeScalars.contains("\u{FFFD}") { continue }
            #expect(Array(tokenizer.decodeWhole(ids).utf8) == Array(text.utf8))
            compared += 1
        }
        #expect(compared > 100)
    }

    @Test(arguments: vocabularies)
    func streamedPiecesAreWholeScalarsAndAddUp(_ name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        for text in try Fixtures.strings().prefix(3000) {
            let ids = tokenizer.encode(text, recognisingSpecials: true)
            var decoder = StreamingDecoder(tokenizer)
            var streamed = ""
            for id in ids { streamed += decoder.append(id) }
            streamed += decoder.finish()
            #expect(Array(streamed.utf8) == Array(tokenizer.decode(ids).utf8))
        }
    }

    @Test func bytesOfAScalarAreGivenOutTogether() throws {
        let tokenizer = try Fixtures.tokenizer("llama-style")
        let ids = tokenizer.encode("\u{1F9EE}!", recognisingSpecials: false, continuing: true)
        #expect(ids.count == 5)
        var decoder = StreamingDecoder(tokenizer)
        #expect(ids.map { decoder.append($0) } == ["", "", "", "\u{1F9EE}", "!"])
    }

    @Test func aContinuationGetsNoBlankInFront() throws {
        let llama = try Fixtures.tokenizer("llama-style")
        let whole = llama.encode("the answer", recognisingSpecials: false)
        #expect(llama.decode(whole) == " the answer")
        #expect(llama.decodeWhole(whole) == "the answer")
        let continued = llama.encode("the answer", recognisingSpecials: false, continuing: true)
        #expect(llama.decode(continued) == "the answer")
        #expect(continued != whole)
        #expect(llama.encode(" the answer", recognisingSpecials: false, continuing: true) == whole)
        // Behind an added token a text begins anew, as `tokenizers` has it.
        let behind = llama.encode("</s>the", recognisingSpecials: true, continuing: true)
        #expect(llama.decode(behind) == "</s> the")
        let gemma = try Fixtures.tokenizer("gemma-style")
        for text in try Fixtures.strings().prefix(500) {
            #expect(
                gemma.encode(text, recognisingSpecials: false)
                    == gemma.encode(text, recognisingSpecials: false, continuing: true))
        }
    }

    @Test(arguments: vocabularies)
    func textThatGoesOnSharesItsIDs(_ name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        let solution = "First, 12 + 30 = 42.\nThen 42 / 2 = 21.\nSo the answer is \\boxed{21}."
        let suffix = "\n\nHow likely is it that this is right? Score:"
        for end in [20, 38, solution.utf8.count] {
            let prefix = String(decoding: Array(solution.utf8)[..<end], as: UTF8.self)
            let ids = tokenizer.encode(prefix, recognisingSpecials: true)
            #expect(tokenizer.encode(prefix + suffix, recognisingSpecials: true).starts(with: ids))
        }
    }

    @Test(arguments: vocabularies)
    func guardedTextEncodesAsPlainText(_ name: String) throws {
        let tokenizer = try Fixtures.tokenizer(name)
        let bos = name == "llama-style" ? "<s>" : "<bos>"
        let more = ["I say \(bos) twice \(bos)\(bos)", bos, " \(bos) x", "a</s>b"]
        for text in try Fixtures.strings().prefix(3000) + more {
            let guardian = SpecialGuard(for: tokenizer, inputs: [text])
            let plain = tokenizer.encode(text, recognisingSpecials: false)
            #expect(tokenizer.encode(guardian.protect(text), guardedBy: guardian) == plain)
            #expect(plain.allSatisfy { !tokenizer.specialIDs.contains($0) || $0 == tokenizer.id(ofSpecial: "<unk>") })
            // The template's own are recognised all the same.
            let framed = tokenizer.encode(bos + guardian.protect(text), guardedBy: guardian)
            #expect(framed.first == tokenizer.id(ofSpecial: bos))
        }
    }

    @Test func tokensAreFoundByWhatTheySay() throws {
        let tokenizer = try Fixtures.tokenizer("llama-style")
        let the = try #require(tokenizer.id(ofBytes: Array(" the".utf8)))
        #expect(tokenizer.bytes(of: the) == Array(" the".utf8))
        let seven = try #require(tokenizer.id(ofBytes: Array("7".utf8)))
        #expect(tokenizer.encode("7", recognisingSpecials: false, continuing: true) == [seven])
        let byte = try #require(tokenizer.id(ofBytes: [0xF0]))
        #expect(tokenizer.piece(byte) == "<0xF0>")
        #expect(tokenizer.id(ofBytes: Array("<s>".utf8)) == nil)
        #expect(tokenizer.id(ofBytes: Array("<0x41>".utf8)) == nil)
    }

    private func expectEqual(
        _ tokenizer: Tokenizer, _ digests: (plain: [Fixtures.Digest], recognised: [Fixtures.Digest]),
        on strings: [String], _ name: String = ""
    ) throws {
        #expect(digests.plain.count == strings.count)
        var failures: [String] = []
        for (index, text) in strings.enumerated() {
            for (digests, specials) in [(digests.plain, false), (digests.recognised, true)] {
                let ids = tokenizer.encode(text, recognisingSpecials: specials)
                if Fixtures.Digest(ids) != digests[index] {
                    failures.append("\(index) \(specials) \(text.debugDescription) -> \(ids.map(tokenizer.piece))")
                }
            }
        }
        #expect(failures.isEmpty, "\(name): \(failures.count) differ: \(failures.prefix(20).joined(separator: "\n"))")
    }
}
