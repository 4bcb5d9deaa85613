import Formats
import Training

/// How far a run is, as its files tell, whoever trains it.
struct RunState {
    let id: String
    /// The method's name.
    let stage: String?
    /// Steps done.
    let step: Int
    /// How many it is to take; nil in runs of early versions.
    let steps: Int?
    /// Those that are kept whole.
    let checkpoints: [Int]
    /// The process that trains it; nil where none does.
    let holder: RunHolder?

    /// - Throws: where the run's files cannot be read.
    init(_ id: String, in folder: String) throws {
        self.id = id
        // Asked first: a run that ends meanwhile is looked at once more, and none is taken for over too soon.
        holder = RunDirectory.holder(of: id, in: folder)
        checkpoints = try RunDirectory.checkpoints(of: id, in: folder)
        let recipe = try JSONValue.load("\(folder)/\(id)/recipe.json", limits: JSONLimits(bytes: 1 << 20))
        (stage, steps) = (recipe["stage"]?.asString, recipe["steps"]?.asInt)
        step = try JSONLines.objects(in: "\(folder)/\(id)/metrics.jsonl").last.flatMap { $0["step"]?.asInt } ?? 0
    }

    /// All of its steps are done and kept.
    var isFinished: Bool { steps.map { checkpoints.last ?? 0 >= $0 } ?? false }

    /// `finished`, `stopped`, or who trains it.
    var description: String { holder.map { "trained by \($0)" } ?? (isFinished ? "finished" : "stopped") }

    /// `12/200`.
    var progress: String { "\(step)" + (steps.map { "/\($0)" } ?? "") }
}
