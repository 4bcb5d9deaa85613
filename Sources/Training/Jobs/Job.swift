import Compute
import Formats
import Foundation

/// What a job is doing.
package enum JobState: String, Sendable, Codable {
    case queued, running, paused, stopping, stopped, finished, failed

    /// Whether it will do nothing more.
    package var isOver: Bool { self == .stopped || self == .finished || self == .failed }
}

/// A job as it is now.
package struct JobStatus: Sendable {
    /// Counted from 1 in each process.
    package var id: Int
    /// What it trains by.
    package var method: Method
    /// The run's id, its folder's name.
    package var run: String
    /// At the time of asking.
    package var state: JobState
    /// Steps done.
    package var step: Int
    /// Steps in all.
    package var steps: Int
    /// Why it failed, where it did.
    package var error: (any GenacError)?
    /// The newest step's metrics.
    package var metrics: JSONObject
}

/// What a job has to say.
package enum JobEvent: Sendable {
    case changed(JobStatus)
    /// A line for the person watching.
    case progress(JobStatus, line: String)
    /// Something the person watching should hear at once.
    case warning(JobStatus, text: String)
    case checkpoint(JobStatus, step: Int)
}

/// A stage running on its own thread in its own run directory. Requests take effect at the next border between steps.
///
/// Sendable unchecked: status and wish are guarded by the lock of ``Turns``; the stage is its own thread's alone.
package final class Job: @unchecked Sendable {
    /// Counted from 1 in each process.
    package let id: Int
    /// What it trains by.
    package let method: Method
    /// The run's id, its folder's name.
    package let run: String

    private enum Wish { case run, pause, stop }

    private let turns: Turns
    private let world: World
    private let notify: @Sendable (JobEvent) -> Void
    // Guarded by the lock of `turns`.
    private var status: JobStatus
    private var wish = Wish.run
    private var snapshotWishes = 0, snapshotsServed = 0

    init(
        id: Int, method: Method, run: String, step: Int, steps: Int, turns: Turns, world: World,
        notify: @escaping @Sendable (JobEvent) -> Void
    ) {
        (self.id, self.method, self.run) = (id, method, run)
        (self.turns, self.world, self.notify) = (turns, world, notify)
        status = JobStatus(
            id: id, method: method, run: run, state: .queued, step: step, steps: steps, error: nil,
            metrics: JSONObject())
    }

    /// As it is now.
    package var current: JobStatus { turns.read { status } }

    /// Holds the job at the next border until ``resume()``; a queued one lets others go first.
    package func pause() throws { try request(.pause, "paused", from: [.queued, .running]) }

    /// Has a paused job queue for its turn.
    package func resume() throws { try request(.run, "resumed", from: [.paused, .queued, .running]) }

    /// Writes a checkpoint at the next border and ends.
    package func stop() throws { try request(.stop, "stopped", from: [.queued, .running, .paused, .stopping]) }

    /// As ``stop()``, of a job that may be over already: then nothing is left to do.
    package func leave() { turns.change { wish = .stop } }

    /// Has a checkpoint written at the next border and waits for it; its weights are then `run:ID`'s. A job
    /// that is paused or over is not waited for: its newest checkpoint is all there is.
    /// - Parameter isGivenUp: asked ten times a second, without any lock held.
    package func snapshot(until isGivenUp: () -> Bool = { false }) {
        let mine = turns.change { () -> Int in
            snapshotWishes += 1
            return snapshotWishes
        }
        func isServed(_ state: JobState) -> Bool {
            state == .paused || state.isOver || turns.read { snapshotsServed >= mine }
        }
        while !wait(seconds: 0.1, until: isServed), !isGivenUp() {}
    }

    /// Waits until the job is over, for at most `seconds`.
    /// - Returns: Whether it is over.
    @discardableResult
    package func wait(seconds: Double = .infinity) -> Bool { wait(seconds: seconds) { $0.isOver } }

    /// Waits until the job's state is as wanted or the job is over, for at most `seconds`.
    /// - Parameter isWanted: asked without any lock held, whenever a job or a turn has changed; it may ask jobs and the
    ///   centre.
    /// - Returns: Whether it is so.
    @discardableResult
    package func wait(seconds: Double = .infinity, until isWanted: (JobState) -> Bool) -> Bool {
        let limit = seconds.isFinite ? Date(timeIntervalSinceNow: seconds) : nil
        func isThere() -> Bool {
            let state = current.state
            return isWanted(state) || state.isOver
        }
        while true {
            let moment = turns.moment
            if isThere() { return true }
            if !turns.waitForChange(since: moment, until: limit) { return isThere() }
        }
    }

    private func request(_ wanted: Wish, _ word: String, from states: [JobState]) throws {
        let (before, now) = turns.change { () -> (JobState, JobStatus) in
            let before = status.state
            guard states.contains(before) else { return (before, status) }
            wish = wanted
            // Neither is on its thread to say so.
            if before == .queued, wanted == .pause { status.state = .paused }
            if before == .paused, wanted == .run { status.state = .queued }
            return (before, status)
        }
        guard states.contains(before) else {
            throw TrainingError.wrongState(job: id, state: before.rawValue, wanted: word)
        }
        if now.state != before { notify(.changed(now)) }
    }

    /// What is wished of it now. For `Turns` alone, under whose lock it is read.
    var isToStop: Bool { wish == .stop }
    var isToPause: Bool { wish == .pause }

    private func enter(_ state: JobState, error: (any GenacError)? = nil) {
        let now = turns.change { () -> JobStatus in
            status.state = state
            status.error = error
            return status
        }
        notify(.changed(now))
    }

    // MARK: On the job's thread

    /// Runs `stage` to its end, or until it is stopped.
    func work(_ stage: any Stage, in directory: RunDirectory) {
        turns.take(self)
        defer { turns.give(self) }
        do {
            // Stopped in the queue: nothing was done that the run does not have already.
            let over = turns.read({ isToStop }) ? .stopped : try begin(stage, directory)
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
        let saving = directory.recipe.settings(SavingSettings.self)
        var clock = SaveClock(minutes: saving.minutes, now: .now)
        while stage.step < stage.totalSteps {
            if !waitForLeave() {
                enter(.stopping)
                try checkpoint(stage, directory, &clock)
                return .stopped
            }
            try step(stage, directory)
            if stage.step == stage.totalSteps { try checkLearned(stage, directory) }
            let isDue = saving.every > 0 && stage.step % saving.every == 0
            let isWished = world.any(turns.read { snapshotWishes > snapshotsServed })
            if isDue || stage.step == stage.totalSteps || isWished {
                try checkpoint(stage, directory, &clock)
            } else if world.any(clock.isDue(.now)) {
                try checkpoint(stage, directory, &clock, isTimed: true)
            }
        }
        if try directory.checkpoints.last != stage.step { try checkpoint(stage, directory, &clock) }
        return .finished
    }

    private func step(_ stage: any Stage, _ directory: RunDirectory) throws {
        let report = try stage.advance()
        var line = JSONObject([("step", .integer(Int64(stage.step)))])
        for member in report.metrics.members { line[member.key] = member.value }
        if let rollouts = report.rollouts { try directory.writeRollouts(step: stage.step, rollouts) }
        try directory.metrics.append(.object(line))
        let now = turns.change { () -> JobStatus in
            status.step = stage.step
            status.metrics = line
            return status
        }
        notify(.progress(now, line: report.line))
        for text in report.warnings + Self.idle(stage) { notify(.warning(now, text: text)) }
    }

    /// A run whose every update was left out looks as busy as any other.
    private static func idle(_ stage: any Stage) -> [String] {
        guard stage.updates == 0, stage.step == 3 || stage.step % 100 == 0 else { return [] }
        return ["no update was made in any of the \(stage.step) steps so far: the weights are what they were"]
    }

    /// - Throws: ``TrainingError/nothingLearned(steps:skipped:)``.
    private func checkLearned(_ stage: any Stage, _ directory: RunDirectory) throws {
        guard stage.updates == 0 else { return }
        let skipped = try JSONLines.objects(in: directory.metrics.path).count { line in
            line.members.contains { $0.key.hasSuffix("/skipped") }
        }
        throw TrainingError.nothingLearned(steps: stage.totalSteps, skipped: skipped)
    }

    /// Waits out a pause. False when the job is to stop.
    private func waitForLeave() -> Bool {
        if world.any(turns.read { isToPause }) {
            enter(.paused)
            turns.give(self)
            turns.wait { isToPause }
            turns.take(self)
            if !turns.read({ isToStop }) { enter(.running) }
        }
        return !world.any(turns.read { isToStop })
    }

    private func checkpoint(
        _ stage: any Stage, _ directory: RunDirectory, _ clock: inout SaveClock, isTimed: Bool = false
    ) throws {
        let served = turns.read { snapshotWishes }, start = ContinuousClock.now
        if try directory.checkpoints.last != stage.step {
            let keep = directory.recipe.settings(SavingSettings.self).keep
            try directory.writeCheckpoint(step: stage.step, keep: keep, isTimed: isTimed) { try stage.save(to: $0) }
        }
        clock.saved(from: start, to: .now)
        let now = turns.change { () -> JobStatus in
            snapshotsServed = served
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

    init(_ error: any Error) { what = error.inWords }
}
