import Generation
import Tokenizers

/// One answer an actor gave: the token ids as sampled (never re-encoded), what they say, and how they were graded.
public struct Solution: Sendable, Codable, Equatable, Identifiable {
    /// Given by the workspace, never reused.
    public var id: Int
    /// The id of its problem.
    public var problem: Int
    /// Sampled ids of the whole solution, the end token included when it was sampled.
    public var ids: [TokenID]
    /// One per id, of the full distribution at the sampling temperature; nil when not recorded.
    public var logprobs: [Float]?
    public var text: String
    /// 1 right, 0 not; nil when the problem has no reference answer.
    public var outcome: Double?
    public var status: Verdict.Status?
    /// The answer the grader read.
    public var extracted: String?
    public var finish: FinishReason
    public var actor: ActorSnapshot
    /// The seed and sample number it was drawn under.
    public var seed: UInt64
    public var sample: UInt64
    /// The prefix it was branched from; its first ids are that prefix's.
    public var branch: Prefix?
    /// Who wrote it, when not its actor. Nil also for what was added before authors were kept.
    public var author: Author?

    public init(
        id: Int, problem: Int, ids: [TokenID], logprobs: [Float]? = nil, text: String, verdict: Verdict? = nil,
        finish: FinishReason, actor: ActorSnapshot, seed: UInt64, sample: UInt64 = 0, branch: Prefix? = nil,
        author: Author? = nil
    ) {
        self.id = id
        self.problem = problem
        self.ids = ids
        self.logprobs = logprobs
        self.text = text
        self.outcome = verdict?.outcome
        self.status = verdict?.status
        self.extracted = verdict?.extracted
        self.finish = finish
        self.actor = actor
        self.seed = seed
        self.sample = sample
        self.branch = branch
        self.author = author
    }
}
