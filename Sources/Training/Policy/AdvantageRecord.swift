import Acting
import Critics
import Formats

/// What is kept of a step's advantages beside its rollouts: that of each step for people, of each token for programs.
enum AdvantageRecord {
    /// - Parameters:
    ///   - judged: [used rollouts][prefixes].
    ///   - advantages: [used rollouts][tokens], as the actor learned from them.
    /// - Returns: [rollouts][prefixes]: each with the mean advantage of the tokens between it and the prefix before,
    ///   and at last the whole response; nothing for a rollout that was left out.
    static func judged(_ rollouts: [Rollout], _ judged: [[JudgedPrefix]], _ advantages: [[Double]]) throws
        -> [[JudgedPrefix]]
    {
        var next = zip(judged, advantages).makeIterator()
        return try rollouts.map { rollout in
            guard rollout.masked == nil, let (prefixes, tokens) = next.next() else { return [] }
            return try marked(prefixes + [whole(rollout)], tokens)
        }
    }

    private static func whole(_ rollout: Rollout) throws -> JudgedPrefix {
        let steps = rollout.solved.steps
        let prefix = try SolutionPrefix(
            problem: rollout.problem, solution: rollout.solution, steps: steps, step: steps.count)
        return JudgedPrefix(prefix: prefix, prompt: nil, value: nil, target: rollout.outcome, promptIDs: [])
    }

    private static func marked(_ prefixes: [JudgedPrefix], _ tokens: [Double]) throws -> [JudgedPrefix] {
        var start = 0
        return prefixes.map { prefix in
            var prefix = prefix
            let end = prefix.prefix.isFullResponse ? tokens.count : prefix.prefix.tokens.upperBound
            if end > start { prefix.advantage = tokens[start..<end].reduce(0, +) / Double(end - start) }
            start = max(start, end)
            return prefix
        }
    }

    /// Lines of `rollouts/STEP.jsonl`.
    static func rows(_ rollouts: [Rollout], _ judged: [[JudgedPrefix]], _ advantages: [[Double]], step: Int) throws
        -> [JSONValue]
    {
        var next = advantages.makeIterator()
        return try zip(rollouts, judged).map { rollout, prefixes in
            try rollout.row(step: step, prefixes, advantages: rollout.masked == nil ? next.next() : nil)
        }
    }
}
