/// A piece of a solution: a range of its sampled tokens, and the bytes they decode to.
package struct Step: Sendable, Codable, Equatable {
    /// 1 for the first step: prefix `2.3` ends after step 3 of solution 2.
    package var index: Int
    /// Offsets into the *sampled* ids. The steps of a solution partition all of them, an end token included.
    /// 0..<0 where no ids are known.
    package var tokens: Range<Int>
    /// Offsets into the bytes of the decoded tokens.
    package var bytes: Range<Int>
    /// The step's bytes as text; a broken UTF-8 sequence shows as U+FFFD.
    package var text: String

    /// A piece between two places of a solution.
    package init(index: Int, tokens: Range<Int>, bytes: Range<Int>, text: String) {
        self.index = index
        self.tokens = tokens
        self.bytes = bytes
        self.text = text
    }
}

/// How a solution is cut into steps. Spelled `vine`, `newline` or `tokens:N`.
package enum StepRule: Sendable, Equatable, Codable, CustomStringConvertible {
    /// VinePPO's splitter for prose with LaTeX.
    case vine
    /// A step is a line, its newline included.
    case newline
    /// Chunks of this many tokens (at least 1).
    case tokens(Int)

    /// Reads what ``description`` writes; nil for anything else.
    package init?(_ text: String) {
        switch text {
        case "vine": self = .vine
        case "newline": self = .newline
        default:
            guard text.hasPrefix("tokens:"), let count = Int(text.dropFirst(7)), count > 0 else { return nil }
            self = .tokens(count)
        }
    }

    package var description: String {
        switch self {
        case .vine: "vine"
        case .newline: "newline"
        case .tokens(let count): "tokens:\(count)"
        }
    }

    /// - Throws: `DecodingError` for a text that is no rule.
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let rule = StepRule(text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "step rule '\(text)' is not vine, newline or tokens:N"))
        }
        self = rule
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
