import Formats
import Foundation
import Testing

private struct Interrupted: Error {}

private func names(in directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
}

/// A fresh empty directory.
private func withDirectory(_ body: (String) throws -> Void) throws {
    try withTemporaryPath { path in
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try body(path)
    }
}

@Suite struct AtomicTests {
    @Test func aFailedWriteLeavesTheOldFileAndNothingBeside() throws {
        try withDirectory { directory in
            let path = directory + "/file"
            try AtomicFile.write([1, 2, 3], to: path)
            #expect(throws: Interrupted.self) {
                try AtomicFile.write(to: path) { sink in
                    try sink.write([9])
                    throw Interrupted()
                }
            }
            try #expect(BoundedFile.read(path, limit: 10) == [1, 2, 3])
            try AtomicFile.write([4], to: path)
            try #expect(BoundedFile.read(path, limit: 10) == [4])
            try #expect(names(in: directory) == ["file"])
        }
    }

    @Test func anErrorNamesTheFile() {
        let error = #expect(throws: FormatsError.self) { try AtomicFile.write([1], to: "/nonexistent/folder/file") }
        #expect(error?.location == "/nonexistent/folder/file")
        #expect(error?.description.contains("No such file") == true)
    }

    /// A file size limit stands for a disk that fills: the kernel refuses the write half way.
    @Test func aDiskThatFillsIsAnErrorThatNamesTheFileAndLosesNothing() throws {
        try withDirectory { directory in
            let path = directory + "/file"
            try AtomicFile.write([1, 2, 3], to: path)
            let limit = 32 << 20
            var old = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &old)
            let handler = signal(SIGXFSZ, SIG_IGN)
            var small = rlimit(rlim_cur: rlim_t(limit), rlim_max: old.rlim_max)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &small)
            defer {
                setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &old)
                signal(SIGXFSZ, handler)
            }
            let error = #expect(throws: FormatsError.self) {
                try AtomicFile.write([UInt8](repeating: 7, count: limit + 1), to: path)
            }
            #expect(error?.location == path)
            try #expect(BoundedFile.read(path, limit: 10) == [1, 2, 3])
            try #expect(names(in: directory) == ["file"])
        }
    }

    @Test func aDirectoryAppearsWholeOrNotAtAll() throws {
        try withDirectory { directory in
            let path = directory + "/checkpoint"
            #expect(throws: Interrupted.self) {
                try AtomicDirectory.create(at: path) { temporary in
                    try AtomicFile.write([1], to: temporary + "/a")
                    throw Interrupted()
                }
            }
            try #expect(names(in: directory) == [])
            try AtomicDirectory.create(at: path) { try AtomicFile.write([1], to: $0 + "/a") }
            #expect(throws: FormatsError.self) { try AtomicDirectory.create(at: path) { _ in } }
            try AtomicDirectory.create(at: path, replacing: true) { try AtomicFile.write([2], to: $0 + "/b") }
            try #expect(names(in: directory) == ["checkpoint"])
            try #expect(names(in: path) == ["b"])
        }
    }

    @Test func aBoundedReadRefusesDirectoriesAndLargeFiles() throws {
        try withDirectory { directory in
            #expect(throws: FormatsError.self) { try BoundedFile.read(directory, limit: 10) }
            #expect(throws: FormatsError.self) { try BoundedFile.read(directory + "/none", limit: 10) }
            try AtomicFile.write([1, 2, 3], to: directory + "/f")
            #expect(throws: FormatsError.self) { try BoundedFile.read(directory + "/f", limit: 2) }
        }
    }
}
