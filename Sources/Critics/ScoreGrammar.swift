import Prompts

/// How a critic's chain of thought ends: a line that is the cue, one blank and an integer 0...10, closed by a
/// newline or the end of the text. The first line beginning with the cue decides; whatever follows it but
/// blank space, and every other spelling of a number, is a parse failure and never a guess.
package struct ScoreGrammar: Sendable, Equatable {
    /// Scores are 0...highest; a score over it is a value in 0...1.
    package static let highest = 10

    /// Why a chain has no score.
    package enum Failure: String, Error, Sendable, Codable {
        case noCue = "no cue"
        case notAnInteger = "not an integer"
        case outOfRange = "not in 0...10"
        case unclosed
        case trailingText = "text after the score"
    }

    /// Such as `Score:`; holds no newline.
    package let cue: String
    private let cueBytes: [UInt8]

    /// - Parameter cue: how the score's line begins; holds no newline.
    package init(cue: String) {
        self.cue = cue
        cueBytes = Array(cue.utf8)
    }

    /// Whether the cue's line is complete, so that decoding can stop. True for malformed scores as well:
    /// the first cue decides, nothing after it can mend it.
    package func isClosed(_ text: [UInt8]) -> Bool {
        guard let line = cueLine(text) else { return false }
        return line.isClosedByNewline
    }

    /// The score of a whole chain.
    /// - Parameter ended: the model ended the text itself (an end token), rather than being cut off.
    package func parse(_ text: [UInt8], ended: Bool) -> Result<Int, Failure> {
        guard let line = cueLine(text) else { return .failure(.noCue) }
        let rest = text[line.content]
        guard rest.first == UInt8(ascii: " ") else {
            return .failure(rest.isEmpty && !line.isClosedByNewline && !ended ? .unclosed : .notAnInteger)
        }
        let digits = rest.dropFirst()
        guard line.isClosedByNewline || ended else { return .failure(.unclosed) }
        guard text[line.after...].allSatisfy(Self.isBlank) else { return .failure(.trailingText) }
        return Self.integer(digits)
    }

    /// Where the integer begins in `text`, for reading the distribution over scores there.
    func integerOffset(_ text: [UInt8]) -> Int? {
        guard let line = cueLine(text), text[line.content].first == UInt8(ascii: " ") else { return nil }
        return line.content.lowerBound + 1
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> Result<Int, Failure> {
        guard !bytes.isEmpty, bytes.allSatisfy({ (0x30...0x39).contains($0) }) else { return .failure(.notAnInteger) }
        guard bytes.count == 1 || bytes.first != 0x30 else { return .failure(.notAnInteger) }
        guard let value = Int(String(decoding: bytes, as: UTF8.self)), value <= highest else {
            return .failure(.outOfRange)
        }
        return .success(value)
    }

    private struct Line {
        /// What stands between the cue and the line's end, without a carriage return.
        var content: Range<Int>
        var after: Int
        var isClosedByNewline: Bool
    }

    private func cueLine(_ text: [UInt8]) -> Line? {
        var start = 0
        while start < text.count {
            let newline = text[start...].firstIndex(of: UInt8(ascii: "\n"))
            let end = newline ?? text.count
            if text[start..<end].starts(with: cueBytes) {
                let hasReturn = newline != nil && end > start && text[end - 1] == UInt8(ascii: "\r")
                let from = start + cueBytes.count
                return Line(
                    content: from..<max(from, hasReturn ? end - 1 : end),
                    after: newline.map { $0 + 1 } ?? end, isClosedByNewline: newline != nil)
            }
            start = end + 1
        }
        return nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}

extension PromptTemplate {
    /// How its chains end; only for a critic's template.
    package var grammar: ScoreGrammar { ScoreGrammar(cue: cue) }
}
