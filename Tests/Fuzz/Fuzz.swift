import Checkpoints
import Formats
import Foundation
import Jinja
import Parquet
import Problems
import Tokenizers

/// libFuzzer's entry: one input for the parser that the environment names. `make fuzz` runs each in turn.
///
/// An error is what a parser owes to most inputs; a crash, a hang, a leak or a large allocation is what is looked for.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    do {
        try FuzzedParser.chosen.read(bytes)
    } catch {
        _ = "\(error)"
    }
    return 0
}

/// What is fuzzed, by the name in GENAC_FUZZ_TARGET.
enum FuzzedParser: String {
    case gguf, safetensors, tokenizer, template, parquet, json, csv, expression

    static let chosen: FuzzedParser = {
        let name = ProcessInfo.processInfo.environment["GENAC_FUZZ_TARGET"] ?? ""
        guard let parser = FuzzedParser(rawValue: name) else {
            let known = "gguf, safetensors, tokenizer, template, parquet, json, csv or expression"
            fatalError("GENAC_FUZZ_TARGET is \(name.debugDescription), not \(known)")
        }
        return parser
    }()

    /// Files are read by path, so these inputs go through one in memory.
    private static let file = "/dev/shm/genac-fuzz-\(ProcessInfo.processInfo.processIdentifier)"

    func read(_ bytes: [UInt8]) throws {
        switch self {
        case .gguf:
            try Data(bytes).write(to: URL(fileURLWithPath: Self.file + ".gguf"))
            _ = try Checkpoint.load(Self.file + ".gguf")
        case .safetensors:
            try Data(bytes).write(to: URL(fileURLWithPath: Self.file + ".safetensors"))
            _ = try SafetensorsFile(path: Self.file + ".safetensors")
        case .tokenizer:
            let tokenizer = try Tokenizer(tokenizerJSON: bytes)
            for text in Self.texts {
                _ = tokenizer.decode(tokenizer.encode(text, recognisingSpecials: true))
            }
        case .template:
            let template = try JinjaTemplate(source: String(decoding: bytes, as: UTF8.self))
            _ = try template.render(Self.conversation)
        case .parquet:
            try Data(bytes).write(to: URL(fileURLWithPath: Self.file + ".parquet"))
            let limits = ParquetLimits(heldBytes: 4 << 20, rowBytes: 1 << 20, totalBytes: 16 << 20)
            try ParquetFile(path: Self.file + ".parquet", limits: limits).forEachRow { _, _ in }
        case .json, .csv:
            // libzstd takes the window that a frame asks for, more than is allowed here.
            let zstd: [[UInt8]] = [[0xB5, 0x2F, 0xFD], [0x2A, 0x4D, 0x18]]
            guard !zstd.contains(where: bytes.dropFirst().starts) else { return }
            try Data(bytes).write(to: URL(fileURLWithPath: Self.file + ".rows"))
            _ = try DataSet.load(Self.file + ".rows")
        case .expression:
            // An answer, and behind a zero byte a reference; without one, the answer is its own.
            let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
            for text in [parts[0], "\\boxed{" + parts[0] + "}"] {
                _ = AnswerGrader().report(text, answer: parts[parts.count - 1])
            }
        }
    }

    private static let texts = ["", " a", "The 12 boxes, don't:\n\n\t  e\u{301} \u{1F600}\u{65E5}", "<s>[INST] x</s>"]

    private static let conversation = JSONObject([
        (
            "messages",
            [
                ["role": "system", "content": "Be brief."], ["role": "user", "content": " What is 2+2?\n"],
                ["role": "assistant", "content": "<think>\n2+2\n</think>\n4"], ["role": "user", "content": ""],
            ]
        ),
        ("add_generation_prompt", true), ("bos_token", "<s>"), ("eos_token", "</s>"), ("tools", nil),
    ])
}
