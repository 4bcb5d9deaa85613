import Acting
import Problems

/// The actor's smoothed success rate, told to the critic. Read ``rate`` *before* giving it an iteration's
/// outcomes: a rate that already holds them would leak the outcome into the critic's prompt.
package struct SuccessRateTracker: Sendable, Codable, Equatable {
    /// Share of the old value in a new one, in 0...1.
    package let momentum: Double
    /// The running average, in 0...1; nil while nothing is known.
    package private(set) var value: Double?
    /// Updates so far, zero while only the measured start is known.
    package private(set) var step = 0
    private let startRollouts: Int

    /// - Parameter start: a measured pass rate; without one the first outcomes become the value.
    package init(start: MeasuredRate? = nil, momentum: Double = 0.9) {
        self.momentum = momentum
        value = start?.rate
        startRollouts = start?.rollouts ?? 0
    }

    /// Whether it can have come from outcomes; one that was read from a file may not.
    package var isPlausible: Bool {
        (0...1).contains(momentum) && (value.map { (0...1).contains($0) } ?? true) && (0...1 << 40).contains(step)
            && startRollouts >= 0
    }

    /// What a snapshot taken now should say.
    package var rate: SuccessRate? {
        value.map { SuccessRate(value: $0, source: step == 0 ? .measured(startRollouts) : .ema(step: step)) }
    }

    /// Takes in one iteration's outcomes, each in 0...1. An empty iteration changes nothing.
    package mutating func update(outcomes: [Double]) {
        guard !outcomes.isEmpty else { return }
        let mean = outcomes.reduce(0, +) / Double(outcomes.count)
        value = value.map { momentum * $0 + (1 - momentum) * mean } ?? mean
        step += 1
    }
}
