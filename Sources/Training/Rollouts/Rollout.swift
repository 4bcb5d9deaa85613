import Acting
import Critics
import Problems
import Prompts

/// One solution of an actor, with what a critic is to be told and which prefixes it is to rate.
struct Rollout: Sendable {
    /// Its place in the step: the solution's id is one more.
    let index: Int
    /// Which of the stage's actors sampled it.
    let actor: Int
    let solved: Actor.Solved
    /// The fields told: those of the actor that sampled it, less what dropout hid.
    let icc: ICC
    let prefixes: [SolutionPrefix]
    /// Why nothing is learned from it, if so.
    let masked: String?
    /// [tokens] of one that an actor learns from: what each earned, and the log-probabilities under the reference,
    /// where there is one.
    var rewards: [Double] = []
    var reference: [Double]?

    var problem: Problem { solved.problem }
    var solution: Solution { solved.solution }
    /// In 0...1, of one that is learned from. Stages take only problems that are graded, and rows that have a score.
    var outcome: Double {
        guard let outcome = solution.outcome else {
            preconditionFailure("problem \(problem.id) has no answer, so no outcome")
        }
        return outcome
    }
    /// Nil where `reward.command` did not say in time, or could not tell; nothing is learned from that.
    var known: Double? { solution.outcome }
    var isTimedOut: Bool { solution.status == .timedOut }
    var isUndecided: Bool { solution.status == .undecided }
    /// [tokens], as they were sampled.
    var logprobs: [Double] { (solution.logprobs ?? []).map(Double.init) }
    /// Its prefixes as states: how many of its tokens have been written at each.
    var states: [Int] { prefixes.map(\.tokens.upperBound) }
    var isCutOff: Bool { solution.finish == .length }

    /// - Parameters:
    ///   - place: its place in the step.
    ///   - icc: the fields told.
    ///   - request: what it was sampled for.
    init(_ solved: Actor.Solved, by actor: Int, place: Int, icc: ICC, _ request: RolloutRequest) throws {
        var solved = solved
        solved.solution.id = place + 1
        (index, self.actor, self.solved, self.icc) = (place, actor, solved, icc)
        prefixes = try SolutionPrefix.selected(
            problem: solved.problem, solution: solved.solution, steps: solved.steps, maximum: request.maxPrefixes)
        let isCut = request.rollout.truncated == .mask && solved.solution.finish == .length
        switch solved.solution.status {
        case .timedOut?: masked = "not graded within reward.timeout"
        case .undecided?: masked = "reward.command could not tell"
        case .right?, .wrong?, .unparsable?, nil: masked = isCut ? "cut off by rollout.response_length" : nil
        }
    }
}

/// What rollouts are to be made of.
struct RolloutRequest {
    let data: DataSettings
    let rollout: RolloutSettings
    /// Prefixes of a rollout that are rated at most; all where no critic rates them, or where it is the method that
    /// stops rating.
    var maxPrefixes = Int.max
    /// What a critic is told of the actors; nil where there is none that is told.
    var conditioning: ConditioningSettings?
}
