import Acting
import Critics
import Formats

/// GRPO's, Dr.GRPO's and RLOO's: a response is worth its score beside those of the other responses to the same problem,
/// and every one of its tokens alike. There is no critic.
final class GroupCredit: Credit {
    let isWhitened = false
    private let baseline: GroupBaseline

    init(_ baseline: GroupBaseline) { self.baseline = baseline }

    /// - Throws: ``TrainingError/wrongValue(key:value:expected:)``: a single response has no group.
    static func check(_ recipe: Recipe) throws {
        guard recipe.text("data.rollouts").isEmpty, recipe.integer("rollout.n") < 2 else { return }
        throw TrainingError.wrongValue(
            key: "rollout.n", value: recipe.text("rollout.n"),
            expected: "2 or more: the baseline is made of a problem's other solutions")
    }

    func assign(_ rollouts: [Rollout], rewards: [[Double]], actor: Actor, step: Int) throws -> Assignment {
        var groups: [Int: [Int]] = [:]
        for (index, rollout) in rollouts.enumerated() { groups[rollout.problem.id, default: []].append(index) }
        var advantages = rewards
        for members in groups.values {
            let scores = members.map { rewards[$0].reduce(0, +) }
            for (member, advantage) in zip(members, baseline.advantages(scores)) {
                advantages[member] = rewards[member].map { _ in advantage }
            }
        }
        return Assignment(advantages: advantages, judged: rollouts.map { $0.unjudged(target: $0.outcome) })
    }
}
