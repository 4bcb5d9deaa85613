import ArgumentParser
import Compute
import Foundation

/// The commands there are, by topic, and how words become one.
package struct CommandTable: Sendable {
    /// Commands that are listed together.
    struct Topic: Sendable {
        let title: String
        let commands: [any ParsableCommand.Type]
    }

    let topics: [Topic]

    /// In the order of their topics.
    var all: [any ParsableCommand.Type] { topics.flatMap(\.commands) }

    var names: [String] { all.map(Self.name) }

    static func name(_ type: any ParsableCommand.Type) -> String { type.configuration.commandName ?? "" }

    func find(_ name: String) -> (any ParsableCommand.Type)? {
        all.first { type in
            Self.name(type) == name || type.configuration.aliases.contains(name)
        }
    }

    /// What a statement's words mean.
    enum Parsed {
        case command(any ShellCommand, title: String)
        /// `--help`: the text to show.
        case help(String, title: String)
    }

    func parse(_ words: [Word], columns: Int = 100) throws -> Parsed {
        guard let first = words.first else { throw ShellError.refused("there is no command") }
        guard !words.contains(where: { $0.text.contains("\0") }) else {
            throw ShellError.refused(
                "a word holds a NUL character", hint: "no file's name and no text may: the system would cut it there")
        }
        guard let type = find(first.text) else {
            throw ShellError.unknownCommand(first.text, suggestion: DidYouMean.nearest(to: first.text, in: names))
        }
        let arguments = ArgumentWords.of(words.dropFirst(), for: type)
        do {
            let parsed = try type.parseAsRoot(arguments)
            guard let command = parsed as? any ShellCommand else {
                var helper = parsed
                try helper.run()
                return .help("", title: Self.name(type))
            }
            return .command(command, title: Self.title(of: Swift.type(of: command), under: type, words: words))
        } catch {
            if type.exitCode(for: error) == .success {
                return .help(Text.unmarked(type.fullMessage(for: error, columns: columns)), title: Self.name(type))
            }
            throw Self.usageError(type, error, words)
        }
    }

    /// `prompt show`, but `icc` for the bare command that lists.
    private static func title(
        of leaf: any ParsableCommand.Type, under root: any ParsableCommand.Type, words: [Word]
    ) -> String {
        let (leafName, rootName) = (name(leaf), name(root))
        guard leaf != root, words.count > 1, words[1].text == leafName else { return rootName }
        return "\(rootName) \(leafName)"
    }

    private static func usageError(_ type: any ParsableCommand.Type, _ error: any Error, _ words: [Word]) -> ShellError
    {
        let message = Text.unmarked(type.message(for: error))
        guard let info = CommandInfo.of(type) else { return .usage(message, usage: "`help \(name(type))` says more") }
        let typed = words.dropFirst().first?.text, verb = info.subcommand(typed)?.commandName
        let leaf = type.configuration.subcommands.first { verb != nil && name($0) == verb } ?? type
        let full = ([name(type)] + [verb].compactMap { $0 }).joined(separator: " ")
        let words = UsageWords(
            name: full, info: info.leaf(verb), unknownVerb: verb == nil ? typed : nil,
            verbs: (info.subcommands ?? []).map(\.commandName).filter { $0 != "help" }, help: "`help \(full)`",
            example: leaf.configuration.firstExample)
        return words.error(message)
    }
}
