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
        var abstract: String?

        var isPositional: Bool { kind == "positional" }
        var takesValue: Bool { kind == "option" }
    }

    var commandName: String
    var subcommands: [CommandInfo]?
    var defaultSubcommand: String?
    var arguments: [Argument]?

    private struct Dump: Decodable { var command: CommandInfo }

    /// Nil where another ArgumentParser writes its dump in another form: then nothing is completed, and all else works.
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
