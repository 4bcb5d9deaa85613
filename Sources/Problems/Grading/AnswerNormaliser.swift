/// Brings the ways of writing an answer to one: LaTeX's spacing, sizing, text and fraction commands, money and degree
/// signs, dashes and emphasis. One pass, linear in the length, no recursion: braces may nest as deep as they like.
struct AnswerNormaliser {
    private let text: [UInt8]
    private var place = 0
    private var output: [UInt8] = []
    /// For each open brace, whether its closing one is written.
    private var keepsBrace: [Bool] = []

    static func normalise(_ text: some Sequence<UInt8>) -> [UInt8] {
        var normaliser = AnswerNormaliser(text: Array(text))
        normaliser.run()
        return normaliser.output
    }

    private init(text: [UInt8]) {
        self.text = text
        output.reserveCapacity(text.count)
    }

    private mutating func run() {
        while place < text.count {
            let byte = text[place]
            switch byte {
            case UInt8(ascii: "\\"): command()
            case UInt8(ascii: "{"):
                if matches("{,}") {
                    emit(",", skipping: 3)
                } else {
                    open(keeping: true)
                }
            case UInt8(ascii: "}"):
                if keepsBrace.popLast() ?? true { output.append(byte) }
                place += 1
            case UInt8(ascii: "^") where matches("^\\circ"): place += 6
            case UInt8(ascii: "^") where matches("^{\\circ}"): place += 8
            case UInt8(ascii: "$"), UInt8(ascii: "~"): place += 1
            case UInt8(ascii: "*") where place + 1 < text.count && text[place + 1] == byte: place += 2
            case 0x80...: symbol()
            default:
                output.append(byte)
                place += 1
            }
        }
    }

    /// A character beyond ASCII that has a plain spelling.
    private mutating func symbol() {
        for (spelling, plain) in Self.symbols where matches(spelling) {
            emit(plain, skipping: spelling.utf8.count)
            return
        }
        output.append(text[place])
        place += 1
    }

    private mutating func command() {
        var end = place + 1
        while end < text.count, Self.isLetter(text[end]) { end += 1 }
        if end == place + 1 {
            sign()
            return
        }
        let name = String(decoding: text[(place + 1)..<end], as: UTF8.self)
        switch name {
        case "frac", "dfrac", "tfrac", "cfrac": emit("\\frac", skipping: end - place)
        case "left", "right", "big", "Big", "bigl", "bigr", "limits", "displaystyle": place = end
        case "degree", "circ": place = end
        case "quad", "qquad", "space": emit(" ", skipping: end - place)
        case "times", "cdot": emit("*", skipping: end - place)
        case "lbrace": emit("\\{", skipping: end - place)
        case "rbrace": emit("\\}", skipping: end - place)
        case "text", "textbf", "textit", "textrm", "mathrm", "mathbf", "mbox", "operatorname", "boxed", "fbox":
            place = end
            while place < text.count, text[place] == 0x20 { place += 1 }
            if place < text.count, text[place] == UInt8(ascii: "{") { open(keeping: false) }
        default:
            output += text[place..<end]
            place = end
        }
    }

    /// A backslash before something that is no letter.
    private mutating func sign() {
        guard place + 1 < text.count else {
            place += 1
            return
        }
        switch text[place + 1] {
        case UInt8(ascii: "!"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "$"),
            UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"):
            place += 2
        case UInt8(ascii: "%"): emit("%", skipping: 2)
        case UInt8(ascii: " "), UInt8(ascii: "\\"): emit(" ", skipping: 2)
        case let byte:
            output += [UInt8(ascii: "\\"), byte]
            place += 2
        }
    }

    private mutating func open(keeping: Bool) {
        keepsBrace.append(keeping)
        if keeping { output.append(UInt8(ascii: "{")) }
        place += 1
    }

    private mutating func emit(_ plain: String, skipping count: Int) {
        output += plain.utf8
        place += count
    }

    private func matches(_ spelling: String) -> Bool { text[place...].starts(with: spelling.utf8) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static let symbols: [(String, String)] = [
        ("−", "-"), ("–", "-"), ("×", "*"), ("·", "*"), ("°", ""), ("€", ""), ("£", ""), ("¥", ""), ("\u{A0}", " "),
        ("\u{202F}", " "), ("½", " 1/2"), ("¼", " 1/4"), ("¾", " 3/4"), ("π", "\\pi"), ("√", "\\sqrt"),
    ]
}
