extension GGUFVocabulary {
    /// llama.cpp's name for SentencePiece's BPE.
    static let pieceModel = "llama"

    private enum TokenType: Int { case normal = 1, unknown, control, userDefined, unused, byte }

    /// A SentencePiece vocabulary. A file does not say what its own tokenizer.json did with a text's beginning; like
    /// llama.cpp we put a blank before each stretch between added tokens, as Llama 2's does, or none anywhere, as
    /// Gemma's does. Other than llama.cpp we do not match runs of blanks before anything else, which cuts runs longer
    /// than the longest piece elsewhere: Gemma's tokenizer.json merges them.
    func pieceTables(file: String?) throws -> TokenizerTables {
        guard types.count == tokens.count, scores.count == tokens.count else {
            throw TokenizersError.malformed(
                "\(tokens.count) tokens but \(types.count) token types and \(scores.count) scores", file: file)
        }
        guard scores.allSatisfy({ !$0.isNaN }) else {
            throw TokenizersError.malformed("a score is no number", file: file)
        }
        let kinds = try types.enumerated().map { id, type in
            guard let kind = TokenType(rawValue: type) else {
                throw TokenizersError.unsupported(
                    part: "tokenizer.ggml.token_type of token \(id)", found: "\(type)", file: file)
            }
            return kind
        }
        var tables = TokenizerTables()
        let prefixes = addsSpacePrefix ?? true
        tables.pieces = PieceRules(
            normalizing: prefixes ? [.prepend, .escape] : [.escape], stripsLeadingBlank: prefixes)
        let spellings = zip(tokens, kinds).map { $1 == .userDefined ? Self.respelled($0) : $0 }
        tables.entries = spellings.enumerated().map { .init(id: $0.offset, spelling: $0.element) }
        tables.impliedMerges = PieceMerges(
            scores: zip(scores, kinds).map { $1 == .normal ? Float($0) : nil },
            definedByUser: Set(kinds.indices.filter { kinds[$0] == .userDefined }))
        tables.fallsBackToBytes = kinds.contains(.byte)
        tables.fusesUnknown = true
        tables.unknown = try unknown(spellings, kinds, file: file)
        tables.addedTokens = zip(spellings, kinds).enumerated().compactMap { id, entry in
            let (content, kind) = entry
            guard !content.isEmpty, content.utf8.elementsEqual(tokens[id].utf8), let id = TokenID(exactly: id) else {
                return nil
            }
            switch kind {
            case .control, .unknown: return AddedToken(id: id, content: content, special: true)
            case .userDefined: return AddedToken(id: id, content: content, special: false)
            case .normal, .unused, .byte: return nil
            }
        }
        tables.bosID = bosID.flatMap(TokenID.init(exactly:))
        tables.eosID = eosID.flatMap(TokenID.init(exactly:))
        tables.addsBOS = (addsBOS ?? true) && tables.bosID != nil
        tables.addsEOS = addsEOS && tables.eosID != nil
        return tables
    }

    /// llama.cpp's converter writes a run of blanks that a user defined as blanks; merges want it as a piece, and as
    /// an added token it would be matched in the text instead.
    private static func respelled(_ token: String) -> String {
        guard token.utf8.allSatisfy({ $0 == 0x20 }) else { return token }
        return String(repeating: "\u{2581}", count: token.utf8.count)
    }

    private func unknown(_ spellings: [String], _ kinds: [TokenType], file: String?) throws -> String? {
        guard let id = unknownID ?? kinds.firstIndex(of: .unknown) else { return nil }
        guard spellings.indices.contains(id) else {
            throw TokenizersError.malformed("the unknown token has id \(id), which no token has", file: file)
        }
        return spellings[id]
    }
}
