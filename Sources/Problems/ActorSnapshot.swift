import Generation

/// How often an actor's solutions are right, and how we know.
public struct SuccessRate: Sendable, Codable, Equatable {
    public enum Source: Sendable, Codable, Equatable {
        /// Typed by the user.
        case set
        /// Measured over this many graded solutions.
        case measured(Int)
        /// The running average of a training run at this step.
        case ema(step: Int)
    }

    /// In 0...1.
    public var value: Double
    public var source: Source

    public init(value: Double, source: Source) {
        self.value = value
        self.source = source
    }
}

/// The actor as it was when it sampled a solution: what a critic's ICC may tell about it, frozen with the solution,
/// so that an old solution is scored again under the same prompt.
public struct ActorSnapshot: Sendable, Codable, Equatable {
    public var name: String
    /// Trainable numbers, a tied head counted once.
    public var parameters: Int
    /// Training step of the weights; 0 for a model as loaded.
    public var version: Int
    /// Nil when nothing was measured or set.
    public var successRate: SuccessRate?
    public var sampling: Sampling

    public init(name: String, parameters: Int, version: Int = 0, successRate: SuccessRate? = nil, sampling: Sampling) {
        self.name = name
        self.parameters = parameters
        self.version = version
        self.successRate = successRate
        self.sampling = sampling
    }
}
