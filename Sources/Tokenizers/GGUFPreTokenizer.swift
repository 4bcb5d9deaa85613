/// What a name in `tokenizer.ggml.pre` stands for: the table of llama.cpp (`src/llama-vocab.cpp`), with the patterns as
/// the models' own tokenizer.json files have them. Where llama.cpp had to bend one, its comment there keeps the
/// original. llama.cpp's `clean_spaces` is not followed: text of tokens is what they say, blanks before signs included.
struct GGUFPreTokenizer {
    let preTokenizer: PreTokenizer
    /// llama.cpp has no normalisers, and a GGUF file names none: this one belongs to the family.
    var normalizer = Normalizer.none
    /// A word that is a token is that token, whatever the merges say.
    var ignoresMerges = false
    /// What `tokenizer.ggml.add_bos_token` is taken for where the file lacks it.
    var addsBOS = false

    /// - Returns: nil for a name that is not known, or whose meaning is not.
    static func named(_ name: String) throws -> GGUFPreTokenizer? {
        guard let row = table.first(where: { $0.names.contains(name) }) else { return nil }
        return try row.make()
    }

    private struct Row: Sendable {
        let names: [String]
        let make: @Sendable () throws -> GGUFPreTokenizer

        init(_ names: String..., make: @escaping @Sendable () throws -> GGUFPreTokenizer) {
            self.names = names
            self.make = make
        }
    }

    private static let table: [Row] = byteLevelRows + gpt4Rows + gpt4oRows + deepSeekRows + otherRows

    // MARK: GPT-2's pattern, as ByteLevel has it

    private static let byteLevelRows = [
        Row(
            "gpt-2", "gpt2", "phi-2", "gigachat", "a.x-4.0", "mellum", "mpt", "olmo", "jais", "trillion", "exaone4",
            "granite-docling"
        ) { GGUFPreTokenizer(preTokenizer: .gpt2) },
        Row(
            "smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b", "mellum2"
        ) { GGUFPreTokenizer(preTokenizer: .smollm) },
        Row("falcon") {
            GGUFPreTokenizer(
                preTokenizer: PreTokenizer([
                    .punctuation(.contiguous), .byteLevel(addsPrefixSpace: false, usesPattern: true),
                    .digits(individual: false),
                    .split(try SplitPattern(expression: "[0-9][0-9][0-9]"), .isolated, inverted: false),
                ]))
        },
        Row("default") {
            try isolating(
                #"[\p{P}\$\+<=>\^~\|]+"#,
                #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)"#, #"\p{N}+"#,
                "[0-9][0-9][0-9]")
        },
    ]

    private static func isolating(
        _ patterns: String..., normalizer: Normalizer = .none, ignoresMerges: Bool = false, addsBOS: Bool = false
    ) throws -> GGUFPreTokenizer {
        let cuts = try patterns.map {
            PreTokenizer.Step.split(try SplitPattern(expression: $0), .isolated, inverted: false)
        }
        return GGUFPreTokenizer(
            preTokenizer: PreTokenizer(cuts + [.byteLevel(addsPrefixSpace: false, usesPattern: false)]),
            normalizer: normalizer, ignoresMerges: ignoresMerges, addsBOS: addsBOS)
    }

    // MARK: GPT-4's pattern and what was made of it

    private static let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"

