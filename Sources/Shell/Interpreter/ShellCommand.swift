import ArgumentParser
import Compute
import Terminal

/// A command of the shell: its arguments are the type's ArgumentParser properties, its work is `run(_:)`.
package protocol ShellCommand: ParsableCommand {
    /// Prints what it streams to `context.output`; what it returns is printed after it.
    func run(_ context: CommandContext) throws -> Outcome
}

/// Long work of a command: what it may use beside its arguments.
package final class CommandContext {
    package let session: Session
    /// Set by Ctrl-C; long work looks at it and keeps what is finished.
    package let cancellation: Cancellation
    /// Where the results go: the terminal, a file or a program.
    package let output: Output
    package let messages: Output
    /// Runs commands of a script on this command's behalf (`source`).
    let interpreter: Interpreter

    init(session: Session, cancellation: Cancellation, output: Output, messages: Output, interpreter: Interpreter) {
        self.session = session
        self.cancellation = cancellation
        self.output = output
        self.messages = messages
        self.interpreter = interpreter
    }

    /// Text may be written as it comes; false when one JSON line is all that is wanted.
    package var streams: Bool { !session.options.json }

    package func progress(_ label: String, unit: String, total: Int) -> ProgressBar {
        ProgressBar(messages, label: label, unit: unit, total: total)
    }

    /// A remark on standard error that is no part of the result.
    package func remark(_ text: String) { messages.line(text) }
}

extension CommandConfiguration {
    /// A command's configuration: its name, one line of what it does, what else is to say, and examples.
    static func shell(
        _ name: String, _ abstract: String, discussion: String = "", examples: [String],
        subcommands: [any ParsableCommand.Type] = [], defaultSubcommand: (any ParsableCommand.Type)? = nil,
        aliases: [String] = []
    ) -> CommandConfiguration {
        let heading = examples.count == 1 ? "EXAMPLE:" : "EXAMPLES:"
        let block = examples.isEmpty ? "" : ([heading] + examples.map { "  " + $0 }).joined(separator: "\n")
        return CommandConfiguration(
            commandName: name, abstract: abstract,
            discussion: [discussion, block].filter { !$0.isEmpty }.joined(separator: "\n\n"),
            subcommands: subcommands, defaultSubcommand: defaultSubcommand, aliases: aliases)
    }
}
