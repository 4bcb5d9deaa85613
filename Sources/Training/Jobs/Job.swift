import Compute
import Formats
import Foundation

public enum JobState: String, Sendable, Codable {
    case queued, running, paused, stopping, stopped, finished, failed

    public var isOver: Bool { self == .stopped || self == .finished || self == .failed }
}

/// A job as it is now.
public struct JobStatus: Sendable {
    public var id: Int
    public var stage: StageName
    public var run: String
    public var state: JobState
    public var step: Int
    public var steps: Int
    public var error: (any GenacError)?
    /// The newest step's metrics.
    public var metrics: JSONObject
}

public enum JobEvent: Sendable {
    case changed(JobStatus)
    /// A line for the person watching.
    case progress(JobStatus, line: String)
    /// Something the person watching should hear at once.
    case warning(JobStatus, text: String)
    case checkpoint(JobStatus, step: Int)
}

/// Who may compute: one job at a time.
protocol Turn: AnyObject, Sendable {
    /// Waits for the turn. A job that is to stop gets through without one.
    func take(_ job: Job)
    func give(_ job: Job)
    /// A job's wish has changed.
    func reconsider()
}

/// A stage running on its own thread in its own run directory. Requests take effect at the next border between steps.
public final class Job: @unchecked Sendable {
    public let id: Int
    public let stageName: StageName
    public let run: String

    private enum Wish { case run, pause, stop }

    private let condition = NSCondition()
    private var status: JobStatus
    private var wish = Wish.run
    private var snapshotWishes = 0, snapshotsServed = 0
    private let turn: any Turn
    private let notify: @Sendable (JobEvent) -> Void

    init(
        id: Int, stage: StageName, run: String, step: Int, steps: Int, turn: any Turn,
        notify: @escaping @Sendable (JobEvent) -> Void
    ) {
        (self.id, stageName, self.run, self.turn, self.notify) = (id, stage, run, turn, notify)
        status = JobStatus(
            id: id, stage: stage, run: run, state: .queued, step: step, steps: steps, error: nil, metrics: JSONObject())
    }

    public var current: JobStatus { locked { status } }

    /// Holds the job at the next border until ``resume()``; a queued one lets others go first.
    public func pause() throws { try request(.pause, "paused", from: [.queued, .running]) }

    /// Has a paused job queue for its turn.
    public func resume() throws { try request(.run, "resumed", from: [.paused, .queued, .running]) }

    /// Writes a checkpoint at the next border and ends.
    public func stop() throws { try request(.stop, "stopped", from: [.queued, .running, .paused, .stopping]) }

    /// Has a checkpoint written at the next border and waits for it; its weights are then `run:ID`'s.
    public func snapshot() throws {
        condition.lock()
        defer { condition.unlock() }
        guard !status.state.isOver else { return }
        snapshotWishes += 1
        let mine = snapshotWishes
        condition.broadcast()
        while snapshotsServed < mine, !status.state.isOver { condition.wait() }
    }

    /// Waits until the job is over, for at most `seconds`.
    /// - Returns: Whether it is over.
    @discardableResult
    public func wait(seconds: Double = .infinity) -> Bool { wait(seconds: seconds) { $0.isOver } }

    /// Waits until the job's state is as wanted or the job is over, for at most `seconds`.
    /// - Returns: Whether it is so.
    @discardableResult
    public func wait(seconds: Double = .infinity, until isWanted: (JobState) -> Bool) -> Bool {
        let limit = seconds.isFinite ? Date(timeIntervalSinceNow: seconds) : nil
        func isThere() -> Bool { isWanted(status.state) || status.state.isOver }
        return locked {
            while !isThere() {
                guard let limit else {
                    condition.wait()
                    continue
                }
                if !condition.wait(until: limit) { return isThere() }
            }
            return true
        }
    }

    private func locked<T>(_ body: () -> T) -> T {
        condition.lock()
        defer { condition.unlock() }
        return body()
    }

