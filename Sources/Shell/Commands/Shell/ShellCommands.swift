import ArgumentParser
import Formats
import Terminal

struct Quit: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "quit", "Leave the shell; a running job writes a checkpoint first.", examples: ["quit"], aliases: ["exit"])

    func run(_ context: CommandContext) throws -> Outcome {
        context.interpreter.leave()
        return Outcome()
    }
}

struct Source: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "source", "Run a script's commands in this session.", examples: ["source sessions/tour.genac"])

    @Argument(help: ArgumentHelp("The script.", valueName: "file"))
    var file: Text

    func run(_ context: CommandContext) throws -> Outcome {
        let status = try context.interpreter.runFile(file.string)
        guard status == .ok else { throw ScriptFailure(status: status) }
        return Outcome([("file", .string(file.string))])
    }
}

struct History: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "history", "List what was typed in this session.", examples: ["history", "history > steps.genac"])

    @Option(name: .customShort("n"), help: ArgumentHelp("Only the newest.", valueName: "count"))
    var count: Int?

    func run(_ context: CommandContext) throws -> Outcome {
        if let count, count < 0 { throw ShellError.refused("-n cannot be \(count)", hint: "it counts commands") }
        let entries = context.interpreter.history.suffix(count ?? Int.max)
        return Outcome([("entries", .array(entries.map { .string($0) }))]) { page in
            for entry in entries { page.line(entry) }
        }
    }
}

struct Timing: ShellCommand {
    enum Choice: String, ExpressibleByArgument, CaseIterable { case on, off }

    static let configuration = CommandConfiguration.shell(
        "timing", "Say after each command how long it took.", examples: ["timing on"])

    @Argument(help: "on or off.")
    var choice: Choice

    func run(_ context: CommandContext) throws -> Outcome {
        context.interpreter.showsTiming = choice == .on
        return Outcome([("timing", .bool(choice == .on))])
    }
}
