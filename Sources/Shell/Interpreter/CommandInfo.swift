import ArgumentParser
import Foundation

/// A command's arguments as ArgumentParser describes them to completion scripts; only what completion needs.
struct CommandInfo: Decodable, Sendable {
    struct Argument: Decodable, Sendable {
        struct Name: Decodable, Sendable {
            var kind: String
            var name: String

            var spelled: String { kind == "long" ? "--\(name)" : "-\(name)" }
        }

        var kind: String
        var shouldDisplay: Bool
        var isRepeating: Bool
        var names: [Name]?
        var valueName: String?
        var allValues: [String]?

        var isPositional: Bool { kind == "positional" }
        var takesValue: Bool { kind == "option" }
    }

    var commandName: String
    var subcommands: [CommandInfo]?
    var defaultSubcommand: String?
    var arguments: [Argument]?

    private struct Dump: Decodable { var command: CommandInfo }

    static func of(_ type: any ParsableCommand.Type) -> CommandInfo? {
        try? JSONDecoder().decode(Dump.self, from: Data(type._dumpHelp().utf8)).command
    }

    func subcommand(_ name: String?) -> CommandInfo? {
        name.flatMap { name in subcommands?.first { $0.commandName == name } }
    }

    /// The command that runs when `word` stands first: the subcommand of that name, or the one for want of a name.
    func leaf(_ word: String?) -> CommandInfo {
        subcommand(word) ?? subcommand(defaultSubcommand) ?? self
    }
}

/// Completes a command's words from its description; names that only the session knows come from `values`.
struct CommandCompletion {
    /// Choices for an argument by its value's name (`solution`, `model`, `key`, …), given the words before and the word
    /// so far.
    var values: (_ valueName: String, _ words: [String], _ partial: String) -> [String]

    func result(_ before: String) -> CompletionResult {
        let statement = PartialStatement(before)
        let choices =
            statement.isForeign ? [] : statement.isFileName ? Paths.choices(statement.partial) : self.choices(statement)
        return TabCompletion.result(choices, partial: statement.partial, quote: statement.quote)
    }

    private func choices(_ statement: PartialStatement) -> [String] {
        guard let name = statement.words.first else { return Registry.names }
        guard let type = Registry.find(name), let root = CommandInfo.of(type) else { return [] }
        var info = root
        var words = Array(statement.words.dropFirst())
        var choices: [String] = []
        if let chosen = root.subcommand(words.first) {
            info = chosen
            words.removeFirst()
        } else if let subcommands = root.subcommands {
            if words.isEmpty { choices += subcommands.map(\.commandName).filter { $0 != "help" } }
            if let standard = root.subcommand(root.defaultSubcommand) { info = standard }
        }
        return choices + self.choices(for: info, words: words, statement)
    }

    private func choices(for info: CommandInfo, words: [String], _ statement: PartialStatement) -> [String] {
        let arguments = info.arguments ?? []
        if statement.quote == nil, statement.partial.hasPrefix("-") {
            return arguments.flatMap { $0.shouldDisplay ? $0.names ?? [] : [] }.map(\.spelled).filter {
                $0.hasPrefix("--")
            } + ["--help"]
        }
        var positionals = arguments.filter(\.isPositional)
        var pending: CommandInfo.Argument?
        for word in words {
            if pending != nil {
                pending = nil
            } else if let option = arguments.first(where: { $0.names?.contains { $0.spelled == word } == true }) {
                pending = option.takesValue ? option : nil
            } else if !Word.beginsOption(word), let first = positionals.first, !first.isRepeating {
                positionals.removeFirst()
            }
        }
        guard let argument = pending ?? positionals.first else { return [] }
        return (argument.allValues ?? []) + values(argument.valueName ?? "", words, statement.partial)
    }
}

/// File names, as completion offers them.
enum Paths {
    static func choices(_ partial: String) -> [String] {
        let cut = partial.lastIndex(of: "/").map { partial.index(after: $0) } ?? partial.startIndex
        let folder = String(partial[..<cut])
        let beginning = partial[cut...]
        let place = folder.isEmpty ? "." : (folder as NSString).expandingTildeInPath
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        return names.filter { $0.hasPrefix(beginning) && (beginning.hasPrefix(".") || !$0.hasPrefix(".")) }.map {
            name in
            var isDirectory: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: place + "/" + name, isDirectory: &isDirectory)
            return folder + name + (isDirectory.boolValue ? "/" : "")
        }
    }
}
