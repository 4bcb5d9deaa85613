import Foundation
import Testing

/// Every command's help, and a few tables, as they are.
@Suite("Snapshots")
struct SnapshotTests {
    @Test("help lists the commands, and each says the same as ever")
    func help() throws {
        let list = try #require(try Binary.run(["--json", "-c", "help"]).json.first?["commands"] as? [[String: Any]])
        let names = list.compactMap { $0["name"] as? String }
        let files = ["all.txt"] + names.map { $0.replacingOccurrences(of: " ", with: "-") + ".txt" }
        for (command, file) in zip(["help"] + names.map { "\($0) --help" }, files) {
            let result = try Binary.run(["-c", command])
            #expect(result.status == 0, "\(command): \(result.errors)")
            try Snapshot.expect(result.output, is: "help/\(file)")
        }
        #expect(try Snapshot.names(in: "help") == Set(files), "one of a command that is no more is to be removed")
    }

    private static let tables = [
        "models", "problems load starter:jumps --limit 3", "problems", "problem 2", "generate -n 4 > none.txt",
        "solutions", "show last",
        "truth last", "score last", "score last --readout expected --chain", "icc", "icc off actor",
        "prompt show last.1", "prompt diff",
        "tokenize \"Start 7\"", "logprobs \"Start 7\"", "grade 5 \"The answer is 5.\"", "settings",
        "explain critic.num_samples",
        "apropos divergence", "runs", "jobs",
    ]

    @Test("tables on the starter models", .enabled(if: Binary.starterIsThere && RecordedKernels.areHere))
    func tables() throws {
        let folder = NSTemporaryDirectory() + "genac-tables-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // One at a time goes to a file of its own, so that it is seen which command has printed what.
        let script = Self.tables.enumerated().map { $1.contains(">") ? "\($1)\n" : "\($1) > \($0).txt\n" }.joined()
        let result = try Binary.run(
            [], input: Data(("load actor starter:actor\nload critic starter:critic\n" + script).utf8), folder: folder,
            environment: RecordedKernels.environment)
        try #require(result.status == 0, "\(result.errors)")
        let printed = try Self.tables.enumerated().filter { !$1.contains(">") }.map { place, command in
            "genac> \(command)\n" + (try String(contentsOfFile: "\(folder)/\(place).txt", encoding: .utf8))
        }
        try Snapshot.expect(printed.joined(separator: "\n"), is: "tables.txt")
    }
}
