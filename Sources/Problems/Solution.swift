import Generation
import Tokenizers

/// One answer an actor gave: the token ids as sampled (never re-encoded), what they say, and how they were graded.
package struct Solution: Sendable, Codable, Equatable, Identifiable {
    /// Given by the workspace, never reused.
    package var id: Int
    /// The id of its problem.
    package var problem: Int
    /// Sampled ids of the whole solution, the end token included when it was sampled.
    package var ids: [TokenID]
    /// One per id, of the full distribution at the sampling temperature; nil when not recorded.
    package var logprobs: [Float]?
    /// What the ids say, without the end token.
    package var text: String
    /// 1 right, 0 not; nil when the problem has no reference answer.
    package var outcome: Double?
    /// What the grader decided; nil when the problem has no reference answer.
    package var status: Verdict.Status?
    /// The answer the grader read.
    package var extracted: String?
    /// Why sampling ended.
    package var finish: FinishReason
    /// Who sampled it, as it was then.
    package var actor: ActorSnapshot
    /// The seed and sample number it was drawn under.
    package var seed: UInt64
    /// Tells apart the solutions drawn under one seed.
    package var sample: UInt64
    /// The prefix it was branched from; its first ids are that prefix's.
    package var branch: Prefix?
    /// What the file that it came from says it is worth; nil where it says nothing.
    package var reward: Double?
    /// Who wrote it, when not its actor. Nil also for what was added before authors were kept.
    package var author: Author?

    /// - Parameter verdict: the grader's; nil when the problem has no reference answer.
    package init(
        id: Int, problem: Int, ids: [TokenID], logprobs: [Float]? = nil, text: String, verdict: Verdict? = nil,
        finish: FinishReason, actor: ActorSnapshot, seed: UInt64, sample: UInt64 = 0, branch: Prefix? = nil,
        author: Author? = nil
    ) {
        self.id = id
        self.problem = problem
        self.ids = ids
        self.logprobs = logprobs
        self.text = text
        self.finish = finish
        self.actor = actor
        self.seed = seed
        self.sample = sample
        self.branch = branch
        self.author = author
        take(verdict)
    }

    /// Takes what was decided of it; nil: nothing could be.
    package mutating func take(_ verdict: Verdict?) {
        outcome = verdict?.outcome
        status = verdict?.status
        extracted = verdict?.extracted
    }
}
