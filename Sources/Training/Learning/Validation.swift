import Acting
import Compute
import Critics
import Problems

/// The share of held-out problems (`data.val_files`) that an actor solves, one sampled solution each: the same problems
/// and random numbers at every measurement.
struct Validation {
    private let problems: [Problem]
    private let settings: ValidationSettings
    private let seed: UInt64
    private let world: World

    /// Nil where there is nothing to validate on.
    /// - Parameters:
    ///   - most: problems of each file.
    ///   - answered: only problems with an answer.
    init?(_ settings: ValidationSettings, most: Int, seed: UInt64, answered: Bool, world: World) throws {
        guard !settings.files.isEmpty else { return nil }
        problems = try ProblemSource.load(settings.files, most: most, seed: seed, answered: answered)
        (self.settings, self.seed, self.world) = (settings, seed, world)
    }

    func isDue(_ step: Int, of total: Int) -> Bool { settings.isDue(step, of: total) }

    func score(_ actor: Actor) throws -> Double {
        let measured = try actor.measure(problems, seed: seed)
        return world.mean(measured.rate, of: measured.rollouts)
    }
}
