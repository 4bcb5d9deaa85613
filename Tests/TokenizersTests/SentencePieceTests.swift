import Compute
import Formats
import Testing
import Tokenizers

/// tokenizer.model and GGUF beside the tokenizer.json of the same vocabulary, and files that are no such model.
@Suite struct SentencePieceTests {
    private static func settings(
        _ json: String = "{}", map: String? = nil, added: String? = nil, family: String = "llama"
    )
        throws -> SentencePieceSettings
    {
        func parse(_ text: String) throws -> JSONValue { try JSONValue.parse(Array(text.utf8), name: "settings") }
        return try SentencePieceSettings(
            configuration: parse(json), map: map.map(parse), addedTokens: added.map(parse), family: family,
            file: "tokenizer_config.json")
    }

    private static func tokenizer(_ name: String, _ settings: SentencePieceSettings) throws -> Tokenizer {
        try Tokenizer(
            sentencePiece: SentencePieceModel(Fixtures.bytes("\(name).model"), file: "\(name).model"),
            settings: settings, file: "\(name).model")
    }

    private static func gguf(_ name: String) throws -> Tokenizer {
        let file = try GGUFFile(path: Fixtures.root.appendingPathComponent("\(name).gguf").path)
        return try Tokenizer(gguf: GGUFVocabulary(metadata: file.metadata, file: name), file: name)
    }

