/// What a text may mean in two ways that only the other side of a comparison decides.
struct LexerChoices: Hashable {
    /// `1,234` is one number, not two.
    var groupsThousands = true
    /// `2e-3` is 2 x 10^-3, not 2e - 3.
    var readsExponents = true
    /// `1 234` is one number, not two beside each other.
    var groupsAtBlanks = false

    static let all = [
        LexerChoices(), LexerChoices(groupsThousands: false), LexerChoices(readsExponents: false),
        LexerChoices(groupsThousands: false, readsExponents: false), LexerChoices(groupsAtBlanks: true),
    ]
}

/// Turns an answer as it is written into tokens: LaTeX or plain text, with whatever only places, sizes or decorates
/// left out. One pass, no recursion: braces may nest as deep as they like.
struct MathLexer {
    let text: [Unicode.Scalar]
    let choices: LexerChoices
    private let effort: Effort
    var place = 0
    var tokens: [MathToken] = []
    private var isAfterBlank = false
    /// What each open brace of LaTeX is.
    private var braces: [Brace] = []
    /// Whether a number was read in which a choice mattered.
    var (hasGroups, hasExponents, hasBlankGroups) = (false, false, false)

    private enum Brace { case group, prose, dropped }

    static let maxTokens = 2000

    /// Nil where the text is too long to be an answer. The second says which other choices would read it differently.
    static func tokens(
        of text: some StringProtocol, choices: LexerChoices = LexerChoices(), effort: Effort
    ) -> (tokens: [MathToken], others: [LexerChoices])? {
        guard text.utf8.count <= AnswerReading.maxBytes else { return nil }
        var lexer = MathLexer(text: Array(text.unicodeScalars), choices: choices, effort: effort)
        guard lexer.run() else { return nil }
        let others = LexerChoices.all.filter { choice in
            (choice.groupsThousands == choices.groupsThousands || lexer.hasGroups)
                && (choice.readsExponents == choices.readsExponents || lexer.hasExponents)
                && (choice.groupsAtBlanks == choices.groupsAtBlanks || lexer.hasBlankGroups) && choice != choices
        }
        return (lexer.tokens, others)
    }

    private init(text: [Unicode.Scalar], choices: LexerChoices, effort: Effort) {
        (self.text, self.choices, self.effort) = (text, choices, effort)
    }

    private mutating func run() -> Bool {
        while place < text.count {
            guard effort.spend(), tokens.count <= Self.maxTokens else { return false }
            let scalar = text[place]
            switch scalar {
            case "\\": command()
            case "{": open(.group)
            case "}": close()
            case "0"..."9": number()
            case "." where isDigit(place + 1): number()
            case "a"..."z", "A"..."Z": letters()
            case " ", "\t", "\n", "\r", "~": blank(1)
            case "$", "`", "\"": place += 1
            case "'" where tokens.isEmpty: place += 1
            case "*" where at(place + 1) == "*": stars()
            case "!" where at(place + 1) == "=" && at(place - 1) == " ": emit(.sign("≠"), 2)
            case _ where scalar.isASCII: emit(.sign(String(scalar)), 1)
            default: beyondASCII(Character(scalar))
            }
        }
        return true
    }

    // MARK: Pieces

    mutating func emit(_ kind: MathToken.Kind, _ count: Int) {
        tokens.append(
            MathToken(
                kind: kind, isAfterBlank: isAfterBlank, isProse: braces.last == .prose, range: place..<(place + count)))
        isAfterBlank = false
        place += count
    }

    private mutating func blank(_ count: Int) {
        isAfterBlank = true
        place += count
    }

    /// `**` is Python's power between two operands, and emphasis elsewhere.
    private mutating func stars() {
        let follows =
            place + 2 < text.count
            && (isLetter(text[place + 2]) || isDigit(place + 2) || "(-".unicodeScalars.contains(text[place + 2]))
        let isOpen = place > 0 && (isLetter(text[place - 1]) || isDigit(place - 1) || text[place - 1] == ")")
        if follows && isOpen { emit(.sign("**"), 2) } else { place += 2 }
    }

    private mutating func open(_ brace: Brace) {
        if brace == .group, let sign = at(place + 1), ",:;=<>+-*/".unicodeScalars.contains(sign), at(place + 2) == "}" {
            emit(.sign(String(sign)), 3)
            return
        }
        braces.append(braces.last == .prose && brace == .group ? .prose : brace)
        if braces.last == .group { emit(.sign("{"), 1) } else { place += 1 }
    }

    private mutating func close() {
        switch braces.popLast() {
        case .group, nil: emit(.sign("}"), 1)
        case .prose, .dropped:
            place += 1
            isAfterBlank = true
        }
    }

    private mutating func letters() {
        var end = place
        while end < text.count, isLetter(text[end]) { end += 1 }
        emit(.letters(string(place..<end)), end - place)
    }

