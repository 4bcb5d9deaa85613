/// A `{{…}}` tag of a template, with where it stands: enough of Mustache to name a mistake's line and to cut
/// one section out. The library does the rendering.
struct TemplateTag {
    enum Kind: Character {
        case variable = " ", unescaped = "&", section = "#", inverted = "^", close = "/"
        case comment = "!", pragma = "%", partial = ">", delimiter = "=", inherit = "<", block = "$"
    }

    var kind: Kind
    var name: String
    var range: Range<String.Index>
    var line: Int

    /// Every tag of `text`, in order, and the line of the one that is not closed.
    static func all(in text: String) -> (tags: [TemplateTag], openLine: Int?) {
        var tags: [TemplateTag] = []
        var (place, line) = (text.startIndex, 1)
        while let open = text.range(of: "{{", from: place) {
            line += text[place..<open.lowerBound].count { $0.isNewline }
            let isTriple = text[open.upperBound...].first == "{"
            guard let close = text.range(of: isTriple ? "}}}" : "}}", from: open.upperBound) else {
                return (tags, line)
            }
            var inside = text[open.upperBound..<close.lowerBound]
            var kind = isTriple ? Kind.unescaped : .variable
            if isTriple { inside = inside.dropFirst() }
            if let first = inside.first, let sign = Kind(rawValue: first), sign != .variable {
                kind = sign
                inside = inside.dropFirst()
            }
            let name = String(inside.trimming(while: \.isWhitespace))
            tags.append(TemplateTag(kind: kind, name: name, range: open.lowerBound..<close.upperBound, line: line))
            line += text[open.lowerBound..<close.upperBound].count { $0.isNewline }
            place = close.upperBound
        }
        return (tags, nil)
    }

    /// What stands between the first `{{#name}}` of `tags` and its `{{/name}}`.
    static func body(of name: String, tags: [TemplateTag], in text: String) -> String? {
        guard let open = tags.firstIndex(where: { $0.kind == .section && $0.name == name }) else { return nil }
        var depth = 0
        for tag in tags[open...] where tag.name == name {
            if tag.kind == .section || tag.kind == .inverted { depth += 1 }
            if tag.kind == .close { depth -= 1 }
            if depth == 0 { return String(text[tags[open].range.upperBound..<tag.range.lowerBound]) }
        }
        return nil
    }
}

extension String {
    func range(of needle: String, from start: Index) -> Range<Index>? {
        self[start...].firstRange(of: needle)
    }
}

extension Substring {
    /// Without the characters at its end, and unless told otherwise at its beginning, that `isTrimmed` takes.
    package func trimming(while isTrimmed: (Character) -> Bool, leading: Bool = true) -> Substring {
        var text = leading ? drop(while: isTrimmed) : self
        while let last = text.last, isTrimmed(last) { text.removeLast() }
        return text
    }
}
