import ChildProcess
import Foundation
import Testing

/// The built `genac`, beside the test bundle.
enum Binary {
    static let path: String = {
        let bundle =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        var folder = URL(fileURLWithPath: bundle).deletingLastPathComponent()
        for argument in CommandLine.arguments where argument.hasSuffix(".xctest") {
            folder = URL(fileURLWithPath: argument).deletingLastPathComponent()
        }
        let beside = folder.appendingPathComponent("genac").path
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        return root + "/.build/release/genac"
    }()

    /// The repository.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    static let starterIsThere = FileManager.default.fileExists(atPath: root + "/starter/actor/config.json")

    struct Result {
        var status: Int32
        var output: String
        var errors: String

        /// The result lines of `--json`, each as a dictionary.
        var json: [[String: Any]] {
            output.split(separator: "\n").compactMap {
                try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
            }
        }
    }

    /// What a command printed last under `--json`, in a session that went well.
    static func last(_ result: Result, _ command: String) throws -> [String: Any] {
        #expect(result.status == 0, "\(result.errors)")
        return try #require(
            result.json.last { $0["command"] as? String == command }, "\(result.output) \(result.errors)")
    }

    /// Runs it in a folder of its own (or `folder`) with no history, start file or terminal.
    static func run(
        _ arguments: [String], input: Data = Data(), folder: String? = nil, environment: [String: String] = [:],
        seconds: Double = ChildProcess.patience
    ) throws -> Result {
        let place = folder ?? NSTemporaryDirectory() + "genac-run-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        defer { if folder == nil { try? FileManager.default.removeItem(atPath: place) } }
        let child = try start(arguments, input: input, folder: place, environment: environment)
        return Result(status: try child.wait(seconds: seconds), output: child.output, errors: child.errors)
    }

    /// Starts it in `folder`; with no `input` it has a pipe to be written to.
    static func start(_ arguments: [String], input: Data? = Data(), folder: String, environment: [String: String] = [:])
        throws -> ChildProcess
    {
        try ChildProcess(
            path, arguments,
            environment: ["HOME": folder, "PATH": "/usr/bin:/bin", "GENAC_HOME": root].merging(environment) { $1 },
            folder: folder, input: input)
    }
}
