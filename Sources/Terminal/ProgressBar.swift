import Compute
import Foundation
import Synchronization

/// A progress bar with rate and remaining time on standard error; nothing at all off a terminal.
package final class ProgressBar: Sendable {
    private let output: Output
    private let label: String
    private let unit: String
    private let start = ContinuousClock.now
    private let state: Mutex<State>

    private struct State {
        var total: Int
        var lastDrawn: ContinuousClock.Instant?
        var isShown = false
    }

    /// - Parameters:
    ///   - unit: what is counted.
    ///   - total: 0 where it comes to be known later.
    package init(_ output: Output, label: String, unit: String, total: Int) {
        self.output = output
        self.label = label
        self.unit = unit
        state = Mutex(State(total: total))
    }

    /// Draws at most ten times a second, and not at all for work shorter than half a second. From any thread.
    package func update(_ done: Int) { state.withLock { draw(done, &$0) } }

    /// The same when the total became known, or changed.
    package func update(_ done: Int, of total: Int) {
        state.withLock { state in
            state.total = total
            draw(done, &state)
        }
    }

    /// Takes the bar away.
    package func finish() {
        state.withLock { state in
            guard state.isShown else { return }
            state.isShown = false
            output.write("\r\u{1B}[K")
        }
    }

    private func draw(_ done: Int, _ state: inout State) {
        guard output.isTerminal else { return }
        let now = ContinuousClock.now
        guard now - start > .milliseconds(500) else { return }
        if let last = state.lastDrawn, now - last < .milliseconds(100) { return }
        state.lastDrawn = now
        state.isShown = true
        let text = Self.text(
            label: label, unit: unit, done: done, total: state.total, elapsed: now - start, width: output.columns - 1)
        output.write("\r" + text + "\u{1B}[K")
    }

    deinit { finish() }

    static func text(label: String, unit: String, done: Int, total: Int, elapsed: Duration, width: Int) -> String {
        let seconds = elapsed.inSeconds
        let rate = seconds > 0 ? Double(done) / seconds : 0
        let share = total > 0 ? Double(done) / Double(total) : 0
        var text =
            (total > 0
                ? "\(label) \(Bar.text(share, width: 20)) \(done)/\(total) \(unit)  " : "\(label) \(done) \(unit)  ")
            + "\(rate >= 10 ? String(Int(rate)) : String(format: "%.1f", rate))/s"
        if rate > 0, done > 0, done < total { text += "  \(Span.text(Double(total - done) / rate)) left" }
        return TextWidth.truncated(text, to: max(20, width))
    }
}

/// Durations as people say them.
package enum Span {
    /// `350 ms`, `4.2 s`, `75 s` as `1:15 min`, hours likewise.
    package static func text(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0 else { return "?" }
        if seconds < 1 { return String(format: "%.0f ms", seconds * 1000) }
        if seconds < 10 { return String(format: "%.1f s", seconds) }
        if seconds < 60 { return "\(Int(seconds.rounded())) s" }
        let whole = Int(seconds.rounded())
        if whole < 3600 { return String(format: "%d:%02d min", whole / 60, whole % 60) }
        return String(format: "%d:%02d h", whole / 3600, whole / 60 % 60)
    }

    /// Bytes in binary units.
    package static func bytes(_ count: Int) -> String {
        var value = Double(count)
        for unit in ["B", "KiB", "MiB"] {
            if value < 1024 { return unit == "B" ? "\(count) B" : String(format: "%.1f ", value) + unit }
            value /= 1024
        }
        return String(format: "%.2f GiB", value)
    }

    /// Large counts in thousands, millions, billions: 0.35M, 135M.
    package static func count(_ value: Int) -> String {
        let number = Double(value)
        switch value {
        case ..<10_000: return String(value)
        case ..<100_000: return String(format: "%.1fk", number / 1e3)
        case ..<1_000_000: return String(format: "%.2fM", number / 1e6)
        case ..<100_000_000: return String(format: "%.1fM", number / 1e6)
        case ..<1_000_000_000: return String(format: "%.0fM", number / 1e6)
        default: return String(format: "%.2fB", number / 1e9)
        }
    }
}
