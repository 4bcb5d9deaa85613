import ArgumentParser
import Terminal

struct SessionCommand: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "session", "What a restart forgets: settings, models, prompts, ICC. Show it, save it, bring it back.",
        discussion:
            "Problems, solutions, values, runs and studies are kept as they are made. The rest is a script of commands"
            + ": where it was changed, the shell writes it to .genac/session.genac when you leave. It is never run "
            + "unasked; commands for every start belong into ~/.config/genac/init.genac.",
        examples: ["session", "session save", "session save monday.genac", "session restore"],
        subcommands: [SessionShow.self, SessionSave.self, SessionRestore.self], defaultSubcommand: SessionShow.self)

    func run(_ context: CommandContext) throws -> Outcome { Outcome() }
}

struct SessionShow: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "show", "Print the commands that bring this session back.", examples: ["session"])

    func run(_ context: CommandContext) throws -> Outcome {
        let text = context.script.text
        return Outcome([("script", .string(text))]) { page in
            for line in text.split(separator: "\n") { page.line(TextWidth.visible(String(line), keepingLines: false)) }
        }
    }
}

struct SessionSave: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "save", "Write the commands that bring this session back.", examples: ["session save", "session save a.genac"])

    @Argument(help: ArgumentHelp("The script (default: .genac/session.genac of the workspace).", valueName: "file"))
    var file: Text?

    func run(_ context: CommandContext) throws -> Outcome {
        let script = context.script
        guard let file else {
            let kept = context.keptSession
            try kept.write(script)
            return .note("kept; `session restore` brings it back", [("file", .string(kept.path))])
        }
        try KeptSession.write(script, to: Home.output(file.string))
        return .note("kept in \(file); `source \(file)` brings it back", [("file", .string(file.string))])
    }
}

struct SessionRestore: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "restore", "Run the kept session's commands, on top of what is loaded.", examples: ["session restore"])

    func run(_ context: CommandContext) throws -> Outcome {
        let kept = context.keptSession
        guard kept.isThere else {
            throw ShellError.refused("no session is kept here", hint: "`session save` keeps this one")
        }
        let status = try context.interpreter.runFile(kept.path)
        guard status == .ok else { throw ScriptFailure(status: status) }
        return Outcome([("file", .string(kept.path))])
    }
}
