import Foundation
import Testing

/// A folder with prompts short enough for the random models of the fixtures (256 tokens of one byte each).
final class TinyWorkspace {
    let folder: String
    static let model = Binary.root + "/Tests/Fixtures/checkpoints/llama-f32-tied"

    init() throws {
        folder = NSTemporaryDirectory() + "genac-tiny-\(UUID().uuidString)"
        try write("prompts/actor/tiny.mustache", "{{% CONTENT_TYPE:TEXT}}\n{{! form: text }}\n{{problem}}\n=\n\n")
        try write(
            "prompts/critic/tiny.mustache",
            """
            {{% CONTENT_TYPE:TEXT}}
            {{! form: text }}
            {{! cue: S: }}
            {{#actor}}
            By {{name}}.
            {{/actor}}
            {{#success-rate}}
            Rate {{percent}}.
            {{/success-rate}}
            {{#infer}}
            Infer.
            {{/infer}}
            {{#sampling}}
            At {{temperature}}.
            {{/sampling}}
            {{#fields}}
            {{sentence}}
            {{/fields}}
            {{problem}}
            <solution>
            {{solution}}</solution>


            """)
        try write("rows.jsonl", (0..<8).map { "{\"prompt\":\"\($0)+1\\n=\\n\",\"response\":\"\($0 + 1)\"}\n" }.joined())
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ name: String, _ text: String) throws {
        let path = folder + "/" + name
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    /// Loads the model in both roles under the tiny prompts, with tiny limits.
    static let opening = """
        load actor \(model) --as m
        use critic m
        prompt use tiny; prompt use tiny --actor
        set rollout.response_length 24; set critic.response_length 12

        """

    /// Waits until a run has taken a step: stopped before, it has nothing to keep. (Its log is there, empty, before.)
    func waitForStep(of run: String) throws {
        let log = "\(folder)/runs/\(run)/metrics.jsonl", end = Date(timeIntervalSinceNow: 60)
        while (FileManager.default.contents(atPath: log) ?? Data()).isEmpty {
            try #require(Date() < end, "\(log) is not written")
            usleep(1000)
        }
    }

    func run(_ script: String, json: Bool = false, arguments: [String] = []) throws -> Binary.Result {
        try Binary.run((json ? ["--json"] : []) + arguments, input: Data((Self.opening + script).utf8), folder: folder)
    }
}
