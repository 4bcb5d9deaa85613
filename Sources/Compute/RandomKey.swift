/// Counter-based random numbers: a number is a pure function of its key and counter, so that no order of
/// work, batch or resume can change it. The mixing is SplitMix64's finaliser (Steele, Lea, Flood 2014),
/// applied after each word of the key is absorbed.
package struct RandomKey: Sendable, Hashable, Codable {
    /// What the numbers are for; two purposes never share a stream.
    package enum Purpose: UInt64, Sendable, Codable {
        case sampling = 1, critic, truth, shuffle, initialisation, task, pool, dropout, test
    }

    /// What the user set.
    package var seed: UInt64
    /// What the numbers are for.
    package var purpose: Purpose
    /// The training step, counted from 0; 0 outside of training.
    package var iteration: UInt64
    /// The problem's id.
    package var problem: UInt64
    /// Which of the problem's samples.
    package var sample: UInt64

    /// Words that are left out are 0.
    package init(seed: UInt64, purpose: Purpose, iteration: UInt64 = 0, problem: UInt64 = 0, sample: UInt64 = 0) {
        self.seed = seed
        self.purpose = purpose
        self.iteration = iteration
        self.problem = problem
        self.sample = sample
    }

    /// 64 random bits at `counter`.
    package func bits(_ counter: UInt64) -> UInt64 {
        var state: UInt64 = 0x6765_6E61_6300_0001
        for word in [seed, purpose.rawValue, iteration, problem, sample, counter] {
            state = Self.mix(state &+ 0x9E37_79B9_7F4A_7C15 ^ Self.mix(word &+ 0x9E37_79B9_7F4A_7C15))
        }
        return state
    }

    /// Uniform in [0, 1), 53 bits.
    package func uniform(_ counter: UInt64) -> Double {
        Double(bits(counter) >> 11) * 0x1p-53
    }

    /// Uniform in 0..<bound (bound > 0) by a 64x64 high product; its bias is below bound / 2^64.
    package func index(below bound: Int, _ counter: UInt64) -> Int {
        Int(bits(counter).multipliedFullWidth(by: UInt64(bound)).high)
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
