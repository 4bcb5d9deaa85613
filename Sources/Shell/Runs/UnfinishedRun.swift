import Formats
import Foundation
import Training

/// A run that has steps to go and that no process trains.
struct UnfinishedRun {
    let id: String
    /// Of its newest checkpoint; 0 where it has none.
    let step: Int
    /// How many it is to take.
    let steps: Int

    /// The runs of a folder that `resume` would go on with, the one that was begun last first. A damaged one is none:
    /// `runs` says what is wrong with it.
    /// - Throws: what listing them throws.
    static func all(in folder: RunFolder) throws -> [UnfinishedRun] {
        try folder.newestFirst().compactMap { id in
            guard RunDirectory.holder(of: id, in: folder.path) == nil,
                let recipe = try? JSONValue.load(
                    "\(folder.path)/\(id)/recipe.json", limits: JSONLimits(bytes: 1 << 20)),
                let steps = recipe["steps"]?.asInt,
                let checkpoints = try? RunDirectory.checkpoints(of: id, in: folder.path)
            else { return nil }
            let step = checkpoints.last ?? 0
            return step < steps ? UnfinishedRun(id: id, step: step, steps: steps) : nil
        }
    }
}
