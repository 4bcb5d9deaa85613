import ArgumentParser
import CEdit
import Compute
import Foundation
import Terminal
import Workspace

/// What `genac` does from its first to its last moment.
package enum Program {
    package static let version = Version.current

    /// - Returns: the exit code: 0 all well, 1 a command failed, 2 usage, 130 interrupted.
    package static func run(_ words: [String]) -> Int32 {
        genac_hold_standard_descriptors()
        genac_use_utf8()
        let arguments: Arguments
        switch parse(words) {
        case .arguments(let parsed): arguments = parsed
        case .finished(let code): return code
        }
        let messages = Output(descriptor: STDERR_FILENO, colour: arguments.color, buffered: false)
        if let refusal = Cores.refusal() ?? Home.refusal() {
            messages.line("genac: \(refusal)")
            return 2
        }
        do {
            return try start(arguments, messages)
        } catch {
            messages.line("genac: " + ErrorParts(error).text)
            return 2
        }
    }

    private enum Parsing {
        case arguments(Arguments)
        case finished(Int32)
    }

    private static func parse(_ words: [String]) -> Parsing {
        do {
            let parsed = try Arguments.parse(words)
            if parsed.version {
                return .finished(said("genac \(version)", on: STDOUT_FILENO) ? 0 : 1)
            }
            guard parsed.commands == nil || parsed.files.isEmpty else {
                throw ValidationError("-c and files cannot be given together")
            }
            return .arguments(parsed)
        } catch {
            let isHelp = Arguments.exitCode(for: error) == .success
            let text = Arguments.fullMessage(for: error)
            guard isHelp else {
                _ = said(text, on: STDERR_FILENO)
                return .finished(2)
            }
            return .finished(said(text, on: STDOUT_FILENO) ? 0 : 1)
        }
    }

    /// Writes a line.
    /// - Returns: Whether it could be written.
    private static func said(_ text: String, on descriptor: Int32) -> Bool {
        let output = Output(descriptor: descriptor, colour: .never)
        output.line(text)
        output.flush()
        return output.failure == nil
    }

    private static func start(_ arguments: Arguments, _ messages: Output) throws -> Int32 {
        var options = Options()
        options.json = arguments.json
        options.keepGoing = arguments.keepGoing
        options.colour = arguments.color
        let isTyped = arguments.commands == nil && arguments.files.isEmpty && isatty(STDIN_FILENO) == 1
        options.isInteractive = isTyped && isatty(STDOUT_FILENO) == 1
        let workspace = try Workspace(directory: arguments.workspace)
        let session = Session(options: options, workspace: workspace, home: Home(workspace: workspace.directory))
        if let seed = arguments.seed { try session.settings.set("seed", String(seed)) }
        if let count = workspace.movedRecords {
            messages.line("note: \(count) records of .genac/store.jsonl are in .genac/workspace.sqlite now")
        }
        for damage in workspace.takeDamage() { messages.line("warning: \(damage)") }

        let interrupts = Interrupts(mailbox: session.mailbox, isInteractive: options.isInteractive)
        interrupts.install()
        session.interrupts = interrupts
        interrupts.beforeLeaving { [jobs = session.jobCentre] in jobs.leave() }
        let output = Output(descriptor: STDOUT_FILENO, colour: arguments.color)
        let interpreter = Interpreter(session: session, output: output, messages: messages, interrupts: interrupts)
        defer { output.flush() }
        let code =
            options.isInteractive
            ? Interactive(interpreter, interrupts, isBare: arguments.bare).run()
            : finish(session, interpreter, runAll(arguments, interpreter), interrupts)
        try workspace.close()
        return code
    }

    private static func runAll(_ arguments: Arguments, _ interpreter: Interpreter) -> RunStatus {
        if let commands = arguments.commands { return interpreter.run(commands, file: "-c") }
        if arguments.files.isEmpty {
            return Batch(interpreter).run(ByteLineReader(descriptor: STDIN_FILENO), file: "stdin")
        }
        var worst = RunStatus.ok
        for file in arguments.files where !interpreter.mustLeave {
            do {
                let status = try interpreter.runFile(file)
                if status == .interrupted { return status }
                if status != .ok { worst = status }
            } catch {
                worst = interpreter.report(error, at: nil, title: nil, seconds: 0)
            }
            if worst != .ok, !interpreter.session.options.keepGoing { break }
        }
        return worst
    }

    private static func finish(
        _ session: Session, _ interpreter: Interpreter, _ status: RunStatus, _ interrupts: Interrupts
    ) -> Int32 {
        session.close(interpreter.messages)
        if let signal = interrupts.leaveSignal { return 128 + signal }
        return status.rawValue
    }
}

/// Commands read a line at a time from something that is no terminal.
struct Batch {
    let interpreter: Interpreter

    init(_ interpreter: Interpreter) { self.interpreter = interpreter }

    func run(_ reader: some LineReader, file: String) -> RunStatus {
        var worst = RunStatus.ok
        var number = 0
        var pending = ""
        var firstLine = 1
        while !interpreter.mustLeave {
            let result = reader.read(prompt: "")
            number += 1
            let status: RunStatus
            switch result {
            case .line(let line):
                if pending.isEmpty { firstLine = number }
                pending += line + "\n"
                if StatementReader.isIncomplete(pending) { continue }
                status = interpreter.run(pending, file: file, line: firstLine)
                pending = ""
            case .unreadable(let reason):
                return interpreter.report(
                    ShellError.cannotOpen(path: file, reason: reason), at: nil, title: nil, seconds: 0)
            case .notUTF8:
                pending = ""
                let place = SourcePosition(file: file, line: number)
                status = interpreter.report(LanguageError.notUTF8(place), at: nil, title: nil, seconds: 0)
            case .interrupted:
                return .interrupted
            case .end:
                guard !pending.isEmpty else { return worst }
                status = interpreter.run(pending, file: file, line: firstLine)
                pending = ""
            }
            interpreter.output.flush()
            if status == .interrupted { return status }
            if status != .ok {
                if worst == .ok || status == .failed { worst = status }
                if !interpreter.session.options.keepGoing { return worst }
            }
        }
        return worst
    }
}
