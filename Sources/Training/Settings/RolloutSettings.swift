import Acting
import Critics
import Generation

/// How actors sample their solutions, in `generate` and in training.
package struct RolloutSettings: SettingGroup {
    /// Problems of a file at most.
    package let maxProblems: Int
    /// Solutions of a problem.
    package let n: Int
    /// Temperature, cuts and length of solutions.
    package let sampling: Sampling
    /// `rollout.truncated`: what a solution is worth that the limit cut off.
    package let truncated: Actor.Truncation
    /// `reward.command`: the program that grades solutions; nil: the problems' own graders.
    package let reward: RewardCommand?
    /// Steps between rollouts that are kept; 0: none.
    package let logEvery: Int

    /// Tokens in a solution at most.
    package var responseLength: Int { sampling.maxTokens }

    /// Declares and reads them.
    package init(_ read: SettingReader) {
        maxProblems = read(
            "data.train_max_samples", .integer(1...1 << 24), "10000",
            "problems of a file at most; of starter:jumps that many are drawn", source: "verl (-1, all, there)")
        n = read(
            "rollout.n", .integer(1...4096), "4", "solutions sampled of a problem", paper: "8 (R)", grade: .own,
            source: "verl", shell: "4")
        sampling = Sampling(read)
        truncated = read(
            "rollout.truncated", .choice, "zero",
            "a solution cut off by the limit: its outcome is 0, or what the grader says, or it is left out of training "
                + "(and still counted)",
            source: "VinePPO zero, verl keep, DAPO mask")
        reward = Self.reward(read)
        logEvery = read(
            "rollout.log_freq", .integer(0...1 << 30), "10",
            "steps between rollouts kept in rollouts/STEP.jsonl for `samples`, the first and the last always; 0: none",
            source: "verl trainer.rollout_data_dir keeps every step")
    }

    private static func reward(_ read: SettingReader) -> RewardCommand? {
        let command = read(
            "reward.command", .text, "",
            "a program that grades solutions in place of the graders, run by sh and kept running: it reads lines of "
                + "{\"problem\", \"answer\", \"solution\"} and writes one for each: {\"right\": true}, false, or null "
                + "where it cannot tell, which is no outcome. Problems need no answers then. One that does not answer "
                + "within reward.timeout is no outcome either; none: no program",
            source: "verl custom_reward_function", shell: "")
        let seconds = read(
            "reward.timeout", .number(0.1...86_400), "10",
            "seconds that reward.command may take for a solution, and 60 more for the first one after it was started. "
                + "What is not graded in time is left out of training and counted apart (rollout/timed_out)",
            source: "own", shell: "10")
        return RewardCommand.named(command, seconds: seconds)
    }

    /// Whether the rollouts of step `step` (counted from 1) are kept.
    func isLogged(_ step: Int, of total: Int) -> Bool {
        logEvery > 0 && (step == 1 || step == total || step % logEvery == 0)
    }

    /// - Throws: ``UnfitSetting`` for samples from which an actor could not learn.
    func checkIsWholePolicy() throws {
        if sampling.temperature < Sampling.temperatures.lowerBound {
            throw UnfitSetting(key: "rollout.temperature", expected: "above 0: greedy solutions are all alike")
        }
        // A distribution that is cut is renormalised: its samples are not the policy's, whose log-probabilities the
        // loss takes.
        for (key, value, off) in [
            ("rollout.top_k", Double(sampling.topK), 0.0), ("rollout.top_p", sampling.topP, 1),
            ("rollout.min_p", sampling.minP, 0),
        ] where value != off {
            throw UnfitSetting(key: key, expected: "\(Int(off)): the loss needs samples of the whole distribution")
        }
    }
}

extension Sampling {
    fileprivate init(_ read: SettingReader) {
        self.init(
            temperature: read(
                "rollout.temperature", .number(0...10), "1.0",
                "logits are divided by it before sampling; 0 takes the likeliest token",
                formula: "p(i) = softmax(z / T)(i)", source: "verl", shell: "1.0"),
            topK: read(
                "rollout.top_k", .integer(0...1_000_000), "0", "sample among the k likeliest tokens; 0 is off",
                source: "verl (-1 there)", shell: "0"),
            topP: read(
                "rollout.top_p", .number(0...1), "1.0",
                "sample among the likeliest tokens that hold this probability together; 1 is off",
                source: "verl", shell: "1.0"),
            minP: read(
                "rollout.min_p", .number(0...1), "0.0",
                "sample among tokens at least this likely relative to the likeliest; 0 is off", source: "own",
                shell: "0.0"),
            maxTokens: read(
                "rollout.response_length", .integer(1...1_000_000), "256",
                "at most this many tokens in a solution, the end token among them; a solution cut off in the shell "
                    + "counts as failed",
                source: "verl data.max_response_length", shell: "256"))
    }
}
