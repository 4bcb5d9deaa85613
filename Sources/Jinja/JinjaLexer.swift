/// A piece of a template: text between tags, a tag's border, or a word inside a tag.
struct JinjaToken {
    enum Kind: Equatable {
        case text, outputBegin, outputEnd, blockBegin, blockEnd
        case name, string, integer, float, symbol, end
    }
    var kind: Kind
    /// What it says, escapes resolved.
    var text: String
    /// Index of its first scalar in the source.
    var position: Int
}

/// Cuts a template into tokens as Jinja does with `trim_blocks` and `lstrip_blocks` on and the last line break dropped.
struct JinjaLexer {
    let source: [Unicode.Scalar]
    private var index = 0
    private var tokens: [JinjaToken] = []
    /// Whether the last thing consumed ended a line: blanks that follow are an indentation.
    private var lineStarts = true

    private enum Tag { case output, block, comment }

    init(_ source: [Unicode.Scalar]) { self.source = source }

    /// Line ends become "\n" and one at the very end is dropped, before anything else looks at the source.
    static func normalise(_ text: String) -> [Unicode.Scalar] {
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(text.utf8.count)
        var afterReturn = false
        for scalar in text.unicodeScalars {
            if scalar == "\n", afterReturn {
                afterReturn = false
                continue
            }
            afterReturn = scalar == "\r"
            scalars.append(afterReturn ? "\n" : scalar)
        }
        if scalars.last == "\n" { scalars.removeLast() }
        return scalars
    }

    mutating func run() throws -> [JinjaToken] {
        while index < source.count {
            guard let (start, tag) = nextTag() else {
                append(.text, String(source[index...]), at: index)
                index = source.count
                break
            }
            try lex(tag, at: start)
        }
        append(.end, "", at: source.count)
        return tokens
    }

    private mutating func append(_ kind: JinjaToken.Kind, _ text: String, at position: Int) {
        if kind == .text, text.isEmpty { return }
        tokens.append(JinjaToken(kind: kind, text: text, position: position))
    }

    private func has(_ text: StaticString, at position: Int) -> Bool {
        var position = position
        for byte in text.description.utf8 {
            guard position < source.count, source[position].value == UInt32(byte) else { return false }
            position += 1
        }
        return true
    }

    private func nextTag() -> (Int, Tag)? {
        var position = index
        while position + 1 < source.count {
            if source[position] == "{" {
                switch source[position + 1] {
                case "{": return (position, .output)
                case "%": return (position, .block)
                case "#": return (position, .comment)
                default: break
                }
            }
            position += 1
        }
        return nil
    }

    private mutating func lex(_ tag: Tag, at start: Int) throws {
        let sign: Unicode.Scalar? = start + 2 < source.count ? source[start + 2] : nil
        let keepsText = sign == "+"
        let strips = sign == "-"
        var textEnd = start
        if strips {
            while textEnd > index, isPythonSpace(source[textEnd - 1]) { textEnd -= 1 }
        } else if !keepsText, tag != .output {
            textEnd = indentationStart(before: start)
        }
        append(.text, String(source[index..<textEnd]), at: index)
        index = start + (strips || keepsText ? 3 : 2)
        lineStarts = false
        switch tag {
        case .comment: try skipComment(from: start)
        case .output: try lexTag(from: start, .outputBegin, .outputEnd)
        case .block:
            if let body = wordEnd("raw", from: index).flatMap(rawBodyStart) {
                index = body
                return try lexRaw(from: start)
            }
            try lexTag(from: start, .blockBegin, .blockEnd)
        }
    }

    /// Where the blanks begin that stand alone between a line's start and a tag; the tag itself if something else is
    /// there.
    private func indentationStart(before tag: Int) -> Int {
        var position = tag
        while position > index, source[position - 1] != "\n" {
            guard isPythonSpace(source[position - 1]) else { return tag }
            position -= 1
        }
        return position > index || lineStarts ? position : tag
    }

    private mutating func skipComment(from start: Int) throws {
        let body = index
        while index + 1 < source.count {
            if source[index] == "#", source[index + 1] == "}" {
                // In `{#-#}` the sign belongs to the opening.
                return endTag(sign: index > body ? source[index - 1] : nil, after: index + 2)
            }
            index += 1
        }
        throw JinjaFailure.syntax("this comment has no end", at: start)
    }

