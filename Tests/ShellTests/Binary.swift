import Foundation
import Testing

/// The built `genac`, beside the test bundle.
enum Binary {
    static let path: String = {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        var folder = URL(fileURLWithPath: bundle).deletingLastPathComponent()
        for argument in CommandLine.arguments where argument.hasSuffix(".xctest") {
            folder = URL(fileURLWithPath: argument).deletingLastPathComponent()
        }
        let beside = folder.appendingPathComponent("genac").path
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        return root + "/.build/release/genac"
    }()

    /// The repository.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    static let starterIsThere = FileManager.default.fileExists(atPath: root + "/starter/actor/config.json")

    struct Result {
        var status: Int32
        var output: String
        var errors: String

        /// The result lines of `--json`, each as a dictionary.
        var json: [[String: Any]] {
            output.split(separator: "\n").compactMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
        }
    }

    /// Runs it in a folder of its own (or `folder`) with no history, start file or terminal.
    static func run(
        _ arguments: [String], input: Data = Data(), folder: String? = nil, environment: [String: String] = [:]
    ) throws -> Result {
        let place = folder ?? NSTemporaryDirectory() + "genac-run-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        defer { if folder == nil { try? FileManager.default.removeItem(atPath: place) } }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: place)
        process.environment = ["HOME": place, "PATH": "/usr/bin:/bin", "GENAC_HOME": root].merging(environment) { $1 }
        let (standardInput, standardOutput, standardError) = (Pipe(), Pipe(), Pipe())
        (process.standardInput, process.standardOutput, process.standardError) = (standardInput, standardOutput, standardError)
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: input)
        try standardInput.fileHandleForWriting.close()
        let collector = Collector(standardError.fileHandleForReading)
        let output = standardOutput.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Result(
            status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
            output: String(decoding: output, as: UTF8.self), errors: String(decoding: collector.finish(), as: UTF8.self))
    }
}

/// Reads one pipe while another is read.
private final class Collector: @unchecked Sendable {
    private var data = Data()
    private let done = DispatchSemaphore(value: 0)

    init(_ handle: FileHandle) {
        Thread { [self] in
            data = handle.readDataToEndOfFile()
            done.signal()
        }.start()
    }

    func finish() -> Data {
        done.wait()
        return data
    }
}
