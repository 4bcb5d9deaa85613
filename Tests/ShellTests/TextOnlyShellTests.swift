import Foundation
import Generation
import ModelKit
import Shell
import Terminal
import Testing
import Workspace

/// Commands ask a model for what they need: one that gives only text does all that needs no more.
@Suite("The shell, with models that only give text")
struct TextOnlyShellTests {
    private let folder: String
    private let session: Session

    init() throws {
        folder = NSTemporaryDirectory() + "genac-text-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        var options = Options()
        options.json = true
        session = Session(
            options: options, workspace: try Workspace(directory: folder),
            home: Home(workspace: folder, environment: ["GENAC_HOME": root]))
        session.models.add(
            LoadedModel(
                name: "gpt", source: "remote:gpt",
                text: TextOnlyModel("gpt") { request in
                    if request.prompt.text.hasPrefix("You judge") { return "It will do.\nScore: 8\n" }
                    let lines = "One and one.\nThat is 2.\nThe answer is 2.\n"
                    return String(lines.dropFirst(request.begun.text.count))
                }))
        for role in [Role.actor, .critic] { session.models.use(try session.models.find("gpt"), as: role) }
    }

    /// Runs commands and gives their JSON lines, by command the last.
    private func run(_ script: String) throws -> (rows: [String: [String: Any]], errors: String, status: RunStatus) {
        let paths = [folder + "/out", folder + "/err"]
        let descriptors = paths.map { open($0, O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0o600) }
        defer { descriptors.forEach { close($0) } }
        let outputs = descriptors.map { Output(descriptor: $0, colour: .never, columns: 100) }
        let status = Interpreter(
            .shell, session, output: outputs[0], messages: outputs[1], colour: .never, interrupts: nil
        ).run(script, file: "test")
        outputs.forEach { $0.flush() }
        var rows: [String: [String: Any]] = [:]
        for line in try String(contentsOfFile: paths[0], encoding: .utf8).split(separator: "\n") {
            let row = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            rows[row["command"] as? String ?? ""] = row
        }
        return (rows, try String(contentsOfFile: paths[1], encoding: .utf8), status)
    }

    @Test("generate, score and truth")
    func circle() throws {
        let result = try run(
            """
            problem "1 + 1" --answer 2; set critic.parse_fallback fail; generate -n 2; score last
            truth last --rollouts 4; branch last.1 -n 1; solutions; models
            """)
        #expect(result.status == .ok, "\(result.errors)")
        let solutions = try #require(result.rows["generate"]?["solutions"] as? [[String: Any]])
        #expect(
            solutions.count == 2 && solutions.allSatisfy { ($0["ids"] as? [Int]) == [] && $0["outcome"] as? Int == 1 })
        let scored = try #require(result.rows["score"]?["prefixes"] as? [[String: Any]])
        #expect(!scored.isEmpty && scored.allSatisfy { $0["value"] as? Double == 0.8 })
        let truths = try #require(result.rows["truth"]?["prefixes"] as? [[String: Any]])
        #expect(truths.count == scored.count && truths.allSatisfy { $0["value"] as? Double == 1 })
        let branched = try #require(result.rows["branch"]?["solutions"] as? [[String: Any]])
        #expect(branched.first?["text"] as? String == "One and one.\nThat is 2.\nThe answer is 2.\n")
        let model = try #require((result.rows["models"]?["models"] as? [[String: Any]])?.first)
        #expect(model["parameters"] is NSNull && model["context"] is NSNull && model["bytes"] as? Int == 0)
    }

    @Test("as a teacher it makes traces")
    func teacher() throws {
        let file = folder + "/problems.jsonl", traces = folder + "/traces.jsonl"
        try #"{"question": "1 + 1", "answer": "2"}"#.write(toFile: file, atomically: true, encoding: .utf8)
        let result = try run(
            """
            set truth.rollouts 4; set critic.parse_fallback fail
            traces make --teacher gpt --set \(file) --problems 1 --keep within:0.2 \(traces)
            """)
        #expect(result.status == .ok, "\(result.errors)")
        let rows = try String(contentsOfFile: traces, encoding: .utf8).split(separator: "\n")
        #expect(!rows.isEmpty && rows.allSatisfy { $0.contains(#""response":"It will do.\nScore: 8""#) }, "\(rows)")
    }

    @Test(
        "what needs more is refused by name",
        arguments: [
            ("tokenize hello", "gpt tells no token ids, which `tokenize` needs"),
            ("logprobs hello", "gpt gives no log-probabilities of given text, which `logprobs` needs"),
            ("score last", "gpt gives no log-probabilities of given text, which the forced fallback needs"),
            ("save gpt copy", "gpt has no weights in this process, which `save` needs"),
            ("bench engine", "gpt has no weights in this process, which a benchmark needs"),
        ])
    func refusals(_ command: String, _ refusal: String) throws {
        let result = try run("problem \"1 + 1\" --answer 2; generate -n 1\n\(command)")
        #expect(result.status != .ok && result.errors.contains(refusal), "\(result.errors)")
    }
}
