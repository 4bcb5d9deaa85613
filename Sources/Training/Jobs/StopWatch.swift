import Compute

/// Seconds of the phases of a step.
struct StopWatch {
    private var last = ContinuousClock.now

    /// Seconds since the lap before.
    mutating func lap() -> Double {
        let now = ContinuousClock.now
        defer { last = now }
        return (now - last).inSeconds
    }
}
