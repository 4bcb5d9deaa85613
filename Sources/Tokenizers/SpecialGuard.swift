/// Keeps special tokens spelled inside plain text from being recognised when that text is put into a template.
///
///     let guardian = SpecialGuard(for: tokenizer, inputs: [problem, solution])
///     let prompt = render(guardian.protect(problem), guardian.protect(solution))
///     let ids = tokenizer.encode(prompt, guardedBy: guardian)
///
/// It marks each such spelling with a private-use scalar that occurs in none of the inputs.
package struct SpecialGuard: Sendable {
    /// The scalar chosen as mark.
    package let mark: Unicode.Scalar
    private let markBytes: [UInt8]
    private let specials: AddedTokenMatcher

    /// - Parameter inputs: everything that will be rendered: the texts to protect, and the template's own text.
    package init(for tokenizer: Tokenizer, inputs: some Sequence<String>) {
        var used: Set<UInt32> = []
        func note(_ text: String) {
            for scalar in text.unicodeScalars where scalar.properties.generalCategory == .privateUse {
                used.insert(scalar.value)
            }
        }
        for text in inputs { note(text) }
        for token in tokenizer.addedTokens { note(token.content) }
        let candidates = [0xE000...0xF8FF, 0xF_0000...0xF_FFFD, 0x10_0000...0x10_FFFD] as [ClosedRange<UInt32>]
        let free = candidates.lazy.joined().first { !used.contains($0) }
        mark = free.flatMap(Unicode.Scalar.init) ?? "\u{F8FF}"
        markBytes = Array(String(Character(mark)).utf8)
        specials = tokenizer.specialMatcher
    }

    /// `text` with every special token in it broken up.
    package func protect(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var copied = 0
        for index in bytes.indices {
            guard let match = specials.longest(in: bytes, at: index, end: bytes.count) else { continue }
            // Behind the first scalar the spelling is broken; a token of one scalar is marked in front.
            let length = UTF8Scan.scalar(bytes, at: index, to: bytes.count).length
            let place = length < match.range.count ? index + length : index
            result += bytes[copied..<place]
            result += markBytes
            copied = place
        }
        if copied == 0, result.isEmpty { return text }
        result += bytes[copied...]
        return String(decoding: result, as: UTF8.self)
    }

    /// The text without marks.
    package func strip(_ text: String) -> String {
        String(decoding: strip(Array(text.utf8)[...]), as: UTF8.self)
    }

    func strip(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == markBytes[0], bytes[index...].starts(with: markBytes) {
                index += markBytes.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    func stands(before index: Int, in text: [UInt8]) -> Bool {
        index >= markBytes.count && text[index - markBytes.count..<index].elementsEqual(markBytes)
    }
}
