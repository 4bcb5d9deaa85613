import Critics
import Generation

/// What a critic is told of the actor, and in what words.
package struct ConditioningSettings: SettingGroup {
    /// `critic.icc.dropout`: how probably each field is hidden, in 0...1.
    package let dropout: Double
    /// Fields never told.
    package let off: [String]
    /// `critic.icc.momentum` of the success rate told, in 0...1.
    package let momentum: Double
    /// `critic.icc.measured_on`: problems on which the first rate is measured.
    package let measuredOn: Int
    /// A template's name, or `auto`.
    package let template: String

    /// Declares and reads them.
    package init(_ read: SettingReader) {
        dropout = read(
            "critic.icc.dropout", .number(0...1), "0.15",
            "each ICC field is left out of a rollout's prompts with this probability, so that switching one off stays "
                + "in distribution",
            source: "own")
        off = read(
            "critic.icc.off", .texts, "",
            "ICC fields never told, separated by commas (actor, success-rate, infer, sampling)", source: "own")
        momentum = read(
            "critic.icc.momentum", .number(0...1), "0.9",
            "of an actor's running success rate; prompts tell the rate before the step's own outcomes",
            formula: "rate = m rate + (1 - m) mean outcome",
            paper: "a smoothed running average; its constant is not published", source: "own")
        measuredOn = read(
            "critic.icc.measured_on", .integer(1...100_000), "100",
            "solutions by which an actor's success rate is measured: before a run's first step, and by `load actor` of "
                + "a starter model",
            source: "own", shell: "100")
        template = read(
            "critic.template", .text, "auto",
            "the prompt template of prompts/critic (auto: the one that the critic carries, else starter for models "
                + "with the starter's words, else default)",
            source: "own")
    }
}

/// A critic that writes chains of thought.
package struct GenerativeCriticSettings: SettingGroup {
    /// `critic.max_prefixes`: prefixes of a solution that are rated at most.
    package let maxPrefixes: Int
    /// Chains of a prefix.
    package let samples: Int
    /// `critic.response_length`: tokens of a chain at most.
    package let responseLength: Int
    /// `critic.temperature` that chains are sampled at.
    package let temperature: Double
    /// `critic.parse_fallback`.
    package let fallback: GenerativeCritic.Fallback
    /// `critic.baseline`.
    package let baseline: Reinforce.Baseline
    /// `critic.loss_agg_mode`.
    package let aggregation: LossAggregation
    /// What it is told of the actor, in which template.
    package let conditioning: ConditioningSettings
    /// `critic.optim.…`.
    package let optimiser: OptimiserSettings

    /// Declares and reads them.
    package init(_ read: SettingReader) {
        maxPrefixes = read.maxPrefixes()
        samples = read(
            "critic.num_samples", .integer(1...256), "4", "chains of thought per prefix; the value is their mean",
            paper: "not published", source: "own", shell: "1")
        responseLength = read(
            "critic.response_length", .integer(1...1_000_000), "64", "tokens in a chain at most", paper: "1024 (R)",
            source: "own; smaller for two cores", shell: "160")
        temperature = read(
            "critic.temperature", .number(0...10), "1.0",
            "temperature of the chains; 0 takes the likeliest token, from which REINFORCE learns nothing",
            source: "own", shell: "1.0")
        fallback = read(
            "critic.parse_fallback", .choice, "icc",
            "the value of a chain that does not end in a score: icc takes the actor's success rate; forced appends the "
                + "cue and reads the distribution; fail leaves the prefix without one. Its REINFORCE reward is 0 in "
                + "any case",
            source: "own", shell: "forced")
        baseline = read(
            "critic.baseline", .choice, "leave_one_out",
            "what is subtracted from a chain's reward: nothing, or the mean reward of the prefix's other chains (needs "
                + "critic.num_samples of 2 or more)",
            formula: "R = 1 - (r - v)²;  A = R, or R - (sum of the others' R) / (M - 1)", paper: "none: raw reward (R)",
            source: "own: docs/training.md has both measured")
        aggregation = read(
            "critic.loss_agg_mode", .choice, "token-mean",
            "how the losses of a step's tokens become one",
            formula:
                "token-mean: sum / tokens; seq-mean-token-sum: mean over chains of their sums; seq-mean-token-mean: of "
                + "their means; seq-mean-token-sum-norm: of their sums / critic.response_length",
            source: "verl")
        conditioning = ConditioningSettings(read)
        optimiser = OptimiserSettings(read, of: .critic)
    }

    /// - Throws: ``UnfitSetting`` for settings from which nothing could be learned.
    func check() throws {
        if temperature < Sampling.temperatures.lowerBound {
            throw UnfitSetting(key: "critic.temperature", expected: "above 0: greedy chains are all alike")
        }
        if baseline == .leaveOneOut, samples < 2 {
            throw UnfitSetting(
                key: "critic.num_samples", expected: "2 or more, which critic.baseline=leave_one_out needs")
        }
    }
}

/// A critic that is a linear head on a backbone.
package struct ValueHeadSettings: SettingGroup {
    /// `critic.max_prefixes`: prefixes of a solution that are rated at most.
    package let maxPrefixes: Int
    /// In the values' units; 0: none.
    package let clip: Double
    /// `critic.ppo_epochs`, at least 1.
    package let epochs: Int
    /// What it is told of the actor, in which template.
    package let conditioning: ConditioningSettings
    /// `critic.optim.…`.
    package let optimiser: OptimiserSettings

    /// Declares and reads them.
    package init(_ read: SettingReader) {
        maxPrefixes = read.maxPrefixes()
        clip = read(
            "critic.cliprange_value", .number(0...1e9), "0.5",
            "how far a value may move from the one the step began with before its loss stops pulling; 0: plain squared "
                + "error",
            formula: "loss = max((v - R)², (clip(v, v_old - c, v_old + c) - R)²) / 2", source: "verl (0.5 there)")
        epochs = read(
            "critic.ppo_epochs", .integer(1...1000), "1", "updates on each step's prefixes (ppo: tokens)",
            paper: "1 (R)", source: "verl")
        conditioning = ConditioningSettings(read)
        optimiser = OptimiserSettings(read, of: .critic)
    }
}
