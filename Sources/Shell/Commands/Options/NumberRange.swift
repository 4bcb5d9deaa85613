import ArgumentParser
import Problems

extension JumpsDifficulty {
    /// The task's own difficulty but for what was asked.
    static func asked(_ groups: NumberRange?, _ operations: NumberRange?) throws -> JumpsDifficulty {
        var difficulty = JumpsDifficulty()
        if let groups { difficulty.groups = try groups.checked("--groups", 1...Jumps.maxGroups) }
        if let operations { difficulty.operations = try operations.checked("--operations", 1...Jumps.maxOperations) }
        return difficulty
    }
}

/// `2-4` or `3`.
struct NumberRange: ExpressibleByArgument, CustomStringConvertible {
    let low: Int
    let high: Int

    var description: String { "\(low)-\(high)" }

    init?(argument: String) {
        let parts = argument.split(separator: "-").compactMap { Int($0) }
        guard let low = parts.first, let high = parts.last, parts.count <= 2, low <= high, low >= 1 else { return nil }
        (self.low, self.high) = (low, high)
    }

    func checked(_ option: String, _ allowed: ClosedRange<Int>) throws -> ClosedRange<Int> {
        guard allowed.contains(low), allowed.contains(high) else {
            throw ShellError.refused("\(option) goes from \(allowed.lowerBound) to \(allowed.upperBound)")
        }
        return low...high
    }
}
