import Formats

extension JumpsTask {
    /// Ends a response.
    package static let endOfText = "<|endoftext|>"

    /// What a starter model reads as one token beside the 256 bytes and its end token. The tokenizer cuts text as
    /// SmolLM2's does (every digit alone, words with the blank before them), and a piece that is a word here is
    /// one token, so that a critic's prompt stays short; any other text still encodes, byte by byte.
    package static let words: [String] = taskWords + promptWords + looseWords

    /// What problems, solutions and chains are made of.
    private static let taskWords: [String] =
        ["Start", "left", "Score", " ok", " bad"]
        + Jumps.letters.map { " \($0)" } + Jumps.names.map { " \($0)" }

    /// The words of `prompts/actor/starter.mustache` and `prompts/critic/starter.mustache`.
    private static let promptWords: [String] =
        ["</", "problem", "solution", "Will", "It", "That", "Infer", "starter", "actor", " starter"]
        + ([
            "this solution end right is written by model of parameters solves percent such problems samples at",
            "temperature and writes most tokens its ability from the partial",
        ].joined(separator: " ")).split(separator: " ").map { " \($0)" }

    /// Words a user's own sentence about the actor may need.
    private static let looseWords: [String] =
        ["The", "This", "You", "Its", "He", "She", "They"]
        + [
            "The actor critic solution student teacher are was were be been has have had not no never always often",
            "rarely sometimes very quite good strong weak careful careless fast slow sure likely unlikely true false",
            "correct wrong error errors mistake mistakes makes make made one two three all some many few first last",
            "line lines group groups operation operations answer answers long short hard easy difficult simple in on",
            "for to with without or but as than more less most least it he she they you that which who what when how",
            "trained training step steps new old small large big so too only about after before then well poorly",
            "add adds plus minus times digit digits number numbers problem start ends judge solve solving",
        ].joined(separator: " ").split(separator: " ").map { " \($0)" }

    /// The starter models' tokenizer in Hugging Face's form: bytes first, then ``words``, then ``endOfText``.
    package static func tokenizerJSON() -> [UInt8] {
        var seen: Set<String> = []
        var vocabulary = JSONObject()
        var id: Int64 = 0
        for spelling in byteSpellings + words.map(spelled) where seen.insert(spelling).inserted {
            vocabulary[spelling] = .integer(id)
            id += 1
        }
        let pieces: JSONValue = [
            "type": "Sequence",
            "pretokenizers": [
                ["type": "Digits", "individual_digits": true],
                ["type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true],
            ],
        ]
        let byteLevel: JSONValue = [
            "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true,
        ]
        let end: JSONValue = [
            "id": .integer(id), "content": .string(endOfText), "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": false, "special": true,
        ]
        let model: JSONValue = [
            "type": "BPE", "dropout": nil, "unk_token": nil, "continuing_subword_prefix": nil,
            "end_of_word_suffix": nil,
            "fuse_unk": false, "byte_fallback": false, "ignore_merges": true, "vocab": .object(vocabulary),
            "merges": [],
        ]
        let tokenizer: JSONValue = [
            "version": "1.0", "truncation": nil, "padding": nil, "added_tokens": [end], "normalizer": nil,
            "pre_tokenizer": pieces, "post_processor": nil, "decoder": byteLevel, "model": model,
        ]
        return tokenizer.encoded()
    }

    /// GPT-2's printable stand-ins for bytes: printable Latin-1 for itself, the rest from U+0100 on.
    private static let alphabet: [Character] = {
        var next: UInt32 = 0x100
        return (UInt32(0)...255).map { byte in
            let isPrintable =
                (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte)
            if !isPrintable { next += 1 }
            return Unicode.Scalar(isPrintable ? byte : next - 1).map(Character.init) ?? " "
        }
    }()

    private static let byteSpellings = alphabet.map { String($0) }

    private static func spelled(_ word: String) -> String {
        String(word.utf8.map { alphabet[Int($0)] })
    }
}
