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
}
