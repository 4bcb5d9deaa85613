/// How many lines of an actor's solutions are right, by the number of operations they jump over; each goes on from the
/// digit that the line before it claimed.
package struct JumpsLines: Sendable, Codable, Equatable {
    package struct Count: Sendable, Codable, Equatable {
        package var right = 0
        package var total = 0
    }

    /// By number of operations.
    package private(set) var counts: [Int: Count] = [:]

    package init() {}

    /// Takes in one solution; nothing for a problem of another kind.
    package mutating func add(_ text: String, of problem: Problem) {
        guard let jumps = Jumps(text: problem.text) else { return }
        var from: Int? = jumps.start
        for (group, claim) in zip(jumps.groups, jumps.claims(in: text)) {
            guard let digit = from else { return }
            counts[group.count, default: Count()].right += group.reduce(digit) { $1($0) } == claim ? 1 : 0
            counts[group.count, default: Count()].total += 1
            from = claim
        }
    }

    package static func + (a: JumpsLines, b: JumpsLines) -> JumpsLines {
        var sum = a
        for (size, count) in b.counts {
            sum.counts[size, default: Count()].right += count.right
            sum.counts[size, default: Count()].total += count.total
        }
        return sum
    }

    /// The skill they show; a size never met is taken to be as hard as the next smaller one. Nil when no line was seen.
    package var skill: JumpsSkill? {
        guard let largest = counts.keys.max(), let smallest = counts.keys.min() else { return nil }
        var accuracy: [Double] = [], last = counts[smallest] ?? Count()
        for size in 1...largest {
            last = counts[size] ?? last
            // Half a line each way: an actor that never erred in a sample may yet.
            accuracy.append((Double(last.right) + 0.5) / (Double(last.total) + 1))
        }
        return JumpsSkill(accuracy: accuracy)
    }
}
