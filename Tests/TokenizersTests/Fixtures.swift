import Formats
import Foundation
import Tokenizers

/// Files made by Tests/Oracles/tokenizers_*.py, and the SmolLM2 checkpoint where it is there.
enum Fixtures {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/tokenizers")

    static func bytes(_ name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: root.appendingPathComponent(name)))
    }

    static func json(_ name: String) throws -> JSONValue { try JSONValue.parse(bytes(name), name: name) }

    static func strings() throws -> [String] { try (json("strings.json").asArray ?? []).compactMap(\.asString) }

    static func tokenizer(_ name: String) throws -> Tokenizer {
        if name == "smollm2" { return try smollm2() }
        return try Tokenizer(tokenizerJSON: bytes("\(name).json"), file: "\(name).json")
    }

    static let smollm2Path: String? = {
        let models = root.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("models/smollm2")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: models.path)) ?? []
        return files.first { $0.hasSuffix(".gguf") }.map { models.appendingPathComponent($0).path }
    }()
    static let hasSmolLM2 = smollm2Path != nil

    static func smollm2() throws -> Tokenizer {
        let file = try GGUFFile(path: smollm2Path ?? "")
        return try Tokenizer(gguf: GGUFVocabulary(metadata: file.metadata, file: file.file.path), file: file.file.path)
    }

    /// Per string: how many ids, and their digest, as the oracle wrote them.
    struct Digest: Equatable {
        var count: UInt16
        var hash: UInt32

        init(_ ids: [TokenID]) {
            var value: UInt64 = 0xCBF2_9CE4_8422_2325
            for id in ids {
                for shift in [0, 8, 16, 24] {
                    value = (value ^ UInt64(UInt8(truncatingIfNeeded: id >> Int32(shift)))) &* 0x100_0000_01B3
                }
            }
            count = UInt16(truncatingIfNeeded: ids.count)
            hash = UInt32(truncatingIfNeeded: value ^ value >> 32)
        }

        /// The six bytes of a row, in hexadecimal.
        var hex: String {
            let bytes = [count, UInt16(truncatingIfNeeded: hash), UInt16(truncatingIfNeeded: hash >> 16)]
            return bytes.flatMap { [$0 & 0xFF, $0 >> 8] }.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }

        init(_ row: ArraySlice<UInt8>) {
            let bytes = row.map(UInt32.init)
            count = UInt16(bytes[0] | bytes[1] << 8)
            hash = bytes[2] | bytes[3] << 8 | bytes[4] << 16 | bytes[5] << 24
        }
    }

    /// Digests with special tokens as text, then those with special tokens recognised.
    static func digests(_ name: String) throws -> (plain: [Digest], recognised: [Digest]) {
        let all = try digestRows(name)
        return (Array(all[..<(all.count / 2)]), Array(all[(all.count / 2)...]))
    }

    static func digestRows(_ name: String) throws -> [Digest] {
        let bytes = try bytes("\(name).ids")
        return stride(from: 0, to: bytes.count, by: 6).map { Digest(bytes[$0..<$0 + 6]) }
    }
}
