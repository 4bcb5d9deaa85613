import Compute

/// Training rows of the task: an actor's (problem, solution) and a critic's (problem, beginning of a solution by some
/// actor, chain and score). How they become prompts is the templates' affair (`prompts/actor/starter.mustache`,
/// `prompts/critic/starter.mustache`; `JumpsPrompts.swift` joins the two).
package enum JumpsCorpus {
    /// A problem and its right solution.
    package struct ActorRow: Sendable, Equatable {
        /// What is to be solved.
        package var problem: Jumps
        /// The right solution.
        package var response: String { problem.solutionText }
    }

    /// The beginning of a solution, and the chain that checks and scores it.
    package struct CriticRow: Sendable, Equatable {
        package var problem: Jumps
        /// The digits of the beginning's lines.
        package var claims: [Int]
        /// The success rate the prompt is to tell.
        package var successRate: Double
        /// What the score was drawn around, in 0...1.
        package var value: Double
        /// 0...10, what the chain ends in.
        package var score: Int

        /// The lines that are judged.
        package var beginning: String { problem.solutionText(claims: claims) }
        /// The chain, its score last.
        package var response: String { problem.chain(claims: claims, score: score) }
    }

    /// Row `index` of an actor's corpus.
    package static func actorRow(index: Int, difficulty: JumpsDifficulty, seed: UInt64) -> ActorRow {
        ActorRow(problem: Jumps.generate(index: index, split: .train, difficulty: difficulty, seed: seed))
    }

    /// How a critic's rows are drawn.
    package struct CriticMix: Sendable, Codable, Equatable {
        /// What the success rates were measured on, and the rows' problems unless told otherwise.
        package var difficulty: JumpsDifficulty
        /// Success rates of the actors the beginnings are by; each row draws one, and one in eleven is at an end:
        /// a critic reads 0 and 100 percent rightly only where it has met them as often as other numbers.
        package var successRates: ClosedRange<Double>
        /// The skill measured for one real actor; nil: the typical skill of the row's success rate.
        package var skill: JumpsSkill?
        /// In this share of the rows one line at random is made wrong, whatever the actor's skill.
        package var spoiled: Double
        /// In this share of the rows every line is right, whatever the actor's skill: right beginnings by a weak actor
        /// are worth little, which is learned only where they are met.
        package var mended: Double
        /// Standard deviation, in points of 0...10, of what is added to a score before rounding: a critic whose
        /// scores never vary leaves REINFORCE nothing to choose from.
        package var jitter: Double

        /// - Parameters: as the properties of the same names.
        package init(
            difficulty: JumpsDifficulty = .init(), successRates: ClosedRange<Double> = 0...1,
            skill: JumpsSkill? = nil,
            spoiled: Double = 0.35, mended: Double = 0.25, jitter: Double = 0.5
        ) {
            self.difficulty = difficulty
            self.successRates = successRates
            self.skill = skill
            self.spoiled = spoiled
            self.mended = mended
            self.jitter = jitter
        }
    }

    /// Row `index` of a critic's corpus. The beginning has fewer lines than the problem has groups: a full solution
    /// is never rated.
    /// - Parameter difficulty: of this row's problem; nil: the mix's.
    package static func criticRow(
        index: Int, mix: CriticMix, difficulty: JumpsDifficulty? = nil, seed: UInt64
    ) -> CriticRow {
        var draw = Draw(
            key: RandomKey(seed: seed, purpose: .task, iteration: 1, problem: UInt64(bitPattern: Int64(index))))
        let problem = Jumps.generate(difficulty ?? mix.difficulty, &draw)
        let rates = mix.successRates
        let rate = rates.lowerBound + ends(draw.uniform()) * (rates.upperBound - rates.lowerBound)
        let skill = mix.skill ?? .typical(successRate: rate, difficulty: mix.difficulty)
        let count = draw.index(below: problem.groups.count)
        let kind = draw.uniform()
        let spoiled = kind < mix.spoiled && count > 0 ? draw.index(below: count) : nil
        let isMended = kind >= 1 - mix.mended
        let claims =
            isMended
            ? Array(problem.results.prefix(count))
            : claims(problem, count: count, skill: skill, spoiled: spoiled, &draw)
        let value = skill.value(of: problem, after: claims)
        return CriticRow(
            problem: problem, claims: claims, successRate: rate, value: value,
            score: score(value, jitter: mix.jitter, &draw))
    }

    /// A share of 0...1 with one in twenty-two at either end.
    private static func ends(_ share: Double) -> Double { min(1, max(0, share * 1.1 - 0.05)) }

    /// Each line goes on from the digit the line before it claims, as an actor's does, right or wrong.
    private static func claims(
        _ problem: Jumps, count: Int, skill: JumpsSkill, spoiled: Int?, _ draw: inout Draw
    ) -> [Int] {
        var digit = problem.start
        return problem.groups.prefix(count).enumerated().map { index, group in
            digit = group.reduce(digit) { $1($0) }
            let isWrong = draw.uniform() >= skill.accuracy(operations: group.count)
            if isWrong || index == spoiled { digit = (digit + 1 + draw.index(below: 9)) % 10 }
            return digit
        }
    }

    /// The integer 0...10 for a value, with a normal jitter before rounding. Values of 0 and 1 are jittered too,
    /// toward the inside.
    static func score(_ value: Double, jitter: Double, _ draw: inout Draw) -> Int {
        let noisy = value * 10 + (jitter > 0 ? draw.normal() * jitter : 0)
        return min(10, max(0, Int(noisy.rounded())))
    }

    /// The same with numbers of a key's own.
    package static func score(_ value: Double, jitter: Double, key: RandomKey) -> Int {
        var draw = Draw(key: key)
        return score(value, jitter: jitter, &draw)
    }

    /// The score of a value without jitter.
    package static func score(_ value: Double) -> Int { min(10, max(0, Int((value * 10).rounded()))) }
}
