/// String operations by bytes and scalars; Swift's own go by characters and canonical equivalence.
enum JinjaText {
    static func find(_ part: String, in text: String, from: Int = 0) -> Int? {
        find(Array(part.utf8), in: Array(text.utf8), from: from)
    }

    /// The byte offset of the first occurrence at or behind `from`.
    static func find(_ part: [UInt8], in text: [UInt8], from: Int = 0) -> Int? {
        guard let first = part.first else { return from <= text.count ? from : nil }
        var index = from
        while index + part.count <= text.count {
            if text[index] == first, text[index..<index + part.count].elementsEqual(part) { return index }
            index += 1
        }
        return nil
    }

    static func occurrences(of part: [UInt8], in text: [UInt8], limit: Int) -> [Int] {
        var found: [Int] = []
        var index = 0
        while found.count < limit, let next = find(part, in: text, from: index) {
            found.append(next)
            index = next + part.count
        }
        return found
    }

    static func hasPrefix(_ text: String, _ prefix: String) -> Bool { text.utf8.starts(with: prefix.utf8) }

    static func hasSuffix(_ text: String, _ suffix: String) -> Bool {
        text.utf8.count >= suffix.utf8.count && text.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }

    /// `strip`, `lstrip`, `rstrip` with these characters, white space if nil.
    static func strip(_ text: String, _ characters: String?, left: Bool, right: Bool) -> String {
        let set = characters.map { Set($0.unicodeScalars) }
        func goes(_ scalar: Unicode.Scalar) -> Bool { set?.contains(scalar) ?? isPythonSpace(scalar) }
        var scalars = Substring(text).unicodeScalars
        if left { scalars = scalars.drop(while: goes) }
        if right { while let last = scalars.last, goes(last) { scalars.removeLast() } }
        return String(Substring(scalars))
    }

    static func split(_ text: String, at separator: String, limit: Int) -> [String] {
        let (bytes, part) = (Array(text.utf8), Array(separator.utf8))
        var pieces: [String] = []
        var start = 0
        for place in occurrences(of: part, in: bytes, limit: limit) {
            pieces.append(String(decoding: bytes[start..<place], as: UTF8.self))
            start = place + part.count
        }
        return pieces + [String(decoding: bytes[start...], as: UTF8.self)]
    }

    /// At runs of white space, without empty pieces; what is left behind the last cut keeps its inner white space.
    static func splitAtSpace(_ text: String, limit: Int) -> [String] {
        var pieces: [String] = []
        var rest = Substring(text).unicodeScalars.drop(while: isPythonSpace)
        while !rest.isEmpty {
            if pieces.count == limit {
                pieces.append(strip(String(Substring(rest)), nil, left: false, right: true))
                break
            }
            let word = rest.prefix { !isPythonSpace($0) }
            pieces.append(String(Substring(word)))
            rest = rest[word.endIndex...].drop(while: isPythonSpace)
        }
        return pieces
    }

    static func splitLines(_ text: String, keepingEnds: Bool = false) -> [String] {
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        let scalars = Array(text.unicodeScalars)
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            guard isLineEnd(scalar) else {
                line.append(scalar)
                continue
            }
            if keepingEnds { line.append(scalar) }
            if scalar == "\r", index < scalars.count, scalars[index] == "\n" {
                if keepingEnds { line.append("\n") }
                index += 1
            }
            lines.append(String(line))
            line = String.UnicodeScalarView()
        }
        if !line.isEmpty { lines.append(String(line)) }
        return lines
    }

    private static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    static func capitalize(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return text }
        return first.properties.titlecaseMapping + String(text.unicodeScalars.dropFirst()).lowercased()
    }

    /// A capital wherever `startsWord` says so of the scalar before; small letters elsewhere.
    static func title(
        _ text: String, capital: KeyPath<Unicode.Scalar.Properties, String>, startsWord: (Unicode.Scalar) -> Bool
    ) -> String {
        var result = ""
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            result += startsWord(previous) ? scalar.properties[keyPath: capital] : scalar.properties.lowercaseMapping
            previous = scalar
        }
        return result
    }
}
