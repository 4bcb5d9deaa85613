import Critics
import Formats
import Problems

extension JudgedRollout {
    /// A line of `rollouts/STEP.jsonl`: verl's row fields first, then ours.
    func row(step: Int) throws -> JSONValue {
        let (solved, solution, problem) = (rollout.solved, rollout.solution, rollout.problem)
        let icc = rollout.icc
        var row = JSONObject([
            ("input", .string(solved.prompt.text)), ("output", .string(solution.text)), ("gts", .text(problem.answer)),
            ("score", rollout.known.map { .number($0) } ?? .null), ("step", .integer(Int64(step))),
            ("problem", try .encoding(problem)),
            ("actor", try .encoding(solution.actor)), ("sample", .integer(Int64(solution.sample))),
            ("ids", .array(solution.ids.map { .integer(Int64($0)) })),
            ("logprobs", .array((solution.logprobs ?? []).map { .float($0) })),
            ("finish", .string(solution.finish.rawValue)),
            ("status", .text(solution.status?.rawValue)), ("extracted", .text(solution.extracted)),
            ("masked", .text(rollout.masked)),
        ])
        row["icc_off"] = .array(icc.names.filter { !icc.isOn($0) }.map { .string($0) })
        if let advantages { row["advantages"] = .array(advantages.map { .number($0) }) }
        row["prefixes"] = .array(prefixes.map(\.json))
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
