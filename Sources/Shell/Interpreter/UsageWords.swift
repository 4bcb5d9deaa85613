import Compute

/// Mistakes in a command's words, as people say them: what is wrong, an example, and where to read on. ArgumentParser
/// tells them apart by its messages alone; one that is not known here is passed on as it is.
struct UsageWords {
    /// The command, with its verb.
    let name: String
    /// The verb's where there is one.
    let info: CommandInfo
    /// What was typed where a verb may stand, and is none.
    var unknownVerb: String?
    /// Of the command without a verb.
    var verbs: [String] = []
    /// How the command's help is asked for.
    let help: String
    /// Words that would be right.
    let example: String?
    /// Quotes can make a word text.
    var takesText = true

    func error(_ message: String) -> ShellError {
        let (what, more) = words(for: message)
        let example = example.map { "for example `\($0)`" }
        return .usage(what, usage: [more, example, "\(help) says more"].compactMap { $0 }.joined(separator: "; "))
    }

    private func words(for message: String) -> (what: String, hint: String?) {
        if let match = message.firstMatch(of: #/^Missing expected argument '(.*)'/#) { return missing(String(match.1)) }
        if let match = message.firstMatch(of: #/^Missing value for '(\S+)( <.*>)?'/#) {
            return noValue(String(match.1))
        }
        if let match = message.firstMatch(of: #/^Unknown option '(.*?)'/#) { return unknown(String(match.1)) }
        if let match = message.firstMatch(of: #/^(?:Unexpected argument|\d+ unexpected arguments:) '(.*)'$/#) {
            return unexpected(match.1.split(separator: "', '").map(String.init))
        }
        if let match = message.firstMatch(of: #/^The option '(.*)' does not take any value, but '(.*)' was/#) {
            return ("\(match.1) is a switch and takes no value, but \(match.2) was given", nil)
        }
        if let match = message.firstMatch(of: #/^The value '((?:.|\n)*)' is invalid for '(.*?)'/#) {
            return wrongValue(String(match.1), for: String(match.2))
        }
        let lower = message.prefix(1).lowercased() + message.dropFirst()
        return (lower.hasSuffix(".") ? String(lower.dropLast()) : lower, nil)
    }

    /// - Parameter spelled: `<file>`, `<file> ...` or `--answer <answer>`.
    private func missing(_ spelled: String) -> (String, String?) {
        guard let argument = argument(spelled) else { return ("\(name) needs \(spelled)", nil) }
        return ("\(name) needs \(argument.placeholder)" + argument.explained, nil)
    }

    private func noValue(_ option: String) -> (String, String?) {
        guard let argument = argument(option) else { return ("\(option) needs a value", nil) }
        return ("\(option) needs \(argument.valuePlaceholder) after it" + argument.explained, nil)
    }

    private func unknown(_ option: String) -> (String, String?) {
        let options = (info.arguments ?? []).filter(\.shouldDisplay).flatMap { $0.names ?? [] }.map(\.spelled)
        let isLong = option.hasPrefix("--"), text = "quote a word that begins with - to mean text"
        let near = isLong ? DidYouMean.nearest(to: option, in: options + ["--help"]) : nil
        return (
            "\(name) has no option \(option)",
            near.map { "did you mean \($0)?" } ?? (takesText ? text : nil)
        )
    }

    private func unexpected(_ words: [String]) -> (String, String?) {
        if let word = words.first, word == unknownVerb, !verbs.isEmpty {
            let near = DidYouMean.nearest(to: word, in: verbs).map { "did you mean \(name) \($0)?" }
            return ("\(name) has no verb \(word)", near ?? "there are: \(verbs.joined(separator: ", "))")
        }
        let places = (info.arguments ?? []).filter { $0.isPositional && $0.shouldDisplay }.map(\.placeholder)
        let taken = places.isEmpty ? "no words" : "only \(places.joined(separator: " "))"
        return (
            "\(name) takes \(taken): there is no place for \(words.joined(separator: " "))",
            "text of several words is quoted"
        )
    }

    private func wrongValue(_ value: String, for spelled: String) -> (String, String?) {
        guard let argument = argument(spelled) else { return ("\(value) is no \(spelled)", nil) }
        let whose = argument.isPositional ? "" : " for \(spelled.prefix { $0 != " " })"
        let choices = argument.allValues ?? []
        return (
            "\(value.isEmpty ? "an empty text" : value) is no \(argument.valuePlaceholder)\(whose)"
                + (choices.isEmpty ? argument.explained : ": it is one of \(choices.joined(separator: ", "))"),
            DidYouMean.nearest(to: value, in: choices).map { "did you mean \($0)?" }
        )
    }

    /// The argument that a message spells: by its option where it has one, else by its value.
    private func argument(_ spelled: String) -> CommandInfo.Argument? {
        let arguments = info.arguments ?? [], words = spelled.split(separator: " ").map(String.init)
        guard let first = words.first, first.hasPrefix("-") else {
            let value = spelled.drop { $0 == "<" }.prefix { $0 != ">" }
            return arguments.first { $0.isPositional && $0.valueName ?? "" == value }
        }
        return arguments.first { $0.names?.contains { $0.spelled == first } == true }
    }
}

extension CommandInfo.Argument {
    /// How help and errors write the place of it: `FILE`, `--answer ANSWER`.
    fileprivate var placeholder: String {
        isPositional ? valuePlaceholder : "\(names?.first?.spelled ?? "") \(valuePlaceholder)"
    }

    fileprivate var valuePlaceholder: String { (valueName ?? "value").uppercased() }

    /// `, a prefix such as 2.3`.
    fileprivate var explained: String {
        guard let abstract, !abstract.isEmpty else { return "" }
        let isName = abstract.prefix(2).allSatisfy(\.isUppercase)
        let text = isName ? abstract : abstract.prefix(1).lowercased() + abstract.dropFirst()
        return ": " + (text.hasSuffix(".") ? String(text.dropLast()) : text)
    }
}
