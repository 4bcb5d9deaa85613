import Checkpoints
import Compute
import Critics
import Foundation
import Prompts

/// All jobs of this process. They run one at a time, in the order they were started; a paused one lets the next go.
///
/// Sendable unchecked: its list is guarded by the lock of ``Turns``, which a `Mutex` of its own would only nest in.
package final class JobCentre: @unchecked Sendable {
    /// The folder of run directories.
    package let runs: String
    private let resources: Resources
    private let notify: @Sendable (JobEvent) -> Void
    private let turns = Turns()
    /// Guarded by the lock of `turns`.
    private var all: [Job] = []

    /// - Parameters:
    ///   - runs: the folder of run directories.
    ///   - prompts: the templates that new runs read, and keep a copy of.
    ///   - availableMemory: bytes that a stage may use; nil asks the system.
    ///   - notify: called on jobs' threads.
    package init(
        runs: String, load: @escaping Resources.Loader,
        prompts: PromptLibrary = PromptLibrary(workspace: nil, homes: []),
        availableMemory: Int? = nil, notify: @escaping @Sendable (JobEvent) -> Void
    ) {
        (self.runs, self.notify) = (runs, notify)
        resources = Resources(load: load, prompts: prompts, availableMemory: availableMemory)
    }

    /// Oldest first.
    package var jobs: [Job] { turns.read { all } }

    /// - Throws: ``TrainingError/noSuchJob(_:)``.
    package func job(_ id: Int) throws -> Job {
        guard let job = jobs.first(where: { $0.id == id }) else { throw TrainingError.noSuchJob(id) }
        return job
    }

    /// What a recipe will need, checked before anything is written.
    /// - Throws: what is wrong with the recipe's model or data; ``TrainingError/noMemory(needed:available:)``.
    package func start(_ recipe: Recipe) throws -> (job: Job, memory: MemoryEstimate) {
        let stage = try recipe.method.stage(recipe, resources)
        let directory = try RunDirectory.create(
            in: runs, recipe: recipe, steps: stage.totalSteps, templates: stage.templates)
        return (launch(stage, directory), stage.memory)
    }

    /// Goes on with a run, of this process or an earlier one, from its newest whole checkpoint or from its beginning.
    /// - Throws: ``TrainingError/runFinished(_:steps:)`` for a run with nothing left to do.
    package func resume(_ run: String) throws -> Resumed {
        let directory = try RunDirectory.open(run, in: runs)
        var own = resources
        own.prompts = PromptLibrary(run: directory.path)
        let stage = try directory.recipe.method.stage(directory.recipe, own)
        let damaged = try directory.rewind { try stage.restore($0, from: $1) }
        guard stage.step < stage.totalSteps else { throw TrainingError.runFinished(run, steps: stage.totalSteps) }
        let absent = directory.recipe.absent.map { "\($0)=\(directory.recipe.text($0))" }
        let said =
            absent.isEmpty
            ? [] : ["its recipe does not say \(absent.joined(separator: ", ")): today's defaults are taken"]
        let warnings = damaged + said + [Surroundings.here.difference(from: directory.surroundings)].compactMap { $0 }
        return Resumed(
            job: launch(stage, directory), memory: stage.memory, beginning: directory.surroundings.beginning,
            warnings: warnings)
    }

    /// Has every job write a checkpoint at its next border and end; waits for them.
    package func leave() {
        for job in jobs { job.leave() }
        for job in jobs { job.wait() }
    }

    private func launch(_ stage: any Stage, _ directory: RunDirectory) -> Job {
        let job = turns.change { () -> Job in
            let job = Job(
                id: all.count + 1, method: directory.recipe.method, run: directory.id, step: stage.step,
                steps: stage.totalSteps, turns: turns, world: resources.world,
                notify: notify)
            all.append(job)
            return job
        }
        let work = Handover((stage, directory))
        let thread = Thread {
            guard let (stage, directory) = work.take() else { return }
            job.work(stage, in: directory)
        }
        thread.name = "job \(job.id)"
        thread.stackSize = 16 << 20
        thread.start()
        return job
    }

    /// The job whose turn it is, when that is another than `job`.
    package func ahead(of job: Job) -> Job? { turns.ahead(of: job) }
}

/// A run that goes on.
package struct Resumed {
    /// The run's new job.
    package let job: Job
    /// What it holds at most.
    package let memory: MemoryEstimate
    /// Which version began it.
    package let beginning: String
    /// What the user should know: damaged checkpoints that were passed over, and what differs from where the run was
    /// started.
    package let warnings: [String]
}

/// Gives something not Sendable to the one thread that will use it. Sendable unchecked, because nothing else holds it
/// any more: the thread takes it once.
private final class Handover<Value>: @unchecked Sendable {
    private var value: Value?
    init(_ value: Value) { self.value = value }

    func take() -> Value? {
        defer { value = nil }
        return value
    }
}
