import Compute
import Formats
import Foundation
import Testing

/// Cuts, flips and overwrites a valid file, reproducibly.
struct Damage {
    let original: [UInt8]

    /// Damage number `index`: a third are cuts, a third flipped bytes, a third overwritten length-like fields.
    func bytes(_ index: Int) -> [UInt8] {
        let key = RandomKey(seed: 11, purpose: .test, iteration: UInt64(index))
        var bytes = original
        switch index % 3 {
        case 0: bytes.removeLast(1 + key.index(below: bytes.count, 0))
        case 1:
            for flip in 0..<UInt64(1 + key.index(below: 8, 0)) {
                bytes[key.index(below: bytes.count, 1 + 2 * flip)] = UInt8(truncatingIfNeeded: key.bits(2 + 2 * flip))
            }
        default:
            let huge: [UInt64] = [.max, 1 << 63, 1 << 40, 0, 1, 1 << 32 - 1]
            let start = key.index(below: max(bytes.count - 8, 1), 0)
            withUnsafeBytes(of: huge[key.index(below: huge.count, 1)].littleEndian) { value in
                for (offset, byte) in value.enumerated() where start + offset < bytes.count {
                    bytes[start + offset] = byte
                }
            }
        }
        return bytes
    }
}

/// The peak of the process's memory, in bytes (Linux).
private func peakMemory() -> Int {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
        let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM") }),
        let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
    else { return 0 }
    return kilobytes * 1024
}

/// Reads `count` damaged copies: each loads or gives one error of ours that names the file.
private func survive(_ name: String, count: Int = 240, _ read: (String) throws -> Void) throws {
    let damage = Damage(original: try BoundedFile.read(fixture(name), limit: 1 << 20))
    let before = peakMemory()
    var refused = 0
    for index in 0..<count {
        try withTemporaryFile(damage.bytes(index)) { path in
            do {
                try read(path)
            } catch let error as any GenacError {
                refused += 1
                #expect(error.location?.contains(path) == true, "\(error)")
                #expect(error.description.utf8.count < 2000)
            }
        }
    }
    #expect(refused > count / 5, "\(name): only \(refused) of \(count) were refused")
    #expect(peakMemory() - before < 100 << 20)
}

@Suite(.serialized) struct DamageTests {
    @Test func damagedSafetensorsGiveOneErrorOrLoad() throws {
        try survive("formats/valid.safetensors") { path in
            let file = try SafetensorsFile(path: path)
            for tensor in file.tensors where tensor.type != nil { _ = try file.bytes(of: tensor) }
        }
    }

    @Test func damagedGGUFGivesOneErrorOrLoads() throws {
        try survive("formats/valid.gguf") { path in
            let file = try GGUFFile(path: path)
            for tensor in file.tensors where tensor.type != nil { _ = try file.bytes(of: tensor).reduce(0, ^) }
        }
    }

    @Test func damagedJSONLinesGiveOneErrorOrLoad() throws {
        try survive("formats/lines.jsonl") { _ = try JSONLines.load($0) }
    }

    @Test func damagedJSONGivesOneErrorOrLoads() throws {
        try survive("formats/config.json") { _ = try JSONValue.load($0) }
    }
}
