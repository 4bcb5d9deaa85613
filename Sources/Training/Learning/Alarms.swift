import Foundation

/// What a person watching should hear at once: a run that learns nothing looks as healthy as any other.
package struct Alarms {
    package init() {}

    /// Steps in a row at which each condition has held.
    private var lasting: [String: Int] = [:]
    private static let patience = ["variance": 5, "rewards": 3]
    /// While a condition lasts it is told again after so many steps.
    private static let again = 100

    /// - Returns: What is to be said of this step: a condition when it begins, and from time to time while it lasts.
    package mutating func check(
        rewards: [Double], cutOff: Double, parseFailures: Double?, explainedVariance: Double?
    ) -> [String] {
        var said: [String] = []
        func say(_ name: String, _ holds: Bool, _ text: @autoclosure () -> String) {
            let steps = holds ? (lasting[name] ?? 0) + 1 : 0
            lasting[name] = steps
            let first = Self.patience[name] ?? 1
            if steps == first || (steps > first && (steps - first) % Self.again == 0) {
                said.append(text() + (steps > 1 ? " (for \(steps) steps)" : ""))
            }
        }
        say(
            "rewards", rewards.count > 1 && rewards.allSatisfy { $0 == rewards[0] },
            "all rewards are equal: nothing to learn from")
        say("cut", cutOff == 1, "every solution was cut off by rollout.response_length")
        say("parse", (parseFailures ?? 0) > 0.2, "\(Int(100 * (parseFailures ?? 0))) % of the chains end in no score")
        say(
            "variance", (explainedVariance ?? 0) < 0,
            String(
                format: "the values explain less of the outcomes than their mean would (critic/vf_explained_var %.2f)",
                explainedVariance ?? 0))
        return said
    }
}
