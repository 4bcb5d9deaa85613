/// A measured success rate: the mean outcome of `rollouts` independent continuations.
package struct MeasuredRate: Sendable, Codable, Equatable {
    /// In 0...1.
    package var rate: Double
    /// How many outcomes; 0 tells nothing.
    package var rollouts: Int

    /// A rate in 0...1, and how many outcomes it is the mean of.
    package init(rate: Double, rollouts: Int) {
        self.rate = rate
        self.rollouts = rollouts
    }
}
