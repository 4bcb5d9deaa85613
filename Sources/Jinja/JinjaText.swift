/// String operations by bytes and scalars; Swift's own go by characters and canonical equivalence.
enum JinjaText {
    /// The byte offset of the first occurrence, or the last.
    static func find(_ part: String, in text: String, last: Bool = false) -> Int? {
        let (bytes, wanted) = (Array(text.utf8), Array(part.utf8))
        guard !wanted.isEmpty else { return last ? bytes.count : 0 }
        guard last else { return occurrences(of: wanted, in: bytes, limit: 1).first }
        return occurrences(of: wanted.reversed(), in: bytes.reversed(), limit: 1).first.map {
            bytes.count - $0 - wanted.count
        }
    }

    static func count(of part: String, in text: String) -> Int {
        part.isEmpty
            ? text.unicodeScalars.count + 1
            : occurrences(of: Array(part.utf8), in: Array(text.utf8), limit: .max).count
    }

    /// Byte offsets of occurrences that do not overlap, by Knuth, Morris and Pratt: text and part may be hostile.
    static func occurrences(of part: [UInt8], in text: [UInt8], limit: Int) -> [Int] {
        guard !part.isEmpty, limit > 0 else { return [] }
        // borders[n]: how many bytes at the start of the part's first n are also at their end.
        var borders = [0, 0]
        var length = 0
        for byte in part.dropFirst() {
            while length > 0, part[length] != byte { length = borders[length] }
            if part[length] == byte { length += 1 }
            borders.append(length)
        }
        var found: [Int] = []
        var matched = 0
        for (index, byte) in text.enumerated() {
            while matched > 0, part[matched] != byte { matched = borders[matched] }
            if part[matched] == byte { matched += 1 }
            guard matched == part.count else { continue }
            found.append(index + 1 - matched)
            if found.count == limit { break }
            matched = 0
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

    static func splitFromEnd(_ text: String, at separator: String, limit: Int) -> [String] {
        func reversed(_ text: String) -> String { String(text.unicodeScalars.reversed()) }
        return split(reversed(text), at: reversed(separator), limit: limit).reversed().map(reversed)
    }

    static func splitAtSpaceFromEnd(_ text: String, limit: Int) -> [String] {
        func reversed(_ text: String) -> String { String(text.unicodeScalars.reversed()) }
        return splitAtSpace(reversed(text), limit: limit).reversed().map(reversed)
    }

    /// At runs of white space, without empty pieces; what is left behind the last cut keeps its inner white space.
    static func splitAtSpace(_ text: String, limit: Int) -> [String] {
        var pieces: [String] = []
        var rest = Substring(text).unicodeScalars.drop(while: isPythonSpace)
        while !rest.isEmpty {
            if pieces.count == limit {
                pieces.append(String(Substring(rest)))
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
}