    private func request(_ wanted: Wish, _ word: String, from states: [JobState]) throws {
        let (before, now) = locked { () -> (JobState, JobStatus) in
            let before = status.state
            guard states.contains(before) else { return (before, status) }
            wish = wanted
            // Neither is on its thread to say so.
            if before == .queued, wanted == .pause { status.state = .paused }
            if before == .paused, wanted == .run { status.state = .queued }
            condition.broadcast()
            return (before, status)
        }
        guard states.contains(before) else {
            throw TrainingError.wrongState(job: id, state: before.rawValue, wanted: word)
        }
        if now.state != before { notify(.changed(now)) }
        turn.reconsider()
    }

    var wantsToStop: Bool { locked { wish == .stop } }
    var wantsToPause: Bool { locked { wish == .pause } }

    private func enter(_ state: JobState, error: (any GenacError)? = nil) {
        let now = locked { () -> JobStatus in
            status.state = state
            status.error = error
            condition.broadcast()
            return status
        }
        notify(.changed(now))
    }

    // MARK: On the job's thread

    /// Runs `stage` to its end, or until it is stopped.
    func work(_ stage: any Stage, in directory: RunDirectory) {
        turn.take(self)
        defer { turn.give(self) }
        do {
            // Stopped in the queue: nothing was done that the run does not have already.
            let over = wantsToStop ? .stopped : try begin(stage, directory)
            directory.close()
            enter(over)
        } catch {
            directory.close()
            enter(.failed, error: (error as? any GenacError) ?? OtherError(error))
        }
    }

    private func begin(_ stage: any Stage, _ directory: RunDirectory) throws -> JobState {
        enter(.running)
        return try steps(stage, directory)
    }

    private func steps(_ stage: any Stage, _ directory: RunDirectory) throws -> JobState {
        let saveEvery = directory.recipe.integer("trainer.save_freq")
        while stage.step < stage.totalSteps {
            if !waitForLeave() {
                enter(.stopping)
                try checkpoint(stage, directory)
                return .stopped
            }
            let report = try stage.advance()
            var line = JSONObject([("step", .integer(Int64(stage.step)))])
            for member in report.metrics.members { line[member.key] = member.value }
            if let rollouts = report.rollouts { try directory.writeRollouts(step: stage.step, rollouts) }
            try directory.metrics.append(.object(line))
            let now = locked { () -> JobStatus in
                status.step = stage.step
                status.metrics = line
                return status
            }
            notify(.progress(now, line: report.line))
            for text in report.warnings { notify(.warning(now, text: text)) }
            let isDue = saveEvery > 0 && stage.step % saveEvery == 0
            if isDue || stage.step == stage.totalSteps || locked({ snapshotWishes > snapshotsServed }) {
                try checkpoint(stage, directory)
            }
        }
        if directory.checkpoints.last != stage.step { try checkpoint(stage, directory) }
        return .finished
    }

    /// Waits out a pause. False when the job is to stop.
    private func waitForLeave() -> Bool {
        if locked({ wish == .pause }) {
            enter(.paused)
            turn.give(self)
            locked { while wish == .pause { condition.wait() } }
            turn.take(self)
            if !wantsToStop { enter(.running) }
        }
        return locked { wish != .stop }
    }

    private func checkpoint(_ stage: any Stage, _ directory: RunDirectory) throws {
        let served = locked { snapshotWishes }
        if directory.checkpoints.last != stage.step {
            try directory.writeCheckpoint(step: stage.step, keep: directory.recipe.integer("trainer.max_ckpt_to_keep")) {
                try stage.save(to: $0)
            }
        }
        let now = locked { () -> JobStatus in
            snapshotsServed = served
            condition.broadcast()
            return status
        }
        notify(.checkpoint(now, step: stage.step))
    }
}

/// An error of the system's, in our form.
struct OtherError: GenacError {
    let what: String
    let location: String? = nil
    let hint: String? = nil

    init(_ error: any Error) { what = error.localizedDescription }
}
