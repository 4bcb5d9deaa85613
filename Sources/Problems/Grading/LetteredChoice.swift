/// The letter of a multiple choice: `C`, `(C)`, `\textbf{(C)}\ 12`, `C: 12 apples`, `option C`.
enum LetteredChoice {
    /// Nil where the tokens begin with no letter of a choice.
    static func letter(_ tokens: [MathToken]) -> String? {
        var rest = tokens[...]
        while let word = rest.first?.word, word.count > 1, Vocabulary.fillers.contains(word) || word == "correct" {
            rest.removeFirst()
        }
        let isBracketed = rest.first?.isSign("(") ?? false
        if isBracketed { rest.removeFirst() }
        guard let letter = rest.popFirst()?.letters, letter.count == 1, letter.first?.isUppercase ?? false,
            ("A"..."J").contains(letter)
        else { return nil }
        guard let next = rest.first else { return isBracketed ? nil : letter }
        if isBracketed { return next.isSign(")") ? letter : nil }
        return [")", ":", "."].contains(where: next.isSign) ? letter : nil
    }

    /// The last letter that prose says to be the choice: `option B is correct`, `the best is (B)`.
    static func said(_ tokens: [MathToken]) -> String? {
        for index in tokens.indices.dropFirst().reversed() {
            guard let letter = tokens[index].letters, letter.count == 1, ("A"..."J").contains(letter) else { continue }
            let before = tokens[index - 1], after = index + 1 < tokens.count ? tokens[index + 1] : nil
            if before.isSign("("), after?.isSign(")") ?? false { return letter }
            let isNamed = ["option", "choice", "answer", "is", "s"].contains(before.letters?.lowercased())
            if isNamed, after.map({ $0.word != nil || [".", ",", ":", ")"].contains(where: $0.isSign) }) ?? true {
                return letter
            }
        }
        return nil
    }
}
