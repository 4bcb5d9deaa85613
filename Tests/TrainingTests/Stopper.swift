import Foundation
import Testing
import Training

/// Hears a job's events on the job's own thread. Told a step, it stops the job there and nowhere else: the job cannot
/// go on before the test has said which one it is.
final class Stopper: @unchecked Sendable {
    private let condition = NSCondition()
    private let step: Int?
    private var job: Job?
    private var states: [JobState] = []

    init(atStep step: Int? = nil) { self.step = step }

    /// The job whose events are heard; a test says so as soon as it has it.
    func watch(_ job: Job) {
        condition.lock()
        defer { condition.unlock() }
        self.job = job
        condition.broadcast()
    }

    func heard(_ event: JobEvent) {
        switch event {
        case .progress(let status, _): if status.step == step { try? watched()?.stop() }
        case .changed(let status): changed(to: status.state)
        case .checkpoint, .warning: break
        }
    }

    private func watched() -> Job? {
        let limit = Date(timeIntervalSinceNow: 60)
        condition.lock()
        defer { condition.unlock() }
        while job == nil, condition.wait(until: limit) {}
        return job
    }

    private func changed(to state: JobState) {
        condition.lock()
        defer { condition.unlock() }
        states.append(state)
        condition.broadcast()
    }

    func wait(for state: JobState) throws {
        let limit = Date(timeIntervalSinceNow: 300)
        condition.lock()
        defer { condition.unlock() }
        while states.last != state { try #require(condition.wait(until: limit), "it never is \(state)") }
    }
}
