/// What is counted, as the words behind a value say it: `5 apples`, `12 different ways to choose`.
enum Nouns {
    /// Whether words behind two values may name the same things: not where each names something, and they have no
    /// word in common.
    static func agree(_ a: [String], _ b: [String]) -> Bool {
        let (ours, theirs) = (named(a), named(b))
        return ours.isEmpty || theirs.isEmpty || ours.contains { one in theirs.contains { isSame(one, $0) } }
    }

    /// The words up to the first that goes on with the sentence, without those that fit everything.
    private static func named(_ words: [String]) -> [String] {
        words.map { $0.lowercased() }.prefix { word in
            (word.first?.isLetter ?? false) && !Vocabulary.linking.contains(word) && !isParticiple(word)
        }.filter { $0.count > 2 && !Vocabulary.general.contains($0) }
    }

    /// "5, making a total"; not "5 rings".
    private static func isParticiple(_ word: String) -> Bool { word.count > 5 && word.hasSuffix("ing") }

    /// One in the plural, or the abbreviation of the other.
    private static func isSame(_ a: String, _ b: String) -> Bool {
        let (short, long) = a.count <= b.count ? (a, b) : (b, a)
        if long.hasPrefix(short.hasSuffix("y") ? short.dropLast() : short[...]) { return true }
        guard Vocabulary.shortWords.contains(short), short.first == long.first else { return false }
        var rest = long[...]
        for letter in short {
            guard let place = rest.firstIndex(of: letter) else { return false }
            rest = rest[rest.index(after: place)...]
        }
        return true
    }
}
