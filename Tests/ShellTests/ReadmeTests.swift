import Foundation
import Testing

/// README's transcripts, typed again: what it prints must be what is printed. `…` on a line stands for any lines, at a
/// line's end for more columns, there and in the lines below. Times and speeds are the clock's.
@Suite("README", .serialized, .enabled(if: Binary.starterIsThere && RecordedKernels.areHere))
struct ReadmeTests {
    struct Step {
        var command: String
        var line: Int
        var output: [String] = []
    }

    /// Blocks in which a command is followed by what it prints.
    static func transcripts() throws -> [[Step]] {
        var blocks: [[Step]] = [], isInside = false
        let text = try String(contentsOfFile: Binary.root + "/README.md", encoding: .utf8)
        for (index, line) in text.components(separatedBy: "\n").enumerated() {
            if line.hasPrefix("```") {
                isInside.toggle()
                if isInside { blocks.append([]) }
            } else if isInside, line.hasPrefix("genac> ") {
                let command = line.dropFirst("genac> ".count).components(separatedBy: "  #")[0]
                blocks[blocks.count - 1].append(Step(command: command, line: index + 1))
            } else if isInside, let step = blocks[blocks.count - 1].indices.last {
                blocks[blocks.count - 1][step].output.append(line)
            }
        }
        return blocks.filter { $0.contains { !$0.output.isEmpty } }
    }

    /// One that states no problem and asks of the last solution goes on from the first. What trains for a minute is
    /// apart.
    private static func sessions() throws -> [[Step]] {
        let blocks = try transcripts().filter { !isTraining($0) }, first = try #require(blocks.first)
        let further = blocks.dropFirst().filter { $0.contains { $0.command.contains(" last") } }.flatMap { $0 }
        let others = blocks.dropFirst().filter { !$0.contains { $0.command.contains(" last") } }
        return [first + further] + others
    }

    @Test("the commands print what README says they print")
    func replay() throws {
        let sessions = try Self.sessions()
        #expect(sessions.count >= 3 && sessions[0].count >= 5, "the first look, ICC, the tour's problem, a study")
        for session in sessions {
            let printed = try run(session.map(\.command))
            for (step, lines) in zip(session, printed) where !step.output.isEmpty {
                if let difference = Self.difference(lines, step.output) {
                    Issue.record("README.md:\(step.line): `\(step.command)` \(difference)")
                }
            }
        }
    }

    @Test("what README says of the session in which a chain catches an error is printed by it, in this order")
    func caught() throws {
        let text = try String(contentsOfFile: Binary.root + "/README.md", encoding: .utf8)
        let block = try #require(text.components(separatedBy: "```").first { $0.hasPrefix("\ncritic: head\n") })
        let wanted = block.split(separator: "\n").map(String.init).filter { $0 != "…" }
        let result = try Binary.run([Binary.root + "/sessions/caught.genac"], environment: RecordedKernels.environment)
        var printed = Self.lines(result.output)[...]
        #expect(result.status == 0 && wanted.count > 10, "\(result.errors)")
        for line in wanted {
            guard let place = printed.firstIndex(of: line) else {
                Issue.record("README's line is not printed, or not here: \(line)")
                break
            }
            printed = printed[(place + 1)...]
        }
    }

    private static func isTraining(_ block: [Step]) -> Bool { block.contains { $0.command.hasPrefix("train ") } }

    @Test("README's novice learns: its commands run, and thirty of its steps make a critic that errs less")
    func better() throws {
        let block = try #require(try Self.transcripts().first(where: Self.isTraining))
        let commands = block.map(\.command).filter { !$0.hasPrefix("watch") }.map { command in
            (command.hasPrefix("train") ? command + " trainer.total_training_steps=30 --wait" : command)
                .replacing("--problems 100", with: "--problems 40")
        }
        try #require(commands.count == 4 && commands.contains { $0.hasSuffix("=30 --wait") }, "\(commands)")
        try Binary.withFolder { folder in
            let lines = try Binary.json(
                "load actor starter:actor; load critic starter:critic; " + commands.joined(separator: "; "), folder)
            let rows = try #require(lines.last?["critics"] as? [[String: Any]], "\(lines.last ?? [:])")
            func error(_ name: String) throws -> Double {
                try #require(rows.first { $0["critic"] as? String == name }?["mse"] as? Double, "\(rows)")
            }
            let (novice, taught) = (try error("novice"), try error("taught"))
            #expect(taught < novice - 0.02)
        }
    }

    /// Each command's lines, on the models and problems on which the shell opens, in a fresh folder.
    private func run(_ commands: [String]) throws -> [[String]] {
        let folder = NSTemporaryDirectory() + "genac-readme-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let opening = "load actor starter:actor\nload critic starter:critic\nproblems load starter:jumps\n"
        let script = commands.enumerated().map { "\($1) > \($0).txt\n" }.joined()
        let result = try Binary.run(
            [], input: Data((opening + script).utf8), folder: folder, environment: RecordedKernels.environment)
        try #require(result.status == 0, "\(result.errors)")
        return try commands.indices.map {
            Self.lines(try String(contentsOfFile: "\(folder)/\($0).txt", encoding: .utf8))
        }
    }

    /// Without blanks at their ends, and without the clock.
    private static func lines(_ text: String) -> [String] {
        var lines = text.components(separatedBy: "\n").map(timeless)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func timeless(_ line: String) -> String {
        let trimmed = String(line.reversed().drop(while: \.isWhitespace).reversed())
        return trimmed.replacing(/in [0-9.]+ m?s, [0-9]+ tokens\/s/, with: "in some time")
    }

    /// How what was printed is not what was to be; nil when it is.
    static func difference(_ printed: [String], _ wanted: [String]) -> String? {
        var rest = printed.map(timeless)[...], isGap = false, isCut = false
        for line in wanted.map(timeless) {
            guard line != "…" else {
                isGap = true
                continue
            }
            isCut = isCut || line.hasSuffix("…")
            let text = isCut ? timeless(line.replacing("…", with: "")) : line
            func fits(_ other: String) -> Bool { isCut ? other.hasPrefix(text) : other == text }
            let place = isGap ? rest.firstIndex(where: fits) : rest.first.map(fits) == true ? rest.startIndex : nil
            guard let place else { return "prints\n  \(rest.first ?? "nothing more")\nwhere README has\n  \(line)" }
            (rest, isGap) = (rest[(place + 1)...], false)
        }
        return isGap || rest.isEmpty ? nil : "goes on with\n  \(rest.first ?? "")"
    }

    @Test("the comparison itself sees what is missing, added, changed, and lets what is left out be")
    func comparing() {
        #expect(
            Self.difference(["a", "b"], ["a", "b"]) == nil && Self.difference(["a", "x", "b"], ["a", "…", "b"]) == nil)
        #expect(Self.difference(["a", "b"], ["a"]) != nil && Self.difference(["a", "b"], ["a", "…"]) == nil)
        #expect(Self.difference(["a"], ["a", "b"]) != nil && Self.difference(["a", "c"], ["a", "b"]) != nil)
        #expect(Self.difference(["a b  c", "1 2  3"], ["a b …", "1 2"]) == nil)
        #expect(Self.difference(["a b  c", "1 9  3"], ["a b …", "1 2"]) != nil)
        #expect(
            Self.difference(["88 tokens in 9 ms, 5 tokens/s, seed 0"], ["88 tokens in 1.2 s, 77 tokens/s, seed 0"])
                == nil)
    }
}
