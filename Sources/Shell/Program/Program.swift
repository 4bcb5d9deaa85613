import ArgumentParser
import CEdit
import Compute
import Foundation
import Jumps
import Problems
import Terminal
import Workspace

/// What `genac` does from its first to its last moment.
package enum Program {
    /// As `genac --version` prints it.
    package static let version = Version.current

    /// - Returns: the exit code: 0 all well, 1 a command failed, 2 usage, 130 interrupted.
    package static func run(_ words: [String]) -> Int32 {
        genac_hold_standard_descriptors()
        genac_use_utf8()
        Tasks.register(JumpsTask())
        let arguments: Arguments
        switch parse(words) {
        case .arguments(let parsed): arguments = parsed
        case .finished(let code): return code
        }
        let messages = Output(descriptor: STDERR_FILENO, colour: arguments.color, buffered: false)
        if let refusal = Cores.refusal() ?? Home.refusal() {
            messages.prose("genac: \(refusal)")
            return 2
        }
        do {
            return try start(arguments, messages)
        } catch {
            messages.prose("genac: " + ErrorParts(error).text)
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
            guard Arguments.exitCode(for: error) == .success else {
                let words = ErrorParts(mistake(error)).text
                _ = said(words.hasPrefix("genac ") ? words : "genac: \(words)", on: STDERR_FILENO)
                return .finished(2)
            }
            return .finished(said(Arguments.fullMessage(for: error), on: STDOUT_FILENO) ? 0 : 1)
        }
    }

    /// What is wrong with the words that genac was started with.
    private static func mistake(_ error: any Error) -> any Error {
        let message = Arguments.message(for: error)
        guard let info = CommandInfo.of(Arguments.self) else { return error }
        return UsageWords(name: "genac", info: info, help: "`genac --help`", example: nil, takesText: false)
            .error(message)
    }

    /// Writes a line.
    /// - Returns: Whether it could be written.
    private static func said(_ text: String, on descriptor: Int32) -> Bool {
        let output = Output(descriptor: descriptor, colour: .never)
        output.prose(text)
        output.flush()
        return output.failure == nil
    }

    private static func start(_ arguments: Arguments, _ messages: Output) throws -> Int32 {
        var options = Options()
        options.json = arguments.json
        options.keepGoing = arguments.keepGoing
        options.readsCommands = arguments.commands == nil && arguments.files.isEmpty
        let isTyped = options.readsCommands && isatty(STDIN_FILENO) == 1
        options.isInteractive = isTyped && isatty(STDOUT_FILENO) == 1
        let workspace = try Workspace(directory: arguments.workspace)
        let session = Session(options: options, workspace: workspace, home: Home(workspace: workspace.directory))
        if let seed = arguments.seed { try session.settings.set("seed", String(seed)) }
        if let count = workspace.movedRecords {
            messages.prose("note: \(count) records of .genac/store.jsonl are in .genac/workspace.sqlite now")
        }
        for damage in workspace.takeDamage() { messages.prose("warning: \(damage)") }

        let interrupts = Interrupts(mailbox: session.mailbox, isInteractive: options.isInteractive)
        interrupts.install()
        interrupts.beforeLeaving { [jobs = session.jobs.centre] in jobs.leave() }
        let output = Output(descriptor: STDOUT_FILENO, colour: arguments.color)
        let interpreter = Interpreter(
            .shell, session, output: output, messages: messages, colour: arguments.color, interrupts: interrupts)
        defer { output.flush() }
        let code: Int32
        if options.isInteractive {
            code = Interactive(interpreter, interrupts, session, isBare: arguments.bare).run()
        } else {
            let status = runAll(arguments, interpreter)
            Ending(of: session).close(messages)
            code = interrupts.leaveSignal.map { 128 + $0 } ?? status.rawValue
        }
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
            if worst != .ok, !arguments.keepGoing { break }
        }
        return worst
    }
}
