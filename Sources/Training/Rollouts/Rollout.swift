import Acting
import Critics
import Formats
import Problems
import Tokenizers
import Prompts

/// One solution of an actor, with what a critic is to be told and which prefixes it is to rate.
struct Rollout: Sendable {
    /// Its place in the step: the solution's id is one more.
    let index: Int
    /// Which of the stage's actors sampled it.
    let actor: Int
    let solved: Actor.Solved
    /// The fields told: those of the actor that sampled it, less what dropout hid.
    let icc: ICC
    let prefixes: [SolutionPrefix]
    /// Why nothing is learned from it, if so.
    let masked: String?

    var problem: Problem { solved.problem }
    var solution: Solution { solved.solution }
    /// In 0...1. Stages take only problems that have an answer, and rows that have a score.
    var outcome: Double {
        guard let outcome = solution.outcome else {
            preconditionFailure("problem \(problem.id) has no answer, so no outcome")
        }
        return outcome
    }
    /// [tokens], as they were sampled.
    var logprobs: [Double] { (solution.logprobs ?? []).map(Double.init) }
    var isCutOff: Bool { solution.finish == .length }

    /// - Parameters:
    ///   - place: its place in the step.
    ///   - icc: the fields told.
    init(_ solved: Actor.Solved, by actor: Int, place: Int, icc: ICC, _ recipe: Recipe) throws {
        var solved = solved
        solved.solution.id = place + 1
        (index, self.actor, self.solved, self.icc) = (place, actor, solved, icc)
        prefixes = try SolutionPrefix.selected(
            problem: solved.problem, solution: solved.solution, steps: solved.steps, maximum: Self.rated(recipe))
        let truncated: Actor.Truncation = recipe.choice("rollout.truncated")
        let isMasked = truncated == .mask && solved.solution.finish == .length
        masked = isMasked ? "cut off by rollout.response_length" : nil
    }

    /// Prefixes at most; all where no critic has to rate them, or where it is the credit that stops rating.
    private static func rated(_ recipe: Recipe) -> Int {
        recipe.stage == .vineppo || !recipe.reads("critic.max_prefixes") ? .max : recipe.integer("critic.max_prefixes")
    }
}

/// What a step said of one prefix, for the record.
struct JudgedPrefix {
    var prefix: SolutionPrefix
    /// Exactly what the critic read; nil where none rated it.
    var prompt: String?
    var value: Double?
    /// What its value is regressed on, or rewarded by.
    var target: Double
    /// What the step before it was pushed by, as its tokens' mean; nil where no actor learns.
    var advantage: Double?
    var chains: [JudgedChain] = []
    var promptIDs: [TokenID]

    /// - Throws: ``TrainingError/noValue(prefix:)``: a 0 in its place would be an advantage that nobody gave.
    var knownValue: Double {
        get throws {
            guard let value else { throw TrainingError.noValue(prefix: "\(prefix.prefix)") }
            return value
        }
    }
}

struct JudgedChain {
    var chain: Chain
    var reward: Double
    var advantage: Double
}

extension Rollout {
    /// A line of `rollouts/STEP.jsonl`: verl's row fields first, then ours.
    /// - Parameter advantages: of each token, where an actor learned from it.
    func row(step: Int, _ judged: [JudgedPrefix], advantages: [Double]? = nil) throws -> JSONValue {
        var row = JSONObject([
            ("input", .string(solved.prompt.text)), ("output", .string(solution.text)), ("gts", .text(problem.answer)),
            ("score", .number(outcome)), ("step", .integer(Int64(step))), ("problem", try .encoding(problem)),
            ("actor", try .encoding(solution.actor)), ("sample", .integer(Int64(solution.sample))),
            ("ids", .array(solution.ids.map { .integer(Int64($0)) })),
            ("logprobs", .array((solution.logprobs ?? []).map { .float($0) })),
            ("finish", .string(solution.finish.rawValue)),
            ("status", .text(solution.status?.rawValue)), ("extracted", .text(solution.extracted)),
            ("masked", .text(masked)),
        ])
        row["icc_off"] = .array(icc.names.filter { !icc.isOn($0) }.map { .string($0) })
        if let advantages { row["advantages"] = .array(advantages.map { .number($0) }) }
        row["prefixes"] = .array(judged.map { $0.json })
        return .object(row)
    }
}

extension JudgedPrefix {
    fileprivate var json: JSONValue {
        var members: [JSONObject.Member] = [
            ("step", .integer(Int64(prefix.step))), ("start", .integer(Int64(prefix.tokens.lowerBound))),
            ("end", .integer(Int64(prefix.tokens.upperBound))), ("text", .string(prefix.stepText)),
        ]
        if let prompt { members += [("prompt", .string(prompt)), ("prompt_tokens", .integer(Int64(promptIDs.count)))] }
        members += [("value", value.map { .number($0) } ?? .null), ("return", .number(target))]
        if let advantage { members.append(("advantage", .number(advantage))) }
        return .object(JSONObject(members + [("chains", .array(chains.map(\.json)))]))
    }
}

extension JudgedChain {
    fileprivate var json: JSONValue {
        .object(
            JSONObject([
                ("text", .string(chain.text)), ("ids", .array(chain.ids.map { .integer(Int64($0)) })),
                ("logprobs", .array(chain.logprobs.map { .float($0) })),
                ("score", chain.score.map { .integer(Int64($0)) } ?? .null),
                ("value", chain.value.map { .number($0) } ?? .null),
                ("status", .string(chain.status.rawValue)), ("failure", .text(chain.failure?.rawValue)),
                ("reward", .number(reward)),
                ("advantage", .number(advantage)),
            ]))
    }
}

extension JSONValue {
    static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
}
