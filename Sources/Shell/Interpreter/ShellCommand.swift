import ArgumentParser

/// A command of the shell: its arguments are the type's ArgumentParser properties, its work is `run(_:)`.
protocol ShellCommand: ParsableCommand {
    /// Prints what it streams to `context.console`; what it returns is printed after it.
    func run(_ context: CommandContext) throws -> Outcome
}

/// What a command may use beside its arguments: the session's parts, by their names (`context.models`), and where it
/// prints. A command takes from it the parts that it needs; only `run(_:)` and the work that it begins see a context.
@dynamicMemberLookup
struct CommandContext {
    /// Where the results go, and whether Ctrl-C was pressed.
    let console: Console
    /// For the few commands that are about the shell itself.
    let interpreter: Interpreter
    let editor: Editor
    private let session: Session

    init(_ session: Session, _ console: Console, _ interpreter: Interpreter, _ editor: Editor) {
        (self.session, self.console, self.interpreter, self.editor) = (session, console, interpreter, editor)
    }

    /// What a restart would forget.
    var script: SessionScript { SessionScript(session) }

    /// What the workspace keeps of the last session.
    var keptSession: KeptSession { KeptSession(session) }

    subscript<Part>(dynamicMember part: KeyPath<Session, Part>) -> Part { session[keyPath: part] }
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

    /// The first of the examples that the discussion ends with.
    var firstExample: String? {
        let lines = discussion.split(separator: "\n")
        guard let heading = lines.lastIndex(where: { $0 == "EXAMPLE:" || $0 == "EXAMPLES:" }) else { return nil }
        return lines.dropFirst(heading + 1).first.map { $0.trimmingBlanks }
    }
}
