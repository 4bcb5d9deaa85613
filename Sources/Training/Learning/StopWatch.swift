import Compute
import Formats

/// Seconds of the phases of a step, under the names of `timing_s/`.
struct StopWatch {
    private var last = ContinuousClock.now
    private var laps: [(name: String, seconds: Double)] = []

    /// What was done since the lap before was `name`.
    mutating func lap(_ name: String) {
        let now = ContinuousClock.now
        laps.append((name, (now - last).inSeconds))
        last = now
    }

    /// The laps, and `step`, their sum.
    var metrics: [JSONObject.Member] {
        (laps + [("step", laps.reduce(0) { $0 + $1.seconds })]).map { ("timing_s/\($0.name)", .number($0.seconds)) }
    }
}
