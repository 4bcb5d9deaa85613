/// The name of one of several files that make up a model: `model-00001-of-00003.safetensors`. transformers and
/// llama.cpp count in five digits, from 1.
package struct ShardName: Hashable, Sendable {
    /// What stands before the numbers: `model`.
    package let stem: String
    /// Which part, in 1...``count``.
    package let number: Int
    /// How many parts there are.
    package let count: Int
    /// What stands behind the numbers: `safetensors`.
    package let ending: String

    /// Nil for a name of another kind.
    package init?(_ name: String) {
        guard let point = name.lastIndex(of: ".") else { return nil }
        let words = name[..<point].split(separator: "-", omittingEmptySubsequences: false)
        guard words.count > 3, words[words.count - 2] == "of", let number = Self.number(words[words.count - 3]),
            let count = Self.number(words[words.count - 1]), number <= count
        else { return nil }
        (self.number, self.count) = (number, count)
        stem = words.dropLast(3).joined(separator: "-")
        ending = String(name[name.index(after: point)...])
    }

    private static func number(_ digits: Substring) -> Int? {
        guard digits.utf8.count == 5, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(digits).flatMap { $0 > 0 ? $0 : nil }
    }

    /// The name of another part of the same model.
    package func part(_ number: Int) -> String {
        "\(stem)-\(Self.digits(number))-of-\(Self.digits(count)).\(ending)"
    }

    /// The names of all parts, in order.
    package var all: [String] { (1...count).map(part) }

    private static func digits(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}
