/// The nearest known word to a mistyped one.
package enum DidYouMean {
    /// A choice within two edits (one for short words), or one that begins with what was typed.
    package static func nearest(to word: String, in choices: [String]) -> String? {
        if word.count >= 2 {
            let longer = choices.filter { $0.hasPrefix(word) }
            if longer.count == 1 { return longer.first }
        }
        let limit = word.count <= 3 ? 1 : 2
        return choices.map { ($0, distance(word, $0)) }.filter { $0.1 <= limit }.min { $0.1 < $1.1 }?.0
    }

    /// The least number of insertions, deletions, substitutions and swaps of neighbours that turn one into the other
    /// (optimal string alignment), counted in characters.
    package static func distance(_ first: String, _ second: String) -> Int {
        let a = Array(first), b = Array(second)
        var table = Array(repeating: Array(repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in 0...a.count { table[i][0] = i }
        for j in 0...b.count { table[0][j] = j }
        for i in a.indices {
            for j in b.indices {
                var best = min(table[i][j + 1] + 1, table[i + 1][j] + 1, table[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, table[i - 1][j - 1] + 1) }
                table[i + 1][j + 1] = best
            }
        }
        return table[a.count][b.count]
    }
}
