/// What a SentencePiece file (`tokenizer.model`) says: the fields of `sentencepiece_model.proto` that change ids.
///
/// Read by hand: four messages of a published format do not pay for swift-protobuf and its generated code.
package struct SentencePieceModel: Sendable {
    /// `ModelProto.SentencePiece.Type`.
    enum PieceType: Int { case normal = 1, unknown, control, userDefined, unused, byte }

    struct Piece {
        var text = ""
        var score: Float = 0
        var type = PieceType.normal
    }

    var pieces: [Piece] = []
    /// `trainer_spec.model_type`: 1 unigram, 2 BPE, 3 words, 4 characters.
    var modelType = 1
    var fallsBackToBytes = false
    var blankIsSuffix = false
    /// Ids of the tokens that begin and end a text; -1: there is none.
    var bosID = 1
    var eosID = 2
    /// `normalizer_spec`.
    var charsmapSize = 0
    var addsDummyPrefix = true
    var removesExtraBlanks = true
    var escapesBlanks = true

    /// - Parameter file: its name, for errors.
    /// - Throws: ``TokenizersError/malformed(_:file:)`` for what is no such file or cut short.
    package init(_ bytes: [UInt8], file: String) throws {
        // Lines of base64 and a rank: Meta's own Llama 3 has one under this name.
        let first = String(decoding: bytes.prefix(64).prefix { $0 != 0x0A }, as: UTF8.self)
        guard first.wholeMatch(of: /[A-Za-z0-9+\/]+=* 0/) == nil else {
            throw TokenizersError.unsupported(
                part: "tokenizer.model", found: "a vocabulary of tiktoken; take the model's tokenizer.json", file: file)
        }
        var reader = ProtobufReader(bytes[...], file: file)
        while let (number, value) = try reader.next() {
            switch number {
            case 1: pieces.append(try Self.piece(Self.message(value, "pieces", file), file: file))
            case 2: try readTrainer(Self.message(value, "trainer_spec", file), file: file)
            case 3: try readNormalizer(Self.message(value, "normalizer_spec", file), file: file)
            default: continue
            }
        }
        guard !pieces.isEmpty else {
            throw TokenizersError.malformed("not a SentencePiece model: it has no pieces", file: file)
        }
    }

    private static func message(_ value: ProtobufReader.Value, _ name: String, _ file: String) throws -> ProtobufReader
    {
        ProtobufReader(try known(value.asBytes, name, file), file: file)
    }

    private static func known<Result>(_ value: Result?, _ name: String, _ file: String) throws -> Result {
        guard let value else {
            throw TokenizersError.malformed("not a SentencePiece model: \(name) is of another kind", file: file)
        }
        return value
    }

    private static func piece(_ message: ProtobufReader, file: String) throws -> Piece {
        var piece = Piece()
        var reader = message
        while let (number, value) = try reader.next() {
            switch number {
            case 1: piece.text = try known(value.asString, "a piece's text", file)
            case 2: piece.score = try known(value.asFloat, "a piece's score", file)
            case 3: piece.type = try known(value.asInt.flatMap(PieceType.init), "a piece's type", file)
            default: continue
            }
        }
        guard !piece.text.isEmpty, !piece.score.isNaN else {
            throw TokenizersError.malformed("a piece is empty or has no number for a score", file: file)
        }
        return piece
    }

    private mutating func readTrainer(_ message: ProtobufReader, file: String) throws {
        var reader = message
        while let (number, value) = try reader.next() {
            switch number {
            case 3: modelType = try Self.known(value.asInt, "model_type", file)
            case 24: blankIsSuffix = try Self.known(value.asBool, "treat_whitespace_as_suffix", file)
            case 35: fallsBackToBytes = try Self.known(value.asBool, "byte_fallback", file)
            case 41: bosID = try Self.known(value.asInt, "bos_id", file)
            case 42: eosID = try Self.known(value.asInt, "eos_id", file)
            default: continue
            }
        }
    }

    private mutating func readNormalizer(_ message: ProtobufReader, file: String) throws {
        var reader = message
        while let (number, value) = try reader.next() {
            switch number {
            case 2: charsmapSize = try Self.known(value.asBytes, "precompiled_charsmap", file).count
            case 3: addsDummyPrefix = try Self.known(value.asBool, "add_dummy_prefix", file)
            case 4: removesExtraBlanks = try Self.known(value.asBool, "remove_extra_whitespaces", file)
            case 5: escapesBlanks = try Self.known(value.asBool, "escape_whitespaces", file)
            default: continue
            }
        }
    }
}
