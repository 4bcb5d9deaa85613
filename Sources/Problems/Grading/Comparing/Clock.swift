/// What is said behind a time of day.
enum Clock {
    /// Whether words behind two values may mean the same: not where one says morning and the other says evening.
    static func agree(_ a: [String], _ b: [String]) -> Bool {
        let (first, second) = (half(a), half(b))
        return first == nil || second == nil || first == second
    }

    private static func half(_ words: [String]) -> String? {
        let text = words.joined().lowercased().filter(\.isLetter)
        return ["am", "pm"].first { text.hasPrefix($0) }
    }
}
