/// `items` in order in groups of at most `limit` in sum; a larger one is alone.
func packed<Item>(_ items: [Item], limit: Int, _ size: (Item) -> Int) -> [[Item]] {
    var groups: [[Item]] = [], sum = 0
    for item in items {
        if groups.isEmpty || sum + size(item) > limit {
            groups.append([])
            sum = 0
        }
        groups[groups.count - 1].append(item)
        sum += size(item)
    }
    return groups
}

extension Array {
    /// Consecutive pieces of the given lengths.
    func cut(like lengths: [Int]) -> [[Element]] {
        var place = startIndex
        return lengths.map { length in
            defer { place += length }
            return Array(self[place..<place + length])
        }
    }
}
