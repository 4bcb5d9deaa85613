import ArgumentParser

/// A command's words as ArgumentParser shall see them. It takes every word with a dash for an option, but a quoted
/// one is text here, and `-5` is a number.
enum ArgumentWords {
    /// Behind an option that takes a value, text with a dash is joined to it (`--answer=-5`), which suits an argument
    /// of any type. As a positional it travels behind the mark of ``Text``.
    static func of(_ words: ArraySlice<Word>, for type: any ParsableCommand.Type) -> [String] {
        guard words.contains(where: hasPlainDash) else {
            return words.map { Text.shielded($0.text, isText: false) }
        }
        let options = optionsWithValue(of: type, words)
        var result: [String] = []
        var isBehindTerminator = false
        for word in words {
            if !isBehindTerminator, hasPlainDash(word), let option = result.last, options.contains(option) {
                result[result.count - 1] = "\(option)=\(word.text)"
            } else {
                result.append(Text.shielded(word.text, isText: hasPlainDash(word)))
            }
            if word.text == "--", !word.isQuoted { isBehindTerminator = true }
        }
        return result
    }

    /// The word begins with a dash and is no option.
    private static func hasPlainDash(_ word: Word) -> Bool {
        word.text.unicodeScalars.first == "-" && (word.isQuoted || !Word.beginsOption(word.text))
    }

    private static func optionsWithValue(of type: any ParsableCommand.Type, _ words: ArraySlice<Word>) -> Set<String> {
        let info = CommandInfo.of(type)?.leaf(words.first?.text)
        let options = (info?.arguments ?? []).filter(\.takesValue)
        return Set(options.flatMap { $0.names ?? [] }.map(\.spelled))
    }
}
