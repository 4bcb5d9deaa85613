import Checkpoints
import Compute
import Formats
import Foundation
import Testing

/// Damaged files of a checkpoint: each loads or gives one error of ours that names the file.
@Suite(.serialized) struct CheckpointDamageTests {
    /// A cut, some flipped bytes, or a number that says something else, reproducibly.
    private func damage(_ original: [UInt8], _ index: Int) -> [UInt8] {
        let key = RandomKey(seed: 12, purpose: .test, iteration: UInt64(index))
        var bytes = original
        switch index % 3 {
        case 0: bytes.removeLast(1 + key.index(below: bytes.count, 0))
        case 1:
            for flip in 0..<UInt64(1 + key.index(below: 6, 0)) {
                bytes[key.index(below: bytes.count, 1 + 2 * flip)] = UInt8(truncatingIfNeeded: key.bits(2 + 2 * flip))
            }
        default:
            let forged = ["99999999", "-1", "null", "1e308", "[]", "{}", "\"\"", "0"][key.index(below: 8, 0)]
            let digits = bytes.indices.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[$0]) }
            guard !digits.isEmpty else { return [] }
            let place = digits[key.index(below: digits.count, 1)]
            bytes.replaceSubrange(place...place, with: Array(forged.utf8))
        }
        return bytes
    }

    /// The peak of the process's memory, in bytes (Linux).
    private func peakMemory() -> Int {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM") }),
            let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
        else { return 0 }
        return kilobytes * 1024
    }

    private func survive(_ path: String, _ file: String, source: String, count: Int = 210) throws {
        let original = try BoundedFile.read(file, limit: 1 << 20)
        var refused = 0
        let before = peakMemory()
        for index in 0..<count {
            try Data(damage(original, index)).write(to: URL(fileURLWithPath: file))
            do {
                _ = try Checkpoint.load(source)
            } catch let error as any GenacError {
                refused += 1
                #expect(error.description.contains(path), "\(error)")
            }
        }
        print("damage: \(file.split(separator: "/").last ?? ""): \(refused) of \(count) refused")
        #expect(refused > count / 4)
        #expect(peakMemory() - before < 700 << 20)
    }

    @Test(arguments: [
        "config.json", "generation_config.json", "tokenizer_config.json", "model.safetensors.index.json",
        "tokenizer.json",
    ])
    func aDamagedFileOfADirectoryGivesOneErrorOrLoads(_ name: String) throws {
        try withTemporaryPath { path in
            try FileManager.default.copyItem(
                atPath: fixture("checkpoints/llama-bf16-untied-llama3-sharded"), toPath: path)
            try survive(path, path + "/" + name, source: path)
        }
    }

    @Test func aDamagedGGUFGivesOneErrorOrLoads() throws {
        try withTemporaryPath { path in
            let file = path + ".gguf"
            try FileManager.default.copyItem(atPath: fixture("checkpoints/llama-q4_1.gguf"), toPath: file)
            defer { try? FileManager.default.removeItem(atPath: file) }
            try survive(path, file, source: file)
        }
    }
}
