extension TextWidth {
    /// At most `limit` columns of a line that may hold our own colours, which take no room and are ended where the line
    /// is cut.
    package static func clipped(_ line: String, to limit: Int) -> String {
        var result = ""
        var used = 0
        var inEscape = false
        var isColoured = false
        for character in line {
            if character == "\u{1B}" {
                (inEscape, isColoured) = (true, true)
                result.append(character)
            } else if inEscape {
                inEscape = character == "[" || character == ";" || character.isWholeNumber
                result.append(character)
            } else {
                let width = columns(character)
                guard used + width <= limit else { return result + (isColoured ? "\u{1B}[0m" : "") }
                result.append(character)
                used += width
            }
        }
        return result
    }

    /// A line that may hold our own colours, as lines of at most `limit` columns broken at blanks. Those after the
    /// first stand two columns further in than it. What fits stays as it is, every blank of it.
    package static func folded(_ line: String, to limit: Int) -> [String] {
        guard uncolouredColumns(line) > limit else { return [line] }
        let margin = String(line.prefix { $0 == " " }.prefix(limit / 2)) + "  "
        var lines: [String] = []
        var current = ""
        var used = 0
        for (place, word) in line.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            let size = uncolouredColumns(word)
            if used + 1 + size > limit, current.contains(where: { $0 != " " }) {
                lines.append(current)
                (current, used) = (margin, margin.count)
            } else if place > 0 {
                current += " "
                used += 1
            }
            current += word
            used += size
        }
        return lines + [current]
    }

    /// Columns of a line that may hold our own colours.
    package static func uncolouredColumns(_ text: some StringProtocol) -> Int {
        guard text.contains("\u{1B}") else { return columns(String(text)) }
        var inEscape = false
        return text.reduce(0) { sum, character in
            if character == "\u{1B}" { inEscape = true }
            guard inEscape else { return sum + columns(character) }
            inEscape = "\u{1B}[;".contains(character) || character.isWholeNumber
            return sum
        }
    }
}
