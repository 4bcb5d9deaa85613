import Compute
import Foundation

/// How hard the problems of a set are.
package struct JumpsDifficulty: Sendable, Codable, Equatable {
    /// Groups of a problem, that is lines of its solution, in 1...8.
    package var groups: ClosedRange<Int>
    /// Operations of one group.
    package var operations: ClosedRange<Int>

    /// Bounds are brought into what the task allows (1...8 groups of 1...9 operations).
    package init(groups: ClosedRange<Int> = 2...4, operations: ClosedRange<Int> = 1...3) {
        self.groups = groups.clamped(to: 1...Jumps.maxGroups)
        self.operations = operations.clamped(to: 1...9)
    }
}

/// The parts of the task that never share a problem's random numbers.
package enum JumpsSplit: String, Sendable, Codable, CaseIterable {
    case train, dev, test

    /// Folded into the seed: the same seed gives each split other numbers.
    var salt: UInt64 {
        switch self {
        case .train: 0
        case .dev: 0x6465_7600_0000_0000
        case .test: 0x7465_7374_0000_0000
        }
    }
}

extension Jumps {
    /// Problem number `index` of a split: a pure function of its arguments.
    package static func generate(
        index: Int, split: JumpsSplit = .train, difficulty: JumpsDifficulty = .init(), seed: UInt64 = 0
    ) -> Jumps {
        var draw = Draw(
            key: RandomKey(seed: seed ^ split.salt, purpose: .task, problem: UInt64(bitPattern: Int64(index))))
        return generate(difficulty, &draw)
    }

    static func generate(_ difficulty: JumpsDifficulty, _ draw: inout Draw) -> Jumps {
        let start = draw.index(below: 10)
        var left = maxOperations
        var groups: [[Operation]] = []
        for _ in 0..<draw.integer(in: difficulty.groups) where left > 0 {
            let count = min(left, draw.integer(in: difficulty.operations))
            left -= count
            groups.append((0..<count).map { _ in operation(&draw) })
        }
        return Jumps(start: start, groups: groups)
    }

    /// Each sign is as likely as the others.
    private static func operation(_ draw: inout Draw) -> Operation {
        switch draw.index(below: 3) {
        case 0: Operation(.plus, 1 + draw.index(below: 9))
        case 1: Operation(.minus, 1 + draw.index(below: 9))
        default: Operation(.times, [3, 7, 9][draw.index(below: 3)])
        }
    }
}

/// Successive numbers of one key.
struct Draw {
    let key: RandomKey
    private var counter: UInt64 = 0

    init(key: RandomKey) { self.key = key }

    mutating func index(below bound: Int) -> Int {
        counter += 1
        return key.index(below: bound, counter - 1)
    }

    mutating func integer(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + index(below: range.count)
    }

    mutating func uniform() -> Double {
        counter += 1
        return key.uniform(counter - 1)
    }

    /// A standard normal number, by Box and Muller.
    mutating func normal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * .pi * uniform())
    }
}