    private mutating func beyondASCII(_ character: Character) {
        if let sign = Spellings.characters[character] {
            switch sign {
            case "": place += 1
            case " ": blank(1)
            default: emit(.sign(sign), 1)
            }
        } else if let name = Spellings.commands[character] ?? Spellings.greek[character] {
            emit(.command(name), 1)
        } else if let (top, bottom) = Spellings.vulgarFractions[character] {
            emit(.command("frac"), 0)
            emit(.number(top), 0)
            emit(.number(bottom), 1)
        } else if let digit = Spellings.raised[character] {
            script("^", digit, Spellings.raised)
        } else if let digit = Spellings.lowered[character] {
            script("_", digit, Spellings.lowered)
        } else if let scalar = character.unicodeScalars.first, scalar.properties.isAlphabetic {
            var end = place
            while end < text.count, !text[end].isASCII, text[end].properties.isAlphabetic { end += 1 }
            emit(.letters(string(place..<end)), end - place)
        } else {
            emit(.sign(String(character)), 1)
        }
    }

    /// A run of raised or lowered digits, as a group.
    private mutating func script(_ sign: String, _ first: String, _ table: [Character: String]) {
        emit(.sign(sign), 0)
        emit(.sign("{"), 0)
        var digits = ""
        while place < text.count, let digit = table[Character(text[place])] {
            if digit == "-" {
                emit(.sign("-"), 1)
            } else if digit == "n" {
                emit(.letters("n"), 1)
            } else {
                digits += digit
                place += 1
            }
        }
        if !digits.isEmpty { emit(.number(digits), 0) }
        emit(.sign("}"), 0)
    }

    // MARK: Commands

    private mutating func command() {
        var end = place + 1
        while end < text.count, isLetter(text[end]) { end += 1 }
        guard end > place + 1 else { return escape() }
        var name = string((place + 1)..<end)
        if let beginning = Spellings.beginning(of: name) {
            (name, end) = (beginning, place + 1 + beginning.count)
        }
        switch name {
        case "begin", "end": environment(isBegin: name == "begin", after: end)
        case _ where Spellings.prose.contains(name): wrapped(from: end, as: .prose)
        case "mathbb", "Bbb": blackboard(from: end)
        case _ where Spellings.skipped.contains(name): place = groupEnd(end)
        case "left", "right": place = at(end) == "." ? end + 1 : end
        case _ where Spellings.placing.contains(name):
            place = end
            if name.hasSuffix("space") || name.hasSuffix("quad") { isAfterBlank = true }
        case _:
            if let sign = Spellings.signs[name] {
                emit(.sign(sign), end - place)
            } else {
                emit(.command(Spellings.names[name] ?? name), end - place)
            }
        }
    }

    /// A backslash before something that is no letter.
    private mutating func escape() {
        switch at(place + 1) {
        case "{": emit(.sign("\\{"), 2)
        case "}": emit(.sign("\\}"), 2)
        case "|": emit(.sign("‖"), 2)
        case "\\": emit(.sign("\\\\"), 2)
        case "%", "&", "_", "#", "$": emit(.sign(String(text[place + 1])), 2)
        case ",", ";", ":", " ", ">", "\n", "/": blank(2)
        case nil: place += 1
        default: place += 2
        }
    }

    private mutating func wrapped(from start: Int, as brace: Brace) {
        let next = skipBlanks(start)
        place = next
        if at(next) == "{" {
            isAfterBlank = isAfterBlank || brace == .prose
            open(brace)
        }
    }

    /// `\mathbb{R}` is the set of that name.
    private mutating func blackboard(from start: Int) {
        let names: [Unicode.Scalar: String] = ["R": "ℝ", "Z": "ℤ", "N": "ℕ", "Q": "ℚ", "C": "ℂ", "P": "ℙ"]
        var next = skipBlanks(start)
        let isBraced = at(next) == "{"
        if isBraced { next += 1 }
        guard let letter = at(next), let name = names[letter], !isBraced || at(next + 1) == "}" else {
            place = start
            return
        }
        emit(.letters(name), 0)
        place = next + (isBraced ? 2 : 1)
    }

    private mutating func environment(isBegin: Bool, after end: Int) {
        let close = groupEnd(end)
        guard at(end) == "{", close > end + 1 else {
            place = end
            return
        }
        let name = string((end + 1)..<(close - 1)).filter { $0 != "*" }
        emit(isBegin ? .begin(name) : .end(name), 0)
        place = close
        guard isBegin, ["array", "tabular"].contains(name) else { return }
        if at(place) == "[" { while place < text.count, at(place - 1) != "]" { place += 1 } }
        place = groupEnd(place)
    }

    /// Past the group that begins at `start`, or `start` where none does.
    private func groupEnd(_ start: Int) -> Int {
        guard at(skipBlanks(start)) == "{" else { return start }
        var depth = 0
        for index in skipBlanks(start)..<text.count {
            if text[index] == "{" { depth += 1 }
            if text[index] == "}" { depth -= 1 }
            if depth == 0 { return index + 1 }
        }
        return text.count
    }

    // MARK: Scalars

    func at(_ index: Int) -> Unicode.Scalar? { index >= 0 && index < text.count ? text[index] : nil }
    func isDigit(_ index: Int) -> Bool { at(index).map { ("0"..."9").contains($0) } ?? false }
    func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    }
    func skipBlanks(_ start: Int) -> Int {
        var index = start
        while at(index) == " " { index += 1 }
        return index
    }
    func string(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(text[range])) }
    func matches(_ spelling: String, at start: Int) -> Bool {
        text[min(start, text.count)...].starts(with: spelling.unicodeScalars)
    }
}
