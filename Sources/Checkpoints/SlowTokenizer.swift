import Formats
import Foundation
import Tokenizers

/// A tokenizer in the files of transformers' slow classes: vocab.json and merges.txt, without the tokenizer.json that
/// says how a text is cut. Only the class's name says that, so only a class whose cut is certain is read: Qwen2's.
/// GPT-2's name stands in checkpoints that were trained with other cuts, SmolLM2's digits or OLMo's.
struct SlowTokenizer {
    private let directory: HuggingFaceDirectory
    private let settings: Settings?

    init(_ directory: HuggingFaceDirectory, settings: Settings?) {
        (self.directory, self.settings) = (directory, settings)
    }

    /// The tokenizer.json that transformers would make of them, and the file whose errors it has; nil where there are
    /// no such files.
    /// - Throws: ``CheckpointsError`` for a class that is not read, with what to do; `FormatsError`.
    var tokenizerJSON: (file: String, bytes: [UInt8])? {
        get throws {
            guard let vocabulary = try directory.file("vocab.json"), let merges = try directory.file("merges.txt")
            else { return nil }
            guard let settings else { throw unsure("no tokenizer_config.json says of which class it is") }
            let name = try settings.text("tokenizer_class", default: "an unnamed class")
            guard ["Qwen2Tokenizer", "Qwen2TokenizerFast"].contains(name) else {
                throw unsure("\(name) does not say how texts are cut")
            }
            let model: JSONValue = [
                "type": "BPE", "vocab": try JSONValue.load(vocabulary, limits: JSONLimits(bytes: 64 << 20)),
                "merges": try self.merges(merges),
            ]
            let whole: JSONValue = [
                "version": "1.0", "added_tokens": .array(try addedTokens(settings)), "normalizer": ["type": "NFC"],
                "pre_tokenizer": Self.cut, "decoder": Self.byteLevel, "model": model,
            ]
            return (vocabulary, whole.encoded())
        }
    }

    private static let byteLevel: JSONValue = [
        "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false,
    ]

    private static let cut: JSONValue = [
        "type": "Sequence",
        "pretokenizers": [
            [
                "type": "Split", "behavior": "Isolated", "invert": false,
                "pattern": [
                    "Regex": .string(
                        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|"#
                            + #" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#)
                ],
            ], byteLevel,
        ],
    ]

    /// Two tokens and a blank a line, after a line that names the version.
    private func merges(_ file: String) throws -> JSONValue {
        guard let text = String(validating: try BoundedFile.read(file, limit: 64 << 20), as: UTF8.self) else {
            throw CheckpointsError.part(file: file, what: "not valid UTF-8", hint: HubCache.fetching(file))
        }
        let lines = text.unicodeScalars.split { $0 == "\n" || $0 == "\r" }.map { String($0) }
        let merges = lines.first?.hasPrefix("#version:") == true ? lines.dropFirst() : lines[...]
        guard !merges.isEmpty else {
            throw CheckpointsError.part(file: file, what: "it has no merges", hint: HubCache.fetching(file))
        }
        return .array(merges.map { .string($0) })
    }

    /// `added_tokens_decoder`: an object by id, of which each has the members that tokenizer.json's have.
    private func addedTokens(_ settings: Settings) throws -> [JSONValue] {
        guard let tokens = try settings.object("added_tokens_decoder"), tokens.count > 0 else {
            throw unsure("tokenizer_config.json has no added_tokens_decoder with the special tokens")
        }
        return try tokens.members.map { key, value in
            guard let id = Int64(key), let token = value.asObject else {
                throw settings.failure("added_tokens_decoder", "has \(key.debugDescription), which is no id of a token")
            }
            return .object(JSONObject([("id", .integer(id))] + token.members.filter { $0.key != "id" }))
        }
    }

    private func unsure(_ what: String) -> CheckpointsError {
        .part(
            file: directory.directory, what: "it has no tokenizer.json, and of its vocab.json \(what)",
            hint:
                "in Python, transformers' AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR) writes tokenizer.json"
        )
    }

    /// Why a directory has no tokenizer that is read.
    /// - Parameter lacking: what was looked for.
    static func missing(in directory: HuggingFaceDirectory, lacking: String) -> CheckpointsError {
        guard let other = ["tekken.json", "vocab.txt", "spiece.model"].first(where: directory.names.contains) else {
            return .part(
                file: directory.directory, what: "it has no \(lacking)",
                hint: "take the tokenizer of the model that it was made of, or a GGUF file, which has its own")
        }
        return .part(
            file: directory.directory, what: "it has no \(lacking); \(other) is not read",
            hint: "take the tokenizer.json of the same model, or a GGUF file of it")
    }
}
