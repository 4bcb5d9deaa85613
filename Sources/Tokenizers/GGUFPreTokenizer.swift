/// What a name in `tokenizer.ggml.pre` stands for: the table of llama.cpp (`src/llama-vocab.cpp`), with the patterns as
/// the models' own tokenizer.json files have them. Where llama.cpp had to bend one, its comment there keeps the
/// original.
struct GGUFPreTokenizer {
    let names: [String]
    let preTokenizer: PreTokenizer
    /// llama.cpp has no normalisers, and a GGUF file names none: this one belongs to the family.
    var normalizer = Normalizer.none
    /// A word that is a token is that token, whatever the merges say.
    var ignoresMerges = false
    /// What `tokenizer.ggml.add_bos_token` is taken for where the file lacks it.
    var addsBOS = false

    init?(name: String) {
        guard let entry = Self.table.first(where: { $0.names.contains(name) }) else { return nil }
        self = entry
    }

    private init(
        _ names: [String], _ preTokenizer: PreTokenizer, normalizer: Normalizer = .none, ignoresMerges: Bool = false,
        addsBOS: Bool = false
    ) {
        self.names = names
        self.preTokenizer = preTokenizer
        self.normalizer = normalizer
        self.ignoresMerges = ignoresMerges
        self.addsBOS = addsBOS
    }

    private static let table: [GGUFPreTokenizer] = [
        GGUFPreTokenizer(
            ["gpt-2", "gpt2", "phi-2", "gigachat", "a.x-4.0", "mellum", "mpt", "olmo", "jais", "trillion", "exaone4"],
            .gpt2),
        GGUFPreTokenizer(
            ["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b", "mellum2"], .smollm),
        GGUFPreTokenizer(
            ["llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2"],
            PreTokenizer(isolating: .llama3), ignoresMerges: true, addsBOS: true),
        GGUFPreTokenizer(["dbrx", "smaug-bpe", "chatglm-bpe"], PreTokenizer(isolating: .llama3)),
        GGUFPreTokenizer(["glm4", "glm5"], PreTokenizer(isolating: .llama3), ignoresMerges: true),
        GGUFPreTokenizer(["qwen2", "deepseek-r1-qwen", "megrez"], PreTokenizer(isolating: .qwen2), normalizer: .nfc),
        GGUFPreTokenizer(
            ["stablelm2", "hunyuan", "solar-open", "kormo", "grok-2"], PreTokenizer(isolating: .qwen2)),
        GGUFPreTokenizer(["qwen35"], PreTokenizer(isolating: .qwen35), normalizer: .nfc),
        GGUFPreTokenizer(["gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2"], PreTokenizer(isolating: .gpt4o)),
        GGUFPreTokenizer(["tekken"], PreTokenizer(isolating: .tekken), ignoresMerges: true, addsBOS: true),
    ]
}