    /// Goes on behind a block tag or comment: `-` eats all white space, `+` nothing, otherwise one line break goes.
    private mutating func endTag(sign: Unicode.Scalar?, after position: Int) {
        index = position
        if sign == "-" {
            while index < source.count, isPythonSpace(source[index]) { index += 1 }
        } else if sign != "+", index < source.count, source[index] == "\n" {
            index += 1
        }
        lineStarts = index > 0 && source[index - 1] == "\n"
    }

    private mutating func lexTag(from start: Int, _ begin: JinjaToken.Kind, _ end: JinjaToken.Kind) throws {
        append(begin, "", at: start)
        var open: [Unicode.Scalar] = []
        while true {
            while index < source.count, isPythonSpace(source[index]) { index += 1 }
            guard index < source.count else { throw JinjaFailure.syntax("this tag has no end", at: start) }
            if open.isEmpty, try closesTag(end) { return }
            let token = try JinjaWord.read(source, at: &index)
            if token.kind == .symbol { try balance(&open, token) }
            tokens.append(token)
        }
    }

    private mutating func closesTag(_ end: JinjaToken.Kind) throws -> Bool {
        let signed = source[index] == "-" || (source[index] == "+" && end == .blockEnd)
        let border = signed ? index + 1 : index
        guard end == .blockEnd ? has("%}", at: border) : has("}}", at: border) else { return false }
        append(end, "", at: index)
        let sign: Unicode.Scalar? = signed ? source[index] : end == .outputEnd ? "+" : nil
        endTag(sign: sign, after: border + 2)
        return true
    }

    private func balance(_ open: inout [Unicode.Scalar], _ token: JinjaToken) throws {
        switch token.text {
        case "(": open.append(")")
        case "[": open.append("]")
        case "{": open.append("}")
        case ")", "]", "}":
            guard let expected = open.popLast(), String(Character(expected)) == token.text else {
                throw JinjaFailure.syntax("unexpected '\(token.text)'", at: token.position)
            }
        default: break
        }
    }

    // MARK: Raw blocks

    private func wordEnd(_ word: StaticString, from start: Int) -> Int? {
        var position = start
        while position < source.count, isPythonSpace(source[position]) { position += 1 }
        return has(word, at: position) ? position + word.utf8CodeUnitCount : nil
    }

    private func rawBodyStart(_ position: Int) -> Int? {
        var position = position
        while position < source.count, isPythonSpace(source[position]) { position += 1 }
        if has("%}", at: position) { return position + 2 }
        guard has("-%}", at: position) else { return nil }
        position += 3
        while position < source.count, isPythonSpace(source[position]) { position += 1 }
        return position
    }

    private mutating func lexRaw(from start: Int) throws {
        let body = index
        while index + 1 < source.count {
            if has("{%", at: index), let sign = rawEnd(at: index) {
                var textEnd = index
                if sign.strips { while textEnd > body, isPythonSpace(source[textEnd - 1]) { textEnd -= 1 } }
                if !sign.strips, !sign.keeps {
                    let end = index
                    index = body
                    textEnd = indentationStart(before: end)
                }
                append(.text, String(source[body..<textEnd]), at: body)
                return endTag(sign: sign.closing, after: sign.after)
            }
            index += 1
        }
        throw JinjaFailure.syntax("this raw block has no end", at: start)
    }

    private func rawEnd(at position: Int) -> (strips: Bool, keeps: Bool, closing: Unicode.Scalar?, after: Int)? {
        let strips = has("-", at: position + 2), keeps = has("+", at: position + 2)
        guard var end = wordEnd("endraw", from: position + (strips || keeps ? 3 : 2)) else { return nil }
        while end < source.count, isPythonSpace(source[end]) { end += 1 }
        if has("%}", at: end) { return (strips, keeps, nil, end + 2) }
        if has("-%}", at: end) || has("+%}", at: end) { return (strips, keeps, source[end], end + 3) }
        return nil
    }
}

/// `str.isspace` of Python: Unicode's white space and the four information separators.
func isPythonSpace(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x80 {
        return scalar.value == 0x20 || (9...13).contains(scalar.value) || (0x1C...0x1F).contains(scalar.value)
    }
    return scalar.properties.isWhitespace
}
