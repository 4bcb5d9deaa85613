import Generation

/// How often an actor's solutions are right, and how we know.
package struct SuccessRate: Sendable, Codable, Equatable {
    /// How a rate is known.
    package enum Source: Sendable, Codable, Equatable {
        /// Typed by the user.
        case set
        /// Measured over this many graded solutions.
        case measured(Int)
        /// The running average of a training run at this step.
        case ema(step: Int)
    }

    /// In 0...1.
    package var value: Double
    /// How it is known.
    package var source: Source

    /// A rate in 0...1.
    package init(value: Double, source: Source) {
        self.value = value
        self.source = source
    }
}

/// The actor as it was when it sampled a solution: what a critic's ICC may tell about it, frozen with the solution,
/// so that an old solution is scored again under the same prompt.
package struct ActorSnapshot: Sendable, Codable, Equatable {
    /// The model's, as the user calls it.
    package var name: String
    /// Trainable numbers, a tied head counted once; nil where they are not known.
    package var parameters: Int?
    /// Training step of the weights; 0 for a model as loaded.
    package var version: Int
    /// Nil when nothing was measured or set.
    package var successRate: SuccessRate?
    /// How it sampled.
    package var sampling: Sampling

    package init(name: String, parameters: Int?, version: Int = 0, successRate: SuccessRate? = nil, sampling: Sampling)
    {
        self.name = name
        self.parameters = parameters
        self.version = version
        self.successRate = successRate
        self.sampling = sampling
    }
}
