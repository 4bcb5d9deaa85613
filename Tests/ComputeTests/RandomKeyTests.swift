import Compute
import Testing

@Suite struct RandomKeyTests {
    @Test func aNumberIsAPureFunctionOfItsKeyAndCounter() {
        let key = RandomKey(seed: 1, purpose: .sampling, iteration: 2, problem: 3, sample: 4)
        let again = RandomKey(seed: 1, purpose: .sampling, iteration: 2, problem: 3, sample: 4)
        let forwards = (0..<100).map { key.bits($0) }
        #expect((0..<100).reversed().map { again.bits($0) } == forwards.reversed())
    }

    @Test func everyFieldGivesAnotherStream() {
        let key = RandomKey(seed: 1, purpose: .test, iteration: 1, problem: 1, sample: 1)
        var keys = [key, key, key, key, key, key]
        keys[1].seed = 2
        keys[2].purpose = .critic
        keys[3].iteration = 2
        keys[4].problem = 2
        keys[5].sample = 2
        // Also a value moved from one field to the next is another stream.
        keys += [
            RandomKey(seed: 7, purpose: .test), RandomKey(seed: 0, purpose: .test, iteration: 7),
            RandomKey(seed: 0, purpose: .test, problem: 7), RandomKey(seed: 0, purpose: .test, sample: 7),
        ]
        let numbers = keys.flatMap { key in (0..<1000).map { key.bits($0) } }
        #expect(Set(numbers).count == numbers.count)
    }

    @Test func uniformsLieInTheUnitIntervalAndAreUniform() {
        let key = RandomKey(seed: 3, purpose: .test)
        let values = (0..<64_000).map { key.uniform(UInt64($0)) }
        #expect(values.allSatisfy { (0..<1).contains($0) })
        #expect(chiSquare(values.map { Int($0 * 64) }, cells: 64) < 130)
        // Neighbours on the counter are independent of each other.
        let pairs = stride(from: 0, to: values.count, by: 2).map { Int(values[$0] * 8) * 8 + Int(values[$0 + 1] * 8) }
        #expect(chiSquare(pairs, cells: 64) < 130)
    }

    @Test func indicesAreInRangeAndUniform() {
        let key = RandomKey(seed: 4, purpose: .test)
        #expect((0..<100).allSatisfy { key.index(below: 1, $0) == 0 })
        for bound in [2, 3, 7, 64] {
            let values = (0..<64_000).map { key.index(below: bound, UInt64($0)) }
            #expect(values.allSatisfy { (0..<bound).contains($0) })
            #expect(chiSquare(values, cells: bound) < 130)
        }
        #expect((0..<1000).allSatisfy { (0..<Int.max).contains(key.index(below: .max, $0)) })
    }

    @Test func streamsOfNeighbouringSamplesAreUncorrelated() {
        let cells = (0..<64_000).map { index -> Int in
            let key = RandomKey(seed: 5, purpose: .sampling, sample: UInt64(index))
            return Int(key.uniform(0) * 8) * 8 + Int(key.uniform(1) * 8)
        }
        #expect(chiSquare(cells, cells: 64) < 130)
    }

    /// 63 degrees of freedom exceed 130 once in a million; fewer do so more seldom.
    private func chiSquare(_ values: [Int], cells: Int) -> Double {
        var counts = Array(repeating: 0.0, count: cells)
        for value in values { counts[value] += 1 }
        let expected = Double(values.count) / Double(cells)
        return counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    }
}