    private static func expectEqual(
        _ tokenizer: Tokenizer, _ plain: [Fixtures.Digest], _ recognised: [Fixtures.Digest], on strings: [String]
    ) {
        #expect(plain.count == strings.count)
        for (index, text) in strings.enumerated() {
            #expect(
                Fixtures.Digest(tokenizer.encode(text, recognisingSpecials: false)) == plain[index],
                "\(text.debugDescription)")
            #expect(
                Fixtures.Digest(tokenizer.encode(text, recognisingSpecials: true)) == recognised[index],
                "\(text.debugDescription)")
        }
    }

    @Test(arguments: PieceTests.vocabularies, ["model", "gguf"])
    func everySourceGivesTheIDsOfTheTokenizerJSON(_ name: String, _ source: String) throws {
        let tokenizer =
            try source == "gguf"
            ? Self.gguf(name)
            : Self.tokenizer(name, Self.settings(family: name == "gemma-style" ? "gemma3_text" : "llama"))
        let (plain, recognised) = try Fixtures.digests(name)
        let strings = try Fixtures.strings()
        Self.expectEqual(tokenizer, plain, recognised, on: strings)
        #expect(
            tokenizer.addsBOS && tokenizer.bosID == tokenizer.id(ofSpecial: name == "llama-style" ? "<s>" : "<bos>"))
        let written = tokenizer.tokenizerJSON()
        let reread = try Tokenizer(tokenizerJSON: written)
        Self.expectEqual(reread, plain, recognised, on: strings)
        #expect(reread.tokenizerJSON() == written)
    }

    @Test(arguments: [
        (#"{"legacy": false}"#, "metaspace first False"), (#"{"add_prefix_space": false}"#, "metaspace never False"),
        (#"{"legacy": true, "tokenizer_class": "LlamaTokenizerFast"}"#, "sentencepiece's own prefix"),
    ])
    func settingsChangeATextsBeginning(_ json: String, _ variant: String) throws {
        let names = try (Fixtures.json("pieces-variants.json").asObject?.members ?? []).map(\.key)
        let index = try #require(names.firstIndex(of: variant))
        let few = try Fixtures.strings().enumerated().filter { $0.offset % 10 == 0 }.map(\.element)
        let rows = try Fixtures.digestRows("pieces-variants")[(index * few.count * 2)...].prefix(few.count * 2)
        try Self.expectEqual(
            Self.tokenizer("llama-style", Self.settings(json)), Array(rows.prefix(few.count)),
            Array(rows.suffix(few.count)), on: few)
    }

    @Test func filesBesideTheModelNameTokens() throws {
        let tokenizer = try Self.tokenizer(
            "llama-style",
            Self.settings(
                #"{"bos_token": {"content": "</s>"}, "add_bos_token": true, "pad_token": "<nowhere>"}"#,
                map: #"{"additional_special_tokens": ["<|user|>"]}"#,
                added: #"{"<|user|>": 1600, "<think>": 1601}"#))
        #expect(tokenizer.bosID == 2 && tokenizer.addsBOS)
        #expect(tokenizer.vocabularySize == 1602)
        #expect(tokenizer.specialIDs.contains(1600) && !tokenizer.specialIDs.contains(1601))
        #expect(tokenizer.id(ofSpecial: "<nowhere>") == nil)
        #expect(tokenizer.encode("<|user|><think>", recognisingSpecials: true) == [1600, 1601])
        let renamed = try Self.tokenizer(
            "llama-style",
            Self.settings(
                #"{"add_bos_token": false, "added_tokens_decoder": {"1": {"content": "<begin>", "special": true}}}"#))
        #expect(renamed.encode("<begin>", recognisingSpecials: true) == [1] && !renamed.addsBOS)
        #expect(renamed.encode("<s>", recognisingSpecials: true) != [1])
    }

    @Test(arguments: [
        #"{"tokenizer_class": "XLNetTokenizer"}"#, #"{"legacy": "yes"}"#, #"{"added_tokens_decoder": [1]}"#,
        #"{"added_tokens_decoder": {"x": {"content": "a"}}}"#, #"{"bos_token": 7}"#,
    ])
    func settingsThatSayNothingKnownAreRefused(_ json: String) {
        #expect(throws: TokenizersError.self) { try Self.settings(json) }
    }

    // MARK: Models written here

    private static func varint(_ value: UInt64) -> [UInt8] {
        value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F) | 0x80] + varint(value >> 7)
    }

    private static func field(_ number: UInt64, _ bytes: [UInt8]) -> [UInt8] {
        varint(number << 3 | 2) + varint(UInt64(bytes.count)) + bytes
    }

    private static func field(_ number: UInt64, _ value: UInt64) -> [UInt8] { varint(number << 3) + varint(value) }

    private static func piece(_ text: String, _ score: Float, _ type: UInt64) -> [UInt8] {
        let bits = score.bitPattern
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt32($0))) }
        return field(1, field(1, Array(text.utf8)) + [2 << 3 | 5] + bytes + field(3, type))
    }

    /// - Parameters:
    ///   - trainer, normalizer: fields that take the place of a plain model's.
    private static func model(
        more: [UInt8] = [], trainer: [UInt8] = [], normalizer: [UInt8] = []
    ) -> [UInt8] {
        var bytes = piece("<unk>", 0, 2) + piece("<s>", 0, 3) + piece("</s>", 0, 3)
        for (index, text) in ["ab", "\u{2581}ab", "abc"].enumerated() { bytes += piece(text, -Float(index), 1) }
        for text in ["\u{2581}", "a", "b", "c", "é"] { bytes += piece(text, -10, 1) }
        return bytes + more + field(2, field(3, 2) + trainer) + field(3, field(4, 0) + normalizer)
    }

    private static func tokenizer(_ bytes: [UInt8]) throws -> Tokenizer {
        try Tokenizer(
            sentencePiece: SentencePieceModel(bytes, file: "tokenizer.model"), settings: settings(),
            file: "tokenizer.model")
    }

    @Test func aModelOfAFewPiecesMergesByScore() throws {
        let tokenizer = try Self.tokenizer(Self.model())
        #expect(tokenizer.encode("abc ab", recognisingSpecials: true).map(tokenizer.piece) == [" ab", "c", " ab"])
        #expect(
            tokenizer.encode("xyé<s>", recognisingSpecials: true).map(tokenizer.piece) == [" ", "<unk>", "é", "<s>"])
        #expect(tokenizer.encode("<s>", recognisingSpecials: false).map(tokenizer.piece) == [" ", "<unk>"])
    }

    @Test(arguments: [
        ("unigram", model(trainer: field(3, 1))), ("char", model(trainer: field(3, 4))),
        ("charsmap", model(normalizer: field(2, [1, 2, 3]))),
        ("remove_extra_whitespaces", model(normalizer: field(4, 1))),
        ("escape_whitespaces", model(normalizer: field(5, 0))),
        ("treat_whitespace_as_suffix", model(trainer: field(24, 1))), ("unused", model(more: piece("q", 0, 5))),
        ("256 byte pieces", model(trainer: field(35, 1))),
    ])
    func whatWouldGiveOtherIDsIsRefusedByName(_ name: String, _ bytes: [UInt8]) {
        do {
            _ = try Self.tokenizer(bytes)
            Issue.record("\(name) was read")
        } catch {
            #expect("\(error)".contains(name), "\(error)")
        }
    }

    @Test func everyDamagedByteGivesAnErrorOrATokenizer() throws {
        let whole = Self.model()
        #expect(whole.count > 150)
        var refused = 0
        for index in whole.indices {
            for value in [0x00, 0xFF, whole[index] ^ 1, whole[index] ^ 0x80, whole[index] &+ 1] as [UInt8] {
                var bytes = whole
                bytes[index] = value
                do {
                    let tokenizer = try Self.tokenizer(bytes)
                    let ids = tokenizer.encode("abc <s> é\u{1F600}", recognisingSpecials: true)
                    _ = tokenizer.decodeWhole(ids)
                    _ = try Tokenizer(tokenizerJSON: tokenizer.tokenizerJSON())
                } catch let error as any GenacError {
                    #expect(!error.what.isEmpty)
                    refused += 1
                }
            }
        }
        #expect(refused > 100)
    }

    @Test func aFileCutShortIsAnError() throws {
        let whole = Self.model()
        for end in whole.indices {
            do {
                _ = try Self.tokenizer(Array(whole[..<end]))
                Issue.record("\(end) of \(whole.count) bytes were read")
            } catch let error as TokenizersError {
                #expect(!error.what.isEmpty)
            }
        }
    }

    @Test func numbersThatNeverEndAndFieldsBeyondTheFileAreErrors() {
        let forged: [[UInt8]] = [
            [UInt8](repeating: 0xFF, count: 40), Self.varint(1 << 3 | 2) + Self.varint(1 << 62), [1 << 3 | 3], [0],
            Self.field(1, 5), Array("{\"model\": 1}".utf8), [],
        ]
        for bytes in forged {
            #expect(throws: TokenizersError.self) { try SentencePieceModel(bytes, file: "tokenizer.model") }
        }
    }

    @Test func aLongTextWithoutBlanksTakesNoQuadraticTime() throws {
        let tokenizer = try Self.tokenizer("llama-style", Self.settings())
        let text = String(repeating: "thequestion", count: 20_000)
        let ids = tokenizer.encode(text, recognisingSpecials: true)
        #expect(tokenizer.decodeWhole(ids) == text)
    }
}
