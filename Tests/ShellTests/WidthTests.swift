import Foundation
import Testing

/// No row that a command prints is wider than the terminal, and on a wide one nothing is left out.
@Suite("Rows on terminals of 80 and 140 columns", .serialized, .enabled(if: Binary.starterIsThere))
struct WidthTests {
    /// But for `prompt show`, whose text is exact.
    private static let commands = [
        "problems load starter:jumps --limit 3", "problems", "problem 2", "problem 1", "problems -n 2", "generate -n 3",
        "solutions", "show", "show 1.1", "score", "score --chain", "truth", "generate -n 1 --score", "branch 1.1 -n 2",
        "models", "icc", "help", "help jumps", "help prompt", "help explain", "help generate",
        "apropos temperature", "explain critic.baseline", "explain critic.parse_fallback", "settings", "settings genac",
        "runs", "jobs", "plot", "samples", "samples --full", "watch", "studies", "studies i", "studies r",
        "tokenize hello",
        "logprobs 'Start 7'", "inspect starter:actor", "grade --explain 5 'it is 5'", "history",
        // Mistakes, too.
        "problem", "branch", "load", "load actor", "load actor nothing", "score 99", "show x", "generate --scor",
        "icc foo",
        "watch nothing", "settings nothing", "stop", "prompt use nothing", "explain nothing",
    ]

    /// Studies and a run, to look at.
    private static let opening = """
        set critic.icc.measured_on 20
        load actor starter:actor
        load critic starter:critic
        study icc --problems 4 --rollouts 4 --name i --shift none --shift longer
        study ranking --problems 40 --rollouts 4 --name r
        study success --problems 6 --name s
        study benchmarks --problems 4 --name b
        study cost --name c --rollouts 1 --prompt 8 --response 8 --prefixes 2 --suffix 4 --chain 4 --continuations 2 \
        --runs 1
        train grpo model.path=starter:actor data.train_files=starter:jumps:train data.train_batch_size=2 \
        actor.optim.lr=1e-4 trainer.total_training_steps=2 --wait
        """

    @Test("every command", arguments: [80, 140])
    func rows(columns: Int) throws {
        let tiny = try TinyWorkspace()
        try tiny.write("opening.genac", Self.opening)
        let long = (0..<500).map { "apple \($0) costs \($0) cents\n" }.joined()
        try tiny.write("long.jsonl", "{\"question\":\(Self.json(long)),\"answer\":\(Self.json(long))}\n")
        let terminal = try PseudoTerminal(columns: columns, environment: ["PAGER": "cat"], folder: tiny.folder)
        try terminal.expectLast("genac>")
        var wrong: [String] = []
        for command in ["source opening.genac", "problems load long.jsonl"] + Self.commands {
            let printed = try terminal.printed(by: command)
            for row in printed where row.count > columns { wrong.append("\(command): \(row)") }
            if columns == 140, printed.contains(where: { $0.contains("for want of room") }) {
                wrong.append("\(command) leaves something out")
            }
            if command.hasPrefix("problems"), printed.count > 20 { wrong.append("\(command) floods the screen") }
        }
        #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
    }

    private static func json(_ text: String) throws -> String {
        String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    }
}

extension PseudoTerminal {
    /// Types a command and waits for the prompt: the rows that it printed, without what was drawn over.
    func printed(by command: String) throws -> [String] {
        let before = raw.count
        send(command + "\r")
        try wait("the end of \(command)", seconds: 120) { terminal in
            terminal.raw.count > before + command.utf8.count && terminal.screen.lines.last == "genac>"
                && !terminal.pump(0.1)
        }
        let text = String(decoding: raw[before...], as: UTF8.self)
            .replacing(#/\u{1B}\[[0-9;?]*[A-Za-z]/#, with: "").replacingOccurrences(of: "\r\n", with: "\n")
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().dropLast().map { row in
            row.split(separator: "\r").last.map(String.init) ?? ""
        }
    }
}