    private static let gpt4Rows = [
        Row("llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2") {
            try isolating(SplitPattern.llama3.source, ignoresMerges: true, addsBOS: true)
        },
        Row("dbrx", "smaug-bpe", "chatglm-bpe") { try isolating(SplitPattern.llama3.source) },
        Row("glm4", "glm5") { try isolating(SplitPattern.llama3.source, ignoresMerges: true) },
        Row("minicpm5") {
            let words = SplitPattern.llama3.source.replacing(#"\p{N}{1,3}"#, with: #"\p{N}+"#)
            return try isolating(#"\p{N}{1,3}"#, words, ignoresMerges: true)
        },
        Row("jais-2") {
            let blanks = [512, 256, 128, 64, 32, 16, 8, 4].map { #"\s{\#($0)}(?!\S)|"# }.joined()
            let words = SplitPattern.llama3.source.replacing(
                #"\s+(?!\S)|\s+"#, with: blanks + #"\s{1,2}(?!\S)|\s{1}"#)
            return try isolating(words)
        },
        Row("qwen2", "deepseek-r1-qwen", "megrez") {
            try isolating(SplitPattern.qwen2.source, normalizer: .nfc)
        },
        Row("qwen35") { try isolating(SplitPattern.qwen35.source, normalizer: .nfc) },
        Row("stablelm2", "hunyuan", "solar-open", "kormo", "f2llmv2", "grok-2") {
            try isolating(SplitPattern.qwen2.source)
        },
        Row("ufakzeka") {
            try isolating(SplitPattern.qwen2.source.replacing(contractions + "|", with: ""))
        },
        Row("laguna") { try isolating(#"[^\n]+|[\n]+"#, SplitPattern.qwen2.source) },
        Row("bailingmoe", "bailingmoe2", "llada-moe") {
            try isolating(
                #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|"#
                    + #"\s+(?!\S)|\s+"#)
        },
        Row("seed-coder") {
            try isolating(
                #"\#(contractions)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+"#)
        },
        Row("exaone-moe") {
            try isolating(
                #"\#(contractions)|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}|"#
                    + #" ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+"#)
        },
    ]

    // MARK: GPT-4o's pattern and what was made of it

    private static let gpt4oRows = [
        Row("gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2") { try isolating(SplitPattern.gpt4o.source) },
        Row("tekken") { try isolating(SplitPattern.tekken.source, ignoresMerges: true, addsBOS: true) },
        Row("tiny_aya", "cohere2moe") { try isolating(#"\d{1,3}(?=(?:\d{3})*\b)"#, SplitPattern.gpt4o.source) },
        Row("youtu") {
            try isolating(
                "[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|[一-龥\u{3040}-ゟ゠-ヿ]+",
                SplitPattern.gpt4o.source.replacing(#"\p{N}{1,3}"#, with: #"\p{N}"#), ignoresMerges: true)
        },
    ]

    // MARK: DeepSeek's patterns

    private static let cjk = "[一-龥\u{3040}-ゟ゠-ヿ]+"
    private static let deepSeekWords =
        ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+"##
    /// Letters with case, as DeepSeek's first tokenizer lists them.
    private static let casedLetters =
        "A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿ\u{386}\u{388}-\u{38A}\u{38C}\u{38E}-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ"
        + "-ᴫᵫ-ᵷᵹ-ᶚ\u{1E00}-\u{1F15}\u{1F18}-\u{1F1D}\u{1F20}-\u{1F45}\u{1F48}-\u{1F4D}\u{1F50}-\u{1F57}"
        + "\u{1F59}\u{1F5B}\u{1F5D}\u{1F5F}-\u{1F7D}\u{1F80}-\u{1FB4}\u{1FB6}-\u{1FBC}\u{1FBE}\u{1FC2}-\u{1FC4}"
        + "\u{1FC6}-\u{1FCC}\u{1FD0}-\u{1FD3}\u{1FD6}-\u{1FDB}\u{1FE0}-\u{1FEC}\u{1FF2}-\u{1FF4}\u{1FF6}-"
        + "\u{1FFC}ℂℇℊ-ℓℕℙ-ℝℤ\u{2126}ℨ\u{212A}-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻"
        + "𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃"

    private static let deepSeekRows = [
        Row("deepseek-llm") {
            try isolating(
                "[\r\n]", #"\s?[\#(casedLetters)]+"#, #"\s?[!-/:-~！-／：-～‘-‟　-。]+"#, #"\s+$"#, "[一-龥ࠀ-一가-\u{D7FF}]+",
                #"\p{N}"#)
        },
        Row("deepseek-coder") {
            try isolating("[\r\n]", #"\s?\p{L}+"#, #"\s?\p{P}+"#, "[一-龥ࠀ-一가-\u{D7FF}]+", #"\p{N}"#)
        },
        Row("deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4") {
            try isolating(#"\p{N}{1,3}"#, cjk, deepSeekWords + "[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+")
        },
        Row("spark2_5") {
            try isolating(#"\p{N}{1,3}"#, cjk, deepSeekWords + "|[\r\n]|\\s+(?!\\S)|\\s+", #"\p{N}"#)
        },
    ]

    // MARK: Others

    private static let bloomWords = " ?[^(\\s|.,!?…。，、।۔،)]+"

    private static let otherRows = [
        Row("bloom", "poro-chat", "gpt3-finnish") { try isolating(bloomWords) },
        Row("viking") { try isolating(bloomWords, #"\p{N}"#) },
        Row("superbpe") { try isolating(#"\p{N}+"#, #"(?=(\d{3})+(?!\d))"#) },
    ]
}
