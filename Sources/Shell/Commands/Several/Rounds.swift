import Compute
import Synchronization
import Terminal

/// Work on many things, batch by batch, so that the engine has many side by side. What a batch comes to is kept before
/// the next begins: whatever ends the work, the same command goes on with what is left.
struct Rounds {
    let console: Console
    /// What is done, and to what: `generate`, `solutions`.
    let label: String
    let unit: String
    /// How many make a batch.
    let atOnce: Int

    /// - Parameters:
    ///   - before: how many were done by earlier commands; it is said.
    ///   - batch: does one batch and keeps what it comes to; tells the tokens done, and an upper bound of all.
    func go<Item>(
        over items: [Item], before: Int,
        _ batch: ([Item], _ progress: @escaping @Sendable (Int, Int) -> Void) throws -> Void
    ) throws {
        if before > 0 {
            console.remark("goes on: \(before) of \(before + items.count) \(unit) were there already")
        }
        let bar = console.progress(label, unit: unit, total: items.count), pace = Pace()
        defer { bar.finish() }
        for start in stride(from: 0, to: items.count, by: atOnce) where !console.cancellation.isCancelled {
            let part = Array(items[start..<min(start + atOnce, items.count)])
            let count = part.count
            try batch(part) { bar.update(start + Int(pace.share($0, of: $1) * Double(count))) }
            pace.endBatch()
            bar.update(start + part.count)
        }
    }
}

/// How far a batch is. Most texts end before their limit, so a bound is taken for as much as the batches before it came
/// to.
private final class Pace: Sendable {
    private struct State {
        var now = (done: 0, bound: 0)
        var before = (done: 0, bound: 0)
    }

    private let state = Mutex(State())

    func share(_ done: Int, of bound: Int) -> Double {
        state.withLock { state in
            state.now = (done, bound)
            let ratio = state.before.bound > 0 ? Double(state.before.done) / Double(state.before.bound) : 1
            return min(1, Double(done) / max(1, Double(bound) * ratio))
        }
    }

    func endBatch() {
        state.withLock { state in
            state.before.done += state.now.done
            state.before.bound += state.now.bound
            state.now = (0, 0)
        }
    }
}
