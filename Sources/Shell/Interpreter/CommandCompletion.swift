/// Completes a command's words from its description; names that only the session knows come from `values`.
struct CommandCompletion {
    let commands: CommandTable
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
        guard let name = statement.words.first else { return commands.names }
        guard let type = commands.find(name), let root = CommandInfo.of(type) else { return [] }
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
