extension Tokenizer {
    /// Makes a tokenizer from a SentencePiece file and what stands beside it.
    ///
    /// Ids are SentencePiece's own. transformers 5 ranks merges by id rather than by score under the name
    /// `LlamaTokenizer`, which gives runs of blanks other ids than the model was trained on; version 4 did not.
    /// - Parameter file: its name, for errors.
    /// - Throws: ``TokenizersError`` for what is no such model, or of a kind that is not read.
    package convenience init(
        sentencePiece model: SentencePieceModel, settings: SentencePieceSettings, file: String
    ) throws {
        try self.init(SentencePieceTables(model: model, settings: settings, file: file).tables(), file: file)
    }
}

/// Brings a SentencePiece model to tables.
struct SentencePieceTables {
    let model: SentencePieceModel
    let settings: SentencePieceSettings
    let file: String

    func tables() throws -> TokenizerTables {
        try refuse()
        var tables = TokenizerTables()
        tables.pieces = rules
        tables.entries = model.pieces.enumerated().map { .init(id: $0.offset, spelling: $0.element.text) }
        tables.impliedMerges = PieceMerges(
            scores: model.pieces.map { $0.type == .normal ? $0.score : nil },
            definedByUser: Set(model.pieces.indices.filter { model.pieces[$0].type == .userDefined }))
        tables.fallsBackToBytes = model.fallsBackToBytes
        tables.fusesUnknown = true
        tables.addedTokens = added(renaming: &tables.entries)
        tables.unknown = model.pieces.firstIndex { $0.type == .unknown }.map { tables.entries[$0].spelling }
        let begins = settings.bosToken.flatMap { name in tables.addedTokens.first { $0.content.hasSameBytes(as: name) }
        }
        tables.bosID = begins?.id ?? (model.bosID < 0 ? nil : TokenID(exactly: model.bosID))
        tables.eosID = model.eosID < 0 ? nil : TokenID(exactly: model.eosID)
        tables.addsBOS = settings.addsBOS && tables.bosID != nil
        tables.addsEOS = settings.addsEOS && tables.eosID != nil
        return tables
    }

    private var rules: PieceRules {
        let decodesBytes = model.fallsBackToBytes
        guard settings.kind == .llama else {
            return PieceRules(normalizing: [.escape], cutting: [.behindBlanks], hasBytes: decodesBytes)
        }
        guard settings.addsPrefixSpace ?? model.addsDummyPrefix else {
            return PieceRules(normalizing: [.escape], hasBytes: decodesBytes)
        }
        if settings.isLegacy {
            return PieceRules(normalizing: [.prepend, .escape], stripsLeadingBlank: true, hasBytes: decodesBytes)
        }
        return PieceRules(
            cutting: [.metaspace(.first, splits: false)], stripsLeadingBlank: true, hasBytes: decodesBytes)
    }

    /// The model's own control tokens and those of the files beside it. One that gives a piece's id another name
    /// renames it: files fill placeholders so.
    private func added(renaming entries: inout [TokenizerTables.Entry]) -> [AddedToken] {
        var tokens: [TokenID: AddedToken] = [:]
        for (id, piece) in zip(TokenID(0)..., model.pieces) {
            switch piece.type {
            case .control, .unknown: tokens[id] = AddedToken(id: id, content: piece.text, special: true)
            case .userDefined: tokens[id] = AddedToken(id: id, content: piece.text, special: false)
            case .normal, .unused, .byte: continue
            }
        }
        for var token in settings.added {
            token.special = token.special || tokens[token.id]?.special == true
            tokens[token.id] = token
            if Int(token.id) < entries.count { entries[Int(token.id)].spelling = token.content }
        }
        // A name that no id has is no token of this model: there is no row of its embedding for it.
        for name in settings.specials {
            if let id = tokens.values.first(where: { $0.content.hasSameBytes(as: name) })?.id {
                tokens[id]?.special = true
            } else if let entry = entries.first(where: { $0.spelling.hasSameBytes(as: name) }) {
                tokens[TokenID(entry.id)] = AddedToken(id: TokenID(entry.id), content: name, special: true)
            }
        }
        return tokens.values.sorted { $0.id < $1.id }
    }

    private func refuse() throws {
        func refuse(_ part: String, _ found: String) -> TokenizersError {
            .unsupported(part: "SentencePiece \(part)", found: found, file: file)
        }
        guard model.modelType == 2 else {
            let names = [1: "unigram", 3: "word", 4: "char"]
            throw refuse("model_type", names[model.modelType] ?? "\(model.modelType)")
        }
        guard model.charsmapSize == 0 else {
            throw refuse("normalizer", "a precompiled_charsmap of \(model.charsmapSize) bytes (nmt_nfkc and its like)")
        }
        if model.removesExtraBlanks { throw refuse("normalizer", "remove_extra_whitespaces") }
        if !model.escapesBlanks { throw refuse("normalizer", "escape_whitespaces false") }
        if model.blankIsSuffix { throw refuse("trainer", "treat_whitespace_as_suffix") }
        if let unused = model.pieces.first(where: { $0.type == .unused }) {
            throw refuse("piece type", "unused: \(unused.text)")
        }
        if model.fallsBackToBytes, model.pieces.lazy.filter({ $0.type == .byte }).count != 256 {
            throw TokenizersError.malformed("byte_fallback without 256 byte pieces", file: file)
        }
    }
}
