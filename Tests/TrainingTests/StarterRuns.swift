import Checkpoints
import Formats
import Foundation
import Prompts
import Testing
import Training

/// Runs of the starter pair in a folder of their own.
struct StarterRuns {
    static let root = Support.fixtures.deletingLastPathComponent().deletingLastPathComponent().path
    let folder: String
    /// Makes another model of a loaded one.
    var change: @Sendable (Checkpoint) throws -> Checkpoint = { $0 }

    func centre(
        prompts: PromptLibrary = PromptLibrary(workspace: nil, homes: [Self.root + "/prompts"]),
        notify: @escaping @Sendable (JobEvent) -> Void = { _ in }
    ) -> JobCentre {
        JobCentre(
            runs: folder + "/runs",
            load: { [change] source, _ in
                let name = source.split(separator: ":").last.map(String.init) ?? source
                return try change(
                    Checkpoint.load(source.hasPrefix("/") ? source : "\(Self.root)/starter/\(name)", name: name))
            }, prompts: prompts, notify: notify)
    }

    /// - Returns: The run's id.
    /// - Throws: also the job's error.
    func run(_ recipe: Recipe) throws -> String { try finish(centre().start(recipe).job) }

    func finish(_ job: Job) throws -> String {
        try job.end()
        if let error = job.current.error { throw error }
        return job.run
    }

    /// Starts or resumes a run and stops it when `step` is done.
    func stopped(atStep step: Int, _ begin: (JobCentre) throws -> Job) throws -> Job {
        let stopper = Stopper(atStep: step)
        let job = try begin(centre { stopper.heard($0) })
        stopper.watch(job)
        try job.end()
        #expect(job.current.state == .stopped && job.current.step == step, "\(job.current)")
        return job
    }

    func rollouts(_ run: String, _ step: Int) -> String { "\(folder)/runs/\(run)/rollouts/\(step).jsonl" }

    func rows(_ run: String, _ step: Int) throws -> [JSONObject] { try JSONLines.objects(in: rollouts(run, step)) }

    func metrics(_ run: String) throws -> [[String: String]] { try Support.metrics(run, folder) }

    func number(_ run: String, _ step: Int, _ metric: String) throws -> Double {
        try required(JSONLines.objects(in: "\(folder)/runs/\(run)/metrics.jsonl")[step - 1][metric]?.asDouble)
    }

    /// Every weight and moment of a checkpoint.
    func checkpoint(_ run: String, _ step: Int) throws -> [String: Data] {
        let root = "\(folder)/runs/\(run)/checkpoints/\(step)"
        var files: [String: Data] = [:]
        for part in ["actor", "critic"] where FileManager.default.fileExists(atPath: "\(root)/\(part)") {
            for file in ["\(part)/model.safetensors", "\(part)-optimiser.safetensors"] {
                files[file] = try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(file)"))
            }
        }
        return files
    }
}
