/// A pre-tokenizer's pattern, scanned by hand: it says where the word that begins at a byte ends.
protocol WordScanner {
    var end: Int { get }
    func wordEnd(from start: Int) -> Int
}

extension WordScanner {
    /// All words from `start` to the end, in order, without gaps.
    func split(from start: Int, word: (Range<Int>) -> Void) {
        var index = start
        while index < end {
            let stop = wordEnd(from: index)
            word(index..<stop)
            index = stop
        }
    }
}
