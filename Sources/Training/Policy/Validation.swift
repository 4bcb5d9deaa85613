import Acting
import Compute
import Critics
import Problems

/// The share of held-out problems (`data.val_files`) that an actor solves, one sampled solution each: the same problems
/// and random numbers at every measurement.
struct Validation {
    private let problems: [Problem]
    private let seed: UInt64
    private let every: Int

    /// Nil where there is nothing to validate on.
    init?(_ recipe: Recipe) throws {
        guard !recipe.text("data.val_files").isEmpty else { return nil }
        problems = try ProblemSource.load(recipe, files: "data.val_files", most: recipe.integer("data.val_max_samples"))
        seed = UInt64(recipe.integer("data.seed"))
        every = recipe.integer("trainer.test_freq")
    }

    func isDue(_ step: Int, of total: Int) -> Bool { step == total || (every > 0 && step % every == 0) }

    func score(_ actor: Actor) throws -> Double { try actor.measure(problems, seed: seed).rate }
}
