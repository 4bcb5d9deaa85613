import Formats
import Tokenizers

/// The tokenizer of a Hugging Face directory: its tokenizer.json, or else its SentencePiece model or the slow files.
struct TokenizerSource {
    let tokenizer: Tokenizer
    /// The file that it was read from.
    let file: String
    let files: TokenizerFiles

    private static let limit = 128 << 20

    /// - Parameters:
    ///   - settings: tokenizer_config.json.
    ///   - config: config.json.
    init(_ directory: HuggingFaceDirectory, settings: Settings?, config: Settings) throws {
        if let (file, bytes) = try Self.tokenizerJSON(directory, settings) {
            self.file = file
            tokenizer = try Tokenizer(tokenizerJSON: bytes, file: file)
            files = TokenizerFiles(tokenizerJSON: bytes, settings: settings?.object)
            return
        }
        guard let file = try directory.file("tokenizer.model") else {
            throw SlowTokenizer.missing(in: directory, lacking: "tokenizer.json and no tokenizer.model")
        }
        self.file = file
        func json(_ name: String) throws -> JSONValue? { try directory.settings(name).map { .object($0.object) } }
        tokenizer = try Tokenizer(
            sentencePiece: SentencePieceModel(BoundedFile.read(file, limit: Self.limit), file: file),
            settings: SentencePieceSettings(
                configuration: settings.map { .object($0.object) }, map: json("special_tokens_map.json"),
                addedTokens: json("added_tokens.json"), family: config.value("model_type")?.asString ?? "",
                file: settings?.file ?? file),
            file: file)
        files = TokenizerFiles(settings: settings.map { Self.settingsBesideJSON($0.object) })
    }

    private static func tokenizerJSON(
        _ directory: HuggingFaceDirectory, _ settings: Settings?
    ) throws -> (file: String, bytes: [UInt8])? {
        if let file = try directory.file("tokenizer.json") { return (file, try BoundedFile.read(file, limit: limit)) }
        return try SlowTokenizer(directory, settings: settings).tokenizerJSON
    }

    /// The settings for a directory in which a tokenizer.json takes the model's place: the class reads it as it
    /// stands, and what it says is not said again.
    private static func settingsBesideJSON(_ settings: JSONObject) -> JSONObject {
        let said: Set<String> = ["added_tokens_decoder", "legacy", "sp_model_kwargs", "add_prefix_space", "auto_map"]
        var members = settings.members.filter { !said.contains($0.key) && $0.key != "tokenizer_class" }
        members.append(("tokenizer_class", "PreTrainedTokenizerFast"))
        return JSONObject(members)
    }
}
