import Compute
import Formats
import Foundation
import Terminal

/// How running commands ended.
package enum RunStatus: Int32, Sendable {
    case ok = 0, failed = 1, usage = 2, interrupted = 130
}

/// Runs commands one after another in a session, prints their results, and says what failed and where.
package final class Interpreter {
    let commands: CommandTable
    let output: Output
    let messages: Output
    /// A line after each command says how long it took.
    var showsTiming = false
    /// What was typed in this session, oldest first.
    var history: [String] = []
    /// Set by `quit`.
    private(set) var mustLeave = false
    private let session: Session
    private let colour: ColourChoice
    private let interrupts: Interrupts?
    private var depth = 0
    private var running: Cancellation?
    /// The user was told that `"…"` takes JSON's escapes no more.
    private var hasWarnedOfEscapes = false

    /// - Parameters:
    ///   - colour: of results that go to a file or a program.
    ///   - interrupts: nil where no signals are to be minded.
    package init(
        _ commands: CommandTable, _ session: Session, output: Output, messages: Output, colour: ColourChoice,
        interrupts: Interrupts?
    ) {
        (self.commands, self.session) = (commands, session)
        (self.output, self.messages, self.colour, self.interrupts) = (output, messages, colour, interrupts)
    }

    var options: Options { session.options }

    func leave() { mustLeave = true }

    /// A script that runs on a terminal shows its commands, so that each result is seen with what asked for it.
    private var echoes: Bool { depth > 0 && output.isTerminal && !options.json }

    /// Runs a script's text; stops at the first failure unless `--keep-going`.
    package func run(_ text: String, file: String, line: Int = 1) -> RunStatus {
        var reader = StatementReader(text, file: file, line: line)
        var worst = RunStatus.ok
        while !mustLeave {
            var status = RunStatus.ok
            do {
                guard let statement = try reader.next() else { break }
                warn(of: reader.oldEscape)
                if echoes { output.prose(Style(hasColour: output.hasColour).faint("genac> \(statement.spelled)")) }
                status = execute(statement)
            } catch {
                status = report(error, at: nil, title: nil, seconds: 0)
            }
            if status == .interrupted { return status }
            if status != .ok {
                if worst == .ok || status == .failed { worst = status }
                if !options.keepGoing { break }
            }
        }
        return worst
    }

    /// Once is enough: a script that has one such escape has many.
    private func warn(of escape: OldEscape?) {
        guard let escape, !hasWarnedOfEscapes else { return }
        hasWarnedOfEscapes = true
        let place = options.isInteractive && depth == 0 ? "" : "\(escape.position): "
        output.flush()
        messages.prose("\(place)warning: \(escape.warning)")
    }

    /// - Throws: ``ShellError/cannotOpen(path:reason:)``, ``LanguageError/notUTF8(_:)``, a refusal of endless `source`.
    func runFile(_ path: String) throws -> RunStatus {
        guard depth < 16 else {
            throw ShellError.refused("scripts source each other more than 16 deep", hint: "take the circle out")
        }
        depth += 1
        defer { depth -= 1 }
        let place = session.home.file(path)
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(fileURLWithPath: place))
        } catch {
            let isThere = FileManager.default.fileExists(atPath: place)
            if !isThere, commands.find(path) != nil {
                throw ShellError.refused(
                    "there is no script \(path)",
                    hint: "the command of that name is typed in the shell, or run by genac -c '\(path)'")
            }
            throw ShellError.cannotOpen(path: path, reason: isThere ? "it is not readable" : "no such file")
        }
        guard let text = String(validating: ByteOrderMark.passed(bytes), as: UTF8.self) else {
            let good = bytes.prefix { $0 < 0x80 }
            let line = good.count { $0 == 0x0A } + 1
            throw LanguageError.notUTF8(SourcePosition(file: path, line: line))
        }
        return run(text, file: path)
    }

    /// Runs one command.
    func execute(_ statement: Statement) -> RunStatus {
        let start = ContinuousClock.now
        func seconds() -> Double { (ContinuousClock.now - start).inSeconds }
        let cancellation = Cancellation()
        let outer = running
        running = cancellation
        interrupts?.enter(.running(cancellation, interruptedAt: nil))
        var title: String?
        defer {
            running = outer
            interrupts?.enter(outer.map { .running($0, interruptedAt: nil) } ?? .idle)
            if cancellation.isCancelled { outer?.cancel() }
        }
        do {
            switch try commands.parse(statement.words, columns: output.columns) {
            case .help(let text, let name):
                title = name
                try show(Outcome([("help", .string(text))]) { $0.line(text) }, title: name, statement, seconds())
            case .command(let command, let name):
                title = name
                try perform(command, name, statement, cancellation, seconds)
            }
            showTiming(seconds())
            session.mailbox.showMessages(on: messages)
            if cancellation.isCancelled {
                if !options.isInteractive || outer != nil { return .interrupted }
                messages.line("interrupted")
            }
            return .ok
        } catch let stop as ScriptFailure {
            return stop.status
        } catch {
            session.mailbox.showMessages(on: messages)
            if cancellation.isCancelled {
                _ = report(ShellError.interrupted, at: statement.position, title: title, seconds: seconds())
                return .interrupted
            }
            return report(
                error, at: statement.position, title: title ?? statement.words.first?.text, seconds: seconds())
        }
    }

    private func perform(
        _ command: any ShellCommand, _ title: String, _ statement: Statement, _ cancellation: Cancellation,
        _ seconds: () -> Double
    ) throws {
        let sink = try Sink(statement.destination, standard: output, colour: colour)
        do {
            let console = Console(
                output: sink.output, messages: messages, cancellation: cancellation, streams: !options.json,
                typed: statement.words.map(\.spelled).joined(separator: " "))
            let editor = Editor(output: sink.output, interrupts: interrupts)
            _ = sink.output.hasWrittenSince()
            var outcome = try command.run(CommandContext(session, console, self, editor))
            if cancellation.isCancelled { outcome.fields.append(("cancelled", true)) }
            try write(outcome, title: title, to: sink.output, seconds())
        } catch {
            try? sink.finish(interrupts)
            throw error
        }
        try sink.finish(interrupts)
    }

    private func show(_ outcome: Outcome, title: String, _ statement: Statement, _ seconds: Double) throws {
        let sink = try Sink(statement.destination, standard: output, colour: colour)
        _ = sink.output.hasWrittenSince()
        try write(outcome, title: title, to: sink.output, seconds)
        try sink.finish(interrupts)
    }

    /// A person turns the pages of what is taller than the screen, unless its beginning was shown while it came.
    private func write(_ outcome: Outcome, title: String, to output: Output, _ seconds: Double) throws {
        if options.json {
            let head: [JSONObject.Member] = [
                ("command", .string(title)), ("ok", true), ("seconds", Self.rounded(seconds)),
            ]
            output.line(JSONValue.object(JSONObject(head + outcome.fields)).text(.compact, asciiOnly: true))
        } else if options.isInteractive, depth == 0, output.isTerminal, !output.hasWrittenSince() {
            let held = Output(holdingFor: output)
            outcome.render(Page(held))
            try Pager().show(held.taken(), on: output, colour: colour, interrupts)
        } else {
            outcome.render(Page(output))
        }
    }

    private func showTiming(_ seconds: Double) {
        if showsTiming { messages.line("(\(Span.text(seconds)))") }
    }

    private static func rounded(_ seconds: Double) -> JSONValue { .number((seconds * 1e6).rounded() / 1e6) }

    /// `FILE:LINE: what, why, what to do` on standard error; with `--json` also a line on standard output.
    func report(_ error: any Error, at position: SourcePosition?, title: String?, seconds: Double) -> RunStatus {
        var parts = ErrorParts(error)
        if error is LanguageError, options.isInteractive { parts.location = nil }
        let place = options.isInteractive ? nil : position?.description
        let text =
            ([place, parts.location, parts.what].compactMap { $0 }.joined(separator: ": "))
            + (parts.hint.map { "; \($0)" } ?? "")
        let style = Style(hasColour: messages.hasColour)
        if output.isTerminal, output.isInsideLine { output.line() }
        output.flush()
        messages.prose((place == nil && parts.location == nil ? style.bad("error: ") : "") + TextWidth.visible(text))
        if options.json {
            let whereText = [position?.description, parts.location].compactMap { $0 }.joined(separator: ": ")
            let line: JSONValue = [
                "command": title.map { .string($0) } ?? nil, "ok": false, "seconds": Self.rounded(seconds),
                "error": [
                    "what": .string(parts.what), "where": whereText.isEmpty ? nil : .string(whereText),
                    "hint": parts.hint.map { .string($0) } ?? nil,
                ],
            ]
            output.line(line.text(.compact, asciiOnly: true))
        }
        if error is LanguageError { return .usage }
        return (error as? ShellError)?.isUsage == true ? .usage : .failed
    }
}

/// A script run by `source` failed and has said so already.
struct ScriptFailure: Error {
    var status: RunStatus
}
