import Formats
import Foundation
import Testing
import Unpacking

/// Files by Python's gzip and by zstandard (Tests/Oracles/unpacked.py).
struct UnpackedFileTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/unpacked").path

    private func unpacked(_ name: String) throws -> [UInt8] {
        try UnpackedFile("\(Self.folder)/\(name)").rest(limit: 1 << 20)
    }

    private func temporarily(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("genac-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        try body(path)
    }

    @Test(arguments: ["lines.jsonl.gz", "lines.jsonl.zst", "members.jsonl.gz", "frames.jsonl.zst", "mark.jsonl.gz"])
    func theTextIsWhatWasPacked(name: String) throws {
        let text = try BoundedFile.read("\(Self.folder)/lines.jsonl", limit: 1 << 20)
        #expect(try unpacked(name) == text)
        #expect(try unpacked("lines.jsonl") == text)
    }

    @Test func packingIsToldByTheFirstBytes() throws {
        #expect(try UnpackedFile("\(Self.folder)/lines.jsonl").packing == nil)
        #expect(try UnpackedFile("\(Self.folder)/lines.jsonl.gz").packing == .gzip)
        #expect(try UnpackedFile("\(Self.folder)/frames.jsonl.zst").packing == .zstd)
    }

    @Test(arguments: ["empty", "empty.gz", "mark"])
    func nothingIsNothing(name: String) throws { #expect(try unpacked(name).isEmpty) }

    @Test func linesAreReadWhileTheFileIsUnpacked() throws {
        let expected = try JSONLines.load("\(Self.folder)/lines.jsonl")
        for name in ["lines.jsonl", "members.jsonl.gz", "frames.jsonl.zst", "mark.jsonl.gz"] {
            var lines: [(line: Int, value: JSONValue)] = []
            try JSONLines.forEach(from: UnpackedFile("\(Self.folder)/\(name)")) { lines.append(($0, $1)) }
            #expect(lines.map(\.line) == Array(1...1500))
            #expect(lines.map(\.value) == expected.map(\.value))
        }
    }

    @Test func anErrorNamesTheLineOfAPackedFile() throws {
        let error = try #require(throws: FormatsError.self) {
            try JSONLines.forEach(from: UnpackedFile("\(Self.folder)/lines.jsonl.gz"), lineLimit: 30) { _, _ in }
        }
        #expect(error.location == "\(Self.folder)/lines.jsonl.gz:11")
    }

    @Test(arguments: [
        ("utf-16.jsonl.gz", "UTF-16"), ("utf-16le.jsonl", "UTF-16"), ("utf-16be.jsonl.zst", "UTF-16"),
        ("utf-32.jsonl", "UTF-32"), ("zip.zip", "zip"), ("xz.xz", "xz"), ("bzip2.bz2", "bzip2"), ("lz4.lz4", "lz4"),
        ("window.zst", "window"),
    ])
    func whatIsNotReadIsNamed(name: String, word: String) throws {
        let error = try #require(throws: FormatsError.self) { try unpacked(name) }
        #expect(error.what.contains(word))
        #expect(error.location?.hasPrefix("\(Self.folder)/\(name)") == true)
    }

    @Test func whatUnpacksToMuchIsReadInPieces() throws {
        let file = try UnpackedFile("\(Self.folder)/bomb.jsonl.gz")
        var bytes = 0
        while case let piece = try file.next(), !piece.isEmpty {
            #expect(piece.count <= 1 << 20)
            bytes += piece.count
        }
        #expect(bytes == 48 << 20)
        #expect(throws: FormatsError.self) {
            try UnpackedFile("\(Self.folder)/bomb.jsonl.gz", limit: 1 << 20).rest(limit: .max)
        }
    }

    @Test func aFolderAndWhatIsNotThere() {
        #expect(throws: FormatsError.self) { try UnpackedFile(Self.folder) }
        #expect(throws: FormatsError.self) { try UnpackedFile("/nowhere/lines.gz") }
    }

    @Test(arguments: ["members.jsonl.gz", "frames.jsonl.zst"])
    func cutOrDamagedIsAnErrorOrItsOwnText(name: String) throws {
        let original = try BoundedFile.read("\(Self.folder)/\(name)", limit: 1 << 20)
        var whole = 0
        for length in stride(from: 5, to: original.count, by: 7) {
            try temporarily(Array(original.prefix(length))) { path in
                do {
                    _ = try UnpackedFile(path).rest(limit: 1 << 20)
                    whole += 1
                } catch let error as FormatsError {
                    #expect(error.what.contains("cut short"), "\(length): \(error)")
                }
            }
            var bytes = original
            bytes[length] ^= 0x40
            try temporarily(bytes) { path in
                do {
                    _ = try UnpackedFile(path).rest(limit: 1 << 20)
                } catch let error as FormatsError {
                    #expect(error.location?.hasPrefix(path) == true)
                }
            }
        }
        // Between two members or frames, where a file may end.
        #expect(whole <= 3)
    }
}
