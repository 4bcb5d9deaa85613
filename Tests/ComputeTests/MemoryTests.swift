import Compute
import Foundation
import Testing

@Suite struct MemoryTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "genac-compute-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test func buffersAreAlignedAndZero() throws {
        for count in [0, 1, 15, 16, 17, 100_003] {
            for _ in 0..<3 {
                let buffer = try FloatBuffer(count: count)
                #expect(UInt(bitPattern: buffer.pointer) % 64 == 0)
                #expect(buffer.array == Array(repeating: 0, count: count))
                for index in 0..<count { buffer[index] = 1 }
            }
        }
        #expect(try FloatBuffer([1, 2, 3]).array == [1, 2, 3])
    }

    @Test(arguments: [Int.max, Int.max / 4, Int.max / 8]) func aBufferThatCannotBeIsRefused(_ count: Int) throws {
        let error = try #require(throws: ComputeError.self) { try FloatBuffer(count: count) }
        guard case .outOfMemory(let bytes) = error else { return #expect(Bool(false), "\(error)") }
        #expect(bytes >= count)
        #expect(error.what.contains("\(bytes) bytes"))
        #expect(error.hint != nil && error.location == nil)
    }

    @Test func aMapHoldsTheFilesBytesAndOutlivesItsName() throws {
        try withFolder { folder in
            let path = folder + "/data"
            let content = (0..<10_000).map { UInt8($0 % 251) }
            try Data(content).write(to: URL(fileURLWithPath: path))
            let file = try MappedFile(path: path)
            try FileManager.default.removeItem(atPath: path)
            #expect(Array(file.bytes) == content)
            #expect(file.path == path)
        }
    }

    @Test func anEmptyFileIsAnEmptyMap() throws {
        try withFolder { folder in
            let path = folder + "/empty"
            try Data().write(to: URL(fileURLWithPath: path))
            #expect(try MappedFile(path: path).bytes.isEmpty)
        }
    }

    @Test func missingFilesAndFoldersAreRefusedByNameWithReasonAndHint() throws {
        try withFolder { folder in
            for (path, reason) in [
                (folder + "/none", "No such file"), (folder, "not a plain file"), ("/dev/null", "not a plain file"),
                (folder + "/none/deeper", "No such file"), ("", "No such file"),
            ] {
                let error = try #require(throws: ComputeError.self) { try MappedFile(path: path) }
                #expect(error.location == path)
                #expect(error.what.contains(reason), "\(error)")
                #expect(error.hint == "check that it exists and that you may read it")
                #expect(error.description == "\(path): \(error.what); check that it exists and that you may read it")
            }
        }
    }
}
