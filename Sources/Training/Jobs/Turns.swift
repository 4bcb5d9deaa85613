import Foundation

/// Whose turn it is to compute, one job at a time, and the only lock of all jobs of a centre.
///
/// One lock means that there is no order to get wrong. It guards every job's status and wish, and the queue below. What
/// runs under it stands in Turns.swift and Job.swift alone: a caller's closure never does, for it may ask a job or the
/// centre something.
///
/// Sendable unchecked: what it guards waits on a condition, and a `Mutex` has none.
final class Turns: @unchecked Sendable {
    private let condition = NSCondition()
    private var holder: Job?
    /// First come, first served, but for those that wish to pause.
    private var waiting: [Job] = []
    /// How often something changed, for those who look without the lock.
    private var changes = 0

    func read<T>(_ body: () -> T) -> T {
        condition.lock()
        defer { condition.unlock() }
        return body()
    }

    /// As `read`, and wakes all who wait.
    func change<T>(_ body: () -> T) -> T {
        condition.lock()
        defer { condition.unlock() }
        defer { wake() }
        return body()
    }

    /// Waits, letting go of the lock meanwhile, as long as `holds` does.
    func wait(while holds: () -> Bool) {
        condition.lock()
        defer { condition.unlock() }
        while holds() { condition.wait() }
    }

    /// A number that is another once something has changed.
    var moment: Int { read { changes } }

    /// Waits until something has changed since `moment`, at most until `limit`.
    /// - Returns: Whether it has.
    func waitForChange(since moment: Int, until limit: Date?) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while changes == moment {
            if let limit {
                if !condition.wait(until: limit) { return changes != moment }
            } else {
                condition.wait()
            }
        }
        return true
    }

    // MARK: The turn

    /// Waits for the turn. A job that is to stop gets through without one.
    func take(_ job: Job) {
        condition.lock()
        defer { condition.unlock() }
        waiting.append(job)
        while !job.isToStop, !isNext(job) { condition.wait() }
        waiting.removeAll { $0 === job }
        if holder == nil { holder = job }
        wake()
    }

    func give(_ job: Job) { change { if holder === job { holder = nil } } }

    /// The job whose turn it is, when that is another than `job`.
    func ahead(of job: Job) -> Job? { read { holder === job ? nil : holder } }

    private func isNext(_ job: Job) -> Bool { holder == nil && waiting.first { !$0.isToPause } === job }

    private func wake() {
        changes += 1
        condition.broadcast()
    }
}
