import ArgumentParser
import Problems

extension Difficulty {
    /// The task's own difficulty but for what was asked.
    static func asked(_ groups: NumberRange?, _ operations: NumberRange?) throws -> Difficulty {
        var ranges: [String: ClosedRange<Int>] = [:]
        for (name, range) in [("groups", groups), ("operations", operations)] {
            guard let range else { continue }
            guard let knob = Tasks.all.flatMap(\.knobs).first(where: { $0.name == name }) else {
                throw ShellError.refused("no built-in task has \(name)")
            }
            ranges[name] = try range.checked("--\(name)", knob.allowed)
        }
        return Difficulty(ranges)
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
