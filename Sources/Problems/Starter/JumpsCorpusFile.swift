import Compute
import Formats
import Generation

extension JumpsCorpus {
    /// Where the easy problems of a corpus end: rows grow from single operations to the whole difficulty over this
    /// first share of the file, so that reading it in order (`data.shuffle=false`) is a curriculum.
    public static let easyShare = 0.1

    /// The difficulty of row `index` of `count`: small problems first, and always some among the large ones.
    static func curriculum(_ whole: JumpsDifficulty, index: Int, count: Int) -> JumpsDifficulty {
        let least = whole.operations.lowerBound
        let (groups, operations) = (whole.groups.upperBound, whole.operations.upperBound)
        guard Double(index) < easyShare * Double(count) else {
            return JumpsDifficulty(groups: 1...groups, operations: whole.operations)
        }
        return JumpsDifficulty(groups: 1...min(2, groups), operations: least...min(least + 1, operations))
    }

    /// Writes `count` rows `{"prompt", "response"}` for `train sft` of an actor.
    /// - Parameter prompt: a problem's text to the prompt's, as the actor will read it.
    /// - Throws: `FormatsError` when the file cannot be written; what `prompt` throws.
    public static func writeActor(
        to path: String, count: Int, difficulty: JumpsDifficulty = .init(), seed: UInt64 = 0,
        prompt: (String) throws -> String
    ) throws {
        try AtomicFile.write(to: path) { sink in
            for index in 0..<count {
                let difficulty = curriculum(difficulty, index: index, count: count)
                let row = actorRow(index: index, difficulty: difficulty, seed: seed)
                try sink.write(line(prompt: prompt(row.problem.text), response: row.response))
            }
        }
    }

    /// Writes `count` rows for `train sft` of a critic.
    /// - Parameter prompt: a row's problem and beginning, and the actor to tell of, to the prompt's text; `key` is
    ///   for what the prompt draws (fields left out).
    /// - Throws: as ``writeActor(to:count:difficulty:seed:prompt:)``.
    public static func writeCritic(
        to path: String, count: Int, mix: CriticMix = .init(), seed: UInt64 = 0,
        prompt: (CriticRow, ActorSnapshot, RandomKey) throws -> String
    ) throws {
        try AtomicFile.write(to: path) { sink in
            for index in 0..<count {
                let difficulty = curriculum(mix.difficulty, index: index, count: count)
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
