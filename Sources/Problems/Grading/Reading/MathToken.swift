/// A piece of an answer as it is written: what the parser reads.
struct MathToken: Equatable {
    enum Kind: Equatable {
        /// Digits, perhaps with a point; no sign, no separators.
        case number(String)
        /// The digits of a repeating decimal: those before and after the point, and those that repeat.
        case repeating(String, String)
        /// A run of letters.
        case letters(String)
        /// A LaTeX command that means something, without its backslash.
        case command(String)
        /// `\begin{name}` and `\end{name}`.
        case begin(String), end(String)
        /// An operator, a relation, a bracket, a separator: `+`, `≤`, `\{`, `\\`.
        case sign(String)
    }

    var kind: Kind
    /// Whether a blank stands before it.
    var isAfterBlank: Bool
    /// Whether it stands in `\text{…}` or the like: letters there are words.
    var isProse: Bool
    /// Where it stands in the text's scalars.
    var range: Range<Int>

    func isSign(_ sign: String) -> Bool { kind == .sign(sign) }

    var letters: String? {
        if case .letters(let letters) = kind { letters } else { nil }
    }

    /// Several letters, or letters in `\text{…}`: a word, unless it names something.
    var word: String? {
        guard let letters, letters.count > 1 || isProse else { return nil }
        return letters.lowercased()
    }

    var isNumber: Bool {
        switch kind {
        case .number, .repeating: true
        default: false
        }
    }

}

extension [MathToken] {
    /// Whether both are the same text but for spacing and commands that only place.
    func areWritten(as other: [MathToken]) -> Bool {
        guard count == other.count else { return false }
        return indices.allSatisfy { index in
            guard self[index].kind == other[index].kind else { return false }
            let runsTogether = index > 0 && self[index].isAlphanumeric && self[index - 1].isAlphanumeric
            return !runsTogether || self[index].isAfterBlank == other[index].isAfterBlank
        }
    }
}

extension MathToken {
    fileprivate var isAlphanumeric: Bool { letters != nil || isNumber }
}
