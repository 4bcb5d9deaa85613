import Compute
import Formats
import Generation
import Problems

extension JumpsCorpus {
    /// The first share of a file, in which it is a curriculum when read in order (`data.shuffle=false`): an actor's
    /// rows have single operations and pairs, a critic's are drills.
    package static let easyShare = 0.2

    /// An actor's row `index` of `count`: problems of few operations first, and always some among the large ones.
    static func curriculum(_ whole: JumpsDifficulty, index: Int, count: Int) -> JumpsDifficulty {
        let least = whole.operations.lowerBound
        let (groups, operations) = (whole.groups.upperBound, whole.operations.upperBound)
        let share = Double(index) / Double(max(count, 1))
        guard share < easyShare else { return JumpsDifficulty(groups: 1...groups, operations: whole.operations) }
        let most = share < easyShare / 2 ? least : least + 1
        return JumpsDifficulty(groups: 1...min(3, groups), operations: least...min(most, operations))
    }

    /// Whether a critic's row is a drill: all of the first ones, one in ten later.
    static func isDrill(index: Int, count: Int) -> Bool {
        Double(index) < easyShare * Double(count) || index % 10 == 0
    }

    /// A whole solution of one or two groups of up to five operations, often wrong, redone in a short prompt that
    /// tells nothing of an actor: a chain has a result every five tokens here. Without drills single operations
    /// were right on 43 % after 3M tokens, with them on 87 % after 1.6M (Benchmarks/LOG.md).
    static func drill(index: Int, seed: UInt64) -> (prompt: String, response: String) {
        var draw = Draw(
            key: RandomKey(seed: seed, purpose: .task, iteration: 2, problem: UInt64(bitPattern: Int64(index))))
        let groups = draw.index(below: 3) == 0 ? 2 : 1
        let problem = Jumps.generate(JumpsDifficulty(groups: groups...groups, operations: 1...5), &draw)
        var digit = problem.start
        let claims = problem.groups.map { group in
            digit = group.reduce(digit) { $1($0) }
            if draw.uniform() < 0.4 { digit = draw.index(below: 10) }
            return digit
        }
        let score = claims == problem.results ? 10 : 0
        let prompt = "\(problem.text)\n<solution>\n\(problem.solutionText(claims: claims))</solution>\n"
        return (prompt, problem.chain(claims: claims, score: score))
    }

    /// Writes `count` rows `{"prompt", "response"}` for `train sft` of an actor.
    /// - Parameter prompt: a row to its prompt's text, as the actor will read it.
    /// - Throws: `FormatsError` when the file cannot be written; what `prompt` throws.
    package static func writeActor(
        to path: String, count: Int, difficulty: JumpsDifficulty = .init(), seed: UInt64 = 0,
        prompt: (ActorRow) throws -> String
    ) throws {
        try AtomicFile.write(to: path) { sink in
            for index in 0..<count {
                let difficulty = curriculum(difficulty, index: index, count: count)
                let row = actorRow(index: index, difficulty: difficulty, seed: seed)
                try sink.write(line(prompt: prompt(row), response: row.response))
            }
        }
    }

    /// Writes `count` rows for `train sft` of a critic, drills first.
    /// - Parameter prompt: a row's problem and beginning, and the actor to tell of, to the prompt's text; `key` is
    ///   for what the prompt draws (fields left out).
    /// - Throws: as ``writeActor(to:count:difficulty:seed:prompt:)``.
    package static func writeCritic(
        to path: String, count: Int, mix: CriticMix = .init(), seed: UInt64 = 0,
        prompt: (CriticRow, ActorSnapshot, RandomKey) throws -> String
    ) throws {
        try AtomicFile.write(to: path) { sink in
            for index in 0..<count {
                guard !isDrill(index: index, count: count) else {
                    let drill = drill(index: index, seed: seed)
                    try sink.write(line(prompt: drill.prompt, response: drill.response))
                    continue
                }
                let difficulty = JumpsDifficulty(
                    groups: 1...mix.difficulty.groups.upperBound, operations: mix.difficulty.operations)
                let row = criticRow(index: index, mix: mix, difficulty: difficulty, seed: seed)
                let key = RandomKey(seed: seed, purpose: .dropout, problem: UInt64(index))
                try sink.write(line(prompt: prompt(row, actor(of: row, key: key), key), response: row.response))
            }
        }
    }

    /// An actor with the row's success rate. Name, size and limits vary: only the rate tells anything.
    static func actor(of row: CriticRow, key: RandomKey) -> ActorSnapshot {
        var draw = Draw(key: key)
        _ = (0..<16).map { _ in draw.uniform() }
        let isOurs = draw.uniform() < 0.7
        let sizes = [340_000, 450_000, 700_000, 900_000]
        let sampling = Sampling(temperature: 1, maxTokens: [48, 64, 128, 256][draw.index(below: 4)])
        return ActorSnapshot(
            name: isOurs ? "starter-actor" : ["actor", "student", "small-actor", "model"][draw.index(below: 4)],
            parameters: sizes[draw.index(below: sizes.count)],
            successRate: SuccessRate(value: row.successRate, source: .measured(256)), sampling: sampling)
    }

    private static func line(prompt: String, response: String) -> [UInt8] {
        JSONValue.object(JSONObject([("prompt", .string(prompt)), ("response", .string(response))])).encoded() + [0x0A]
    }
}
