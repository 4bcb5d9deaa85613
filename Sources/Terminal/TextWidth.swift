import CEdit

/// How many columns text takes on a terminal, and how text of unknown origin is made safe to print.
package enum TextWidth {
    /// Columns of a character: 2 for wide ones and joined pictures.
    package static func columns(_ character: Character) -> Int {
        let scalars = character.unicodeScalars
        if scalars.count > 1, scalars.contains(where: { $0 == "\u{200D}" || $0 == "\u{FE0F}" }) { return 2 }
        return scalars.reduce(0) { $0 + max(0, Int(genac_scalar_width($1.value))) }
    }

    /// Columns of a text of one line.
    package static func columns(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
        return text.reduce(0) { $0 + columns($1) }
    }

    /// At most `limit` columns, a `…` marking what was cut.
    package static func truncated(_ text: String, to limit: Int) -> String {
        guard columns(text) > limit else { return text }
        guard limit > 1 else { return limit == 1 ? "…" : "" }
        var result = ""
        var used = 0
        for character in text {
            let width = columns(character)
            if used + width > limit - 1 { break }
            result.append(character)
            used += width
        }
        return result + "…"
    }

    /// Filled up with blanks, at its left where `right`; longer text stays as it is.
    package static func padded(_ text: String, to width: Int, right: Bool = false) -> String {
        let gap = String(repeating: " ", count: max(0, width - columns(text)))
        return right ? gap + text : text + gap
    }

    /// Control, direction-changing and invisible scalars made visible, so that no model's or file's text can move
    /// the cursor, hide, or pose as the shell's own output.
    /// - Parameter keepingLines: line ends (and tabs) stay; else they show as `↵` and `⇥`.
    package static func visible(_ text: String, keepingLines: Bool = true) -> String {
        if text.utf8.allSatisfy({ ($0 >= 0x20 && $0 < 0x7F) || (keepingLines && $0 == 0x0A) }) { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A where keepingLines: result.append(scalar)
            case 0x0A: result.append("↵")
            case 0x09 where keepingLines: result.append(scalar)
            case 0x09: result.append("⇥")
            case 0..<0x20:
                result.append("^")
                result.append(Unicode.Scalar(UInt8(scalar.value + 0x40)))
            case 0x7F: result.append(contentsOf: "^?".unicodeScalars)
            case 0x80..<0xA0, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF, 0xE0000...0xE007F:
                result.append(contentsOf: "<U+\(String(scalar.value, radix: 16, uppercase: true))>".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// Lines of at most `width` columns, broken at blanks where possible; line ends in `text` are kept.
    package static func wrapped(_ text: String, to width: Int) -> [String] {
        let width = max(width, 8)
        var lines: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = ""
            var used = 0
            for word in paragraph.split(separator: " ", omittingEmptySubsequences: false) {
                var word = String(word)
                var size = columns(word)
                if used > 0, used + 1 + size > width {
                    lines.append(line)
                    (line, used) = ("", 0)
                } else if !line.isEmpty || used > 0 {
                    line += " "
                    used += 1
                }
                while size > width {
                    let head = String(word.prefix(width - used))
                    lines.append(line + head)
                    word = String(word.dropFirst(head.count))
                    size = columns(word)
                    (line, used) = ("", 0)
                }
                line += word
                used += size
            }
            lines.append(line)
        }
        return lines
    }
}
