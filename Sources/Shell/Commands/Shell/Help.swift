import ArgumentParser
import Compute
import Formats
import Terminal
import Training

struct Help: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "help", "List the commands, or explain one.",
        examples: ["help", "help generate", "help icc on", "help jumps"])

    @Argument(help: ArgumentHelp("A command, or a command and its verb, or a topic.", valueName: "topic"))
    var topic: [Text] = []

    func run(_ context: CommandContext) throws -> Outcome {
        let commands = context.interpreter.commands
        guard let first = topic.first?.string else { return Self.list(commands) }
        guard let type = commands.find(first) else {
            if let topic = HelpTopic.find(first) { return topic.outcome }
            let known = commands.names + HelpTopic.all.map(\.name)
            throw ShellError.unknownCommand(first, suggestion: DidYouMean.nearest(to: first, in: known))
        }
        let leaf = topic.dropFirst().first.flatMap { verb in
            type.configuration.subcommands.first { $0.configuration.commandName == verb.string }
        }
        let columns = context.console.output.columns
        let text = leaf.map { type.helpMessage(for: $0, columns: columns) } ?? type.helpMessage(columns: columns)
        return Outcome([("help", .string(text))]) { $0.line(text) }
    }

    private static func list(_ commands: CommandTable) -> Outcome {
        let all: [JSONValue] = commands.all.map { type in
            ["name": .string(CommandTable.name(type)), "abstract": .string(type.configuration.abstract)]
        }
        let width = commands.names.map(\.count).max() ?? 0
        let topics = HelpTopic.all
        let named: [JSONValue] = topics.map { ["name": .string($0.name), "abstract": .string($0.abstract)] }
        return Outcome([("commands", .array(all)), ("topics", .array(named))]) { page in
            func list(_ title: String, _ entries: [(name: String, abstract: String)]) {
                page.line(page.style.bold(title))
                page.meanings(entries.map { (TextWidth.padded($0.name, to: width), $0.abstract) }, indent: 2)
            }
            for topic in commands.topics {
                list(topic.title, topic.commands.map { (CommandTable.name($0), $0.configuration.abstract) })
            }
            list("Topics of `help`", topics.map { ($0.name, $0.abstract) })
            page.line(
                "`help COMMAND` explains one and shows an example; `apropos WORD` searches; `explain KEY` explains a "
                    + "setting."
            )
            page.line(
                #"Text is quoted: "…" leaves LaTeX alone (\" is a quote), '…' everything; $'…' takes \n and such."#)
        }
    }
}

struct Apropos: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "apropos", "Find commands and settings that mention a word.", examples: ["apropos temperature"])

    @Argument(help: ArgumentHelp("What to look for, in any case.", valueName: "word"))
    var word: Text

    func run(_ context: CommandContext) throws -> Outcome {
        let needle = word.string.lowercased()
        var found: [(String, String)] = []
        for type in context.interpreter.commands.all {
            let name = CommandTable.name(type), text = name + " " + type.helpMessage(columns: 1000)
            if text.lowercased().contains(needle) { found.append((name, type.configuration.abstract)) }
        }
        for setting in Settings.all where (setting.key + " " + setting.meaning).lowercased().contains(needle) {
            found.append(("explain " + setting.key, setting.meaning))
        }
        guard !found.isEmpty else {
            throw ShellError.refused("nothing mentions \(word)", hint: "`help` lists all commands")
        }
        let matches: [JSONValue] = found.map { ["name": .string($0.0), "abstract": .string($0.1)] }
        let result = found
        return Outcome([("matches", .array(matches))]) { page in
            page.meanings(result.map { ($0.0, $0.1) })
        }
    }
}
