import CKernels
import Foundation
import Synchronization

/// The machine's cores, shared by the shell and one job: a team of threads, and a lease that says who uses it.
///
/// Order of locks: whoever has a lock of its own takes that first and then the lease, never the other way, because
/// background work gives the lease up at borders while it keeps its own lock. What runs under the lease is a piece of
/// computation: callers' closures (a token to be shown, a progress bar) run between two pieces, where
/// ``withPrecedence(_:_:)`` keeps jobs away.
///
/// Interactive work (a command) waits at most until the job's next layer border; the job waits until the command ends.
/// The number of threads changes no bit of a forward or backward pass.
///
/// Sendable unchecked: `holder` is read and written under `condition`, which waiting needs and a Mutex has none of, and
/// `team` is C's, made once and used by whoever holds the lease.
package final class Cores: @unchecked Sendable {
    /// Who is served first: a command that somebody waits for, or a job.
    package enum Priority: Sendable { case interactive, background }

    /// `GENAC_THREADS` or the number of cores the process may use.
    package static let shared = Cores(threads: Cores.defaultThreads)

    /// Threads of the team, the caller's among them; at least 1.
    package let threads: Int
    /// The kernels in use: `x86-64-v4`, `x86-64-v3` or `baseline`.
    package static var instructionSet: String { String(cString: ck_instruction_set()) }

    private let team: OpaquePointer?
    private let condition = NSCondition()
    private var holder: (thread: pthread_t, priority: Priority, depth: Int)?
    private let interactiveWaiting = Atomic<Int>(0)

    private static var defaultThreads: Int {
        if let text = ProcessInfo.processInfo.environment["GENAC_THREADS"], let asked = Int(text),
            allowedThreads.contains(asked)
        {
            return asked
        }
        return max(1, Int(ck_cores()))
    }

    private static let allowedThreads = 1...256

    /// What is asked in the environment and cannot be had; nil where all of it can. To be said before anything is
    /// computed.
    package static func refusal(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
        if let text = environment["GENAC_THREADS"], Int(text).map(allowedThreads.contains) != true {
            return
                "GENAC_THREADS=\(text) is no number from \(allowedThreads.lowerBound) to \(allowedThreads.upperBound)"
        }
        if let set = environment["GENAC_KERNELS"], set != instructionSet {
            let known = ["x86-64-v4", "x86-64-v3", "baseline"]
            return known.contains(set)
                ? "this CPU has no \(set), which GENAC_KERNELS asks for"
                : "GENAC_KERNELS=\(set) is none of \(known.joined(separator: ", "))"
        }
        return nil
    }

    private init(threads: Int) {
        team = ck_team_create(Int32(threads))
        self.threads = team.map { Int(ck_team_threads($0)) } ?? 1
    }

    /// Runs `body(chunk, worker)` for every chunk in 0..<count, shared among the threads. Hold the lease.
    package func parallel(_ count: Int, _ body: (_ chunk: Int, _ worker: Int) -> Void) {
        guard let team else { return (0..<count).forEach { body($0, 0) } }
        withoutActuallyEscaping(body) { body in
            var work = body
            withUnsafeMutablePointer(to: &work) { context in
                ck_team_run(
                    team, count,
                    { context, chunk, worker in
                        context?.assumingMemoryBound(to: ((Int, Int) -> Void).self).pointee(Int(chunk), Int(worker))
                    }, context)
            }
        }
    }

    /// Splits 0..<total into one contiguous range per chunk of about `grain`, shared among the threads.
    package func parallel(over total: Int, grain: Int, _ body: (_ range: Range<Int>, _ worker: Int) -> Void) {
        let chunks = (total + grain - 1) / grain
        parallel(chunks) { chunk, worker in body(chunk * grain..<min(total, (chunk + 1) * grain), worker) }
    }

    /// Uses the cores for `body`. Re-entrant on one thread.
    package func withLease<T>(_ priority: Priority, _ body: () throws -> T) rethrows -> T {
        acquire(priority)
        defer { release() }
        return try body()
    }

    /// Keeps background work away while `body` runs, also between its leases. No lock: `body` may wait for anything but
    /// a job.
    package func withPrecedence<T>(_ priority: Priority, _ body: () throws -> T) rethrows -> T {
        guard priority == .interactive else { return try body() }
        interactiveWaiting.add(1, ordering: .relaxed)
        defer {
            condition.lock()
            interactiveWaiting.subtract(1, ordering: .relaxed)
            condition.broadcast()
            condition.unlock()
        }
        return try body()
    }

    /// A layer border: background work steps aside here while a command wants the cores.
    package func border() {
        guard interactiveWaiting.load(ordering: .relaxed) > 0 else { return }
        condition.lock()
        guard let held = holder, held.priority == .background else { return condition.unlock() }
        holder = nil
        condition.broadcast()
        while holder != nil || interactiveWaiting.load(ordering: .relaxed) > 0 { condition.wait() }
        holder = held
        condition.unlock()
    }

    private func acquire(_ priority: Priority) {
        condition.lock()
        defer { condition.unlock() }
        let me = pthread_self()
        if let held = holder, pthread_equal(held.thread, me) != 0 {
            holder?.depth += 1
            return
        }
        if priority == .interactive { interactiveWaiting.add(1, ordering: .relaxed) }
        while holder != nil || (priority == .background && interactiveWaiting.load(ordering: .relaxed) > 0) {
            condition.wait()
        }
        if priority == .interactive { interactiveWaiting.subtract(1, ordering: .relaxed) }
        holder = (me, priority, 1)
    }

    private func release() {
        condition.lock()
        defer { condition.unlock() }
        holder?.depth -= 1
        if holder?.depth == 0 {
            holder = nil
            condition.broadcast()
        }
    }
}
