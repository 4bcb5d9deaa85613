/// When the clock asks for a checkpoint, beside `trainer.save_freq`: so that a run of long steps loses minutes, not
/// hours, when its process is killed. What is saved depends on the clock, what is learned does not.
package struct SaveClock {
    /// Nil: never.
    private let interval: Duration?
    private var last: ContinuousClock.Instant
    /// The longest that saving has taken.
    private var cost = Duration.zero

    /// Saving may take one part in so many of the time.
    private static let share = 10

    /// - Parameter minutes: `trainer.save_minutes`; 0: never.
    package init(minutes: Double, now: ContinuousClock.Instant) {
        interval = minutes > 0 ? .seconds(60 * minutes) : nil
        last = now
    }

    /// Whether `interval` has passed since the last checkpoint, or, where saving takes more than a tenth of that, ten
    /// times its cost.
    package func isDue(_ now: ContinuousClock.Instant) -> Bool {
        guard let interval else { return false }
        return now - last >= max(interval, cost * (Self.share - 1))
    }

    /// A checkpoint, whoever asked for it, was written between two moments.
    package mutating func saved(from start: ContinuousClock.Instant, to end: ContinuousClock.Instant) {
        cost = max(cost, end - start)
        last = end
    }
}
