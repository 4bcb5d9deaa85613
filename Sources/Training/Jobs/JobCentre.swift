import Checkpoints
import Compute
import Critics
import Foundation

/// All jobs of this process. They run one at a time, in the order they were started; a paused one lets the next go.
public final class JobCentre: Turn, @unchecked Sendable {
    /// Turns a model source (`starter:NAME`, `run:ID`, a path) into a checkpoint; of a run that has two models the one named.
    public typealias Loader = @Sendable (String, RunDirectory.Part) throws -> Checkpoint

    public let runs: String
    private let resources: Resources
    private let notify: @Sendable (JobEvent) -> Void
    private let condition = NSCondition()
    private var all: [Job] = []
    /// The job whose turn it is, and those that want it, first come first.
    private var turn: Job?
    private var waiting: [Job] = []

    /// - Parameters:
    ///   - runs: the folder of run directories.
    ///   - prompts: the templates that new runs read, and keep a copy of.
    ///   - availableMemory: bytes that a stage may use; nil asks the system.
    ///   - notify: called on jobs' threads.
    public init(
        runs: String, load: @escaping Loader, prompts: PromptLibrary = PromptLibrary(workspace: nil, homes: []),
        availableMemory: Int? = nil, notify: @escaping @Sendable (JobEvent) -> Void
    ) {
        (self.runs, self.notify) = (runs, notify)
        resources = Resources(load: load, prompts: prompts, availableMemory: availableMemory)
    }

    public var jobs: [Job] { locked { all } }

    public func job(_ id: Int) throws -> Job {
        guard let job = jobs.first(where: { $0.id == id }) else { throw TrainingError.noSuchJob(id) }
        return job
    }

    /// What a recipe will need, checked before anything is written.
    /// - Throws: what is wrong with the recipe's model or data; ``TrainingError/noMemory(needed:available:)``.
    public func start(_ recipe: Recipe) throws -> (job: Job, memory: MemoryEstimate) {
        let stage = try makeStage(recipe, resources)
        try stage.memory.check()
        let directory = try RunDirectory.create(in: runs, recipe: recipe, steps: stage.totalSteps, templates: stage.templates)
        return (launch(stage, directory), stage.memory)
    }

    /// Goes on with a run, of this process or an earlier one, from its newest whole checkpoint or from its beginning.
    /// - Returns: The job, and what the user should know: damaged checkpoints that were passed over, and what differs from
    ///   where the run was started.
    /// - Throws: ``TrainingError/runFinished(_:steps:)`` for a run with nothing left to do.
    public func resume(_ run: String) throws -> (job: Job, memory: MemoryEstimate, warnings: [String]) {
        let directory = try RunDirectory.open(run, in: runs)
        var own = resources
        own.prompts = PromptLibrary(run: directory.path)
        let stage = try makeStage(directory.recipe, own)
        try stage.memory.check()
        let damaged = try directory.rewind { try stage.restore($0, from: $1) }
        guard stage.step < stage.totalSteps else { throw TrainingError.runFinished(run, steps: stage.totalSteps) }
        let warnings = damaged + [Surroundings.here.difference(from: directory.surroundings)].compactMap { $0 }
        return (launch(stage, directory), stage.memory, warnings)
    }

    /// Has every job write a checkpoint at its next border and end; waits for them.
    public func leave() {
        for job in jobs { try? job.stop() }
        for job in jobs { job.wait() }
    }

    private func makeStage(_ recipe: Recipe, _ resources: Resources) throws -> any Stage & Estimated {
        switch recipe.stage {
        case .sft: try SFTStage(recipe, resources: resources)
        case .criticRL: try CriticRLStage(recipe, resources: resources)
        case .valueHead: try ValueHeadStage(recipe, resources: resources)
        case .genac, .ppo, .grpo, .rloo, .vineppo: try PolicyStage(recipe, resources: resources)
        }
    }

    private func launch(_ stage: any Stage, _ directory: RunDirectory) -> Job {
        let job = locked { () -> Job in
            let job = Job(
                id: all.count + 1, stage: directory.recipe.stage, run: directory.id, step: stage.step, steps: stage.totalSteps, turn: self,
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

    // MARK: Turns

    func take(_ job: Job) {
        locked {
            waiting.append(job)
            while !(turn == nil && waiting.first { !$0.wantsToPause } === job), !job.wantsToStop { condition.wait() }
            waiting.removeAll { $0 === job }
            if turn == nil { turn = job }
            condition.broadcast()
        }
    }

    func give(_ job: Job) {
        locked {
            if turn === job { turn = nil }
            condition.broadcast()
        }
    }

    /// The job whose turn it is, when that is another than `job`.
    public func ahead(of job: Job) -> Job? { locked { turn === job ? nil : turn } }

    func reconsider() { locked { condition.broadcast() } }

    private func locked<T>(_ body: () -> T) -> T {
        condition.lock()
        defer { condition.unlock() }
        return body()
    }
}

/// Gives something not Sendable to the one thread that will use it.
private final class Handover<Value>: @unchecked Sendable {
    private var value: Value?
    init(_ value: Value) { self.value = value }

    func take() -> Value? {
        defer { value = nil }
        return value
    }
}

/// How much memory a stage will hold.
public struct MemoryEstimate: Sendable, Equatable {
    public var bytes: Int
    /// What the machine has free.
    public var available: Int

    init(bytes: Int, available: Int?) {
        self.bytes = bytes
        self.available = available ?? Self.free
    }

    public var description: String { "about \(TrainingError.size(bytes)) of memory, \(TrainingError.size(available)) free" }

    func check() throws {
        guard bytes <= available else { throw TrainingError.noMemory(needed: bytes, available: available) }
    }

    private static var free: Int {
        let text = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
        for line in text.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
            if let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) { return kilobytes << 10 }
        }
        return .max
    }
}

protocol Estimated: AnyObject {
    var memory: MemoryEstimate { get }
}
