import Foundation

/// How the learning rate changes over a run.
package struct Schedule: Sendable, Equatable {
    /// How the rate goes from its peak to its floor.
    package enum Shape: String, Sendable, CaseIterable { case constant, cosine }

    /// The highest learning rate.
    package var peak: Double
    /// After the warm-up.
    package var shape: Shape
    /// Steps in which the rate rises linearly to its peak.
    package var warmupSteps: Int
    /// The step at which the floor is reached.
    package var totalSteps: Int
    /// Where the cosine ends, as a share of the peak.
    package var floor: Double

    package init(peak: Double, shape: Shape = .constant, warmupSteps: Int = 0, totalSteps: Int, floor: Double = 0) {
        (self.peak, self.shape, self.warmupSteps) = (peak, shape, warmupSteps)
        (self.totalSteps, self.floor) = (totalSteps, floor)
    }

    /// The rate of update `step`, counted from 0.
    package func rate(_ step: Int) -> Double {
        if step < warmupSteps { return peak * Double(step) / Double(max(1, warmupSteps)) }
        guard shape == .cosine else { return peak }
        let progress = Double(step - warmupSteps) / Double(max(1, totalSteps - warmupSteps))
        let wave = (1 + cos(.pi * min(progress, 1))) / 2
        return peak * (floor + (1 - floor) * wave)
    }
}
