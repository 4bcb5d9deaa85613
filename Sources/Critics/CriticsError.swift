import Compute

package enum CriticsError: GenacError, Equatable {
    case unknownField(name: String, known: [String])
    case duplicateField(name: String)
    case badValue(field: String, value: String, expected: String)
    case badTemplate(name: String, line: Int?, reason: String)
    case missingTemplate(name: String, folders: [String])
    case notOneTemplate(names: [String], folders: [String])
    case cannotWrite(path: String, reason: String)
    case specialAtBorder(template: String)
    case noOpening(template: String, reason: String)
    case noAnswer(problem: Int)
    case doesNotRoundTrip(template: String, offset: Int)
    case contextTooLong(needed: Int, limit: Int, prefix: String)
    case noSuchPrefix(prefix: String, steps: Int)
    case rolloutsTooFew(count: Int)
    case unequalCounts(left: Int, right: Int)
    case notTheStarterTask(problem: Int)
    case unmeasuredActor(name: String)
    case noValue(prefix: String, estimator: String)

    /// Whether one problem or solution is more than its reader holds: studies leave such a one out and go on.
    package var isTooLong: Bool {
        if case .contextTooLong = self { true } else { false }
    }

    package var what: String {
        switch self {
        case .unknownField(let name, _): "there is no ICC field '\(name)'"
        case .duplicateField(let name): "there is already an ICC field '\(name)'"
        case .badValue(_, let value, let expected): "'\(value)' is not \(expected)"
        case .badTemplate(_, _, let reason): reason
        case .missingTemplate(let name, _): "there is no prompt template '\(name)'"
        case .notOneTemplate(let names, _):
            names.isEmpty
                ? "the run keeps no template"
                : "the run read one template, and here are \(names.joined(separator: ", "))"
        case .cannotWrite(_, let reason): "cannot write the template: \(reason)"
        case .specialAtBorder: "a value and the template's text next to it make a special token together"
        case .noOpening(_, let reason): "a value head cannot read this template: \(reason)"
        case .noAnswer(let problem): "problem \(problem) has no answer, so no rollout can be graded"
        case .doesNotRoundTrip: "the prompt's tokens do not decode to its text"
        case .contextTooLong(let needed, let limit, _): "needs \(needed) tokens of context, the model has \(limit)"
        case .noSuchPrefix(_, let steps): "the solution has \(steps) steps"
        case .rolloutsTooFew(let count): "\(count) rollouts are too few"
        case .notTheStarterTask(let problem):
            "problem \(problem) is none of the built-in task's, and only those can be solved exactly"
        case .unmeasuredActor(let name): "nothing is known of how often \(name)'s lines are right"
        case .noValue(let prefix, let estimator): "\(estimator) gave prefix \(prefix) no value"
        case .unequalCounts(let left, let right): "\(left) values cannot be paired with \(right)"
        }
    }

    package var location: String? {
        switch self {
        case .unknownField, .duplicateField, .noAnswer, .rolloutsTooFew, .unequalCounts, .notTheStarterTask,
            .unmeasuredActor, .noValue:
            nil
        case .badValue(let field, _, _): "icc \(field)"
        case .badTemplate(let name, let line, _): line.map { "\(name):\($0)" } ?? name
        case .missingTemplate(_, let folders), .notOneTemplate(_, let folders): folders.joined(separator: ", ")
        case .cannotWrite(let path, _): path
        case .specialAtBorder(let template), .noOpening(let template, _): template
        case .doesNotRoundTrip(let template, let offset): "\(template), byte \(offset)"
        case .contextTooLong(_, _, let prefix), .noSuchPrefix(let prefix, _): "prefix \(prefix)"
        }
    }

    package var hint: String? {
        switch self {
        case .unknownField(_, let known): "the fields are \(known.joined(separator: ", ")); `icc add` makes another"
        case .duplicateField: "choose another name, or `icc set` its sentence"
        case .badValue, .cannotWrite: nil
        case .badTemplate: "prompts/README.md says how a template begins and which names it may use"
        case .missingTemplate: "`prompt use` takes the name of a .mustache file in one of these folders"
        case .notOneTemplate: "leave the one that the run was begun with"
        case .specialAtBorder: "put a blank or a newline between {{…}} and what follows"
        case .noOpening: "say the problem first and {{solution}} once, behind it"
        case .noAnswer: "give it one: `problem \"TEXT\" --answer A`"
        case .doesNotRoundTrip: "use a tokenizer that keeps every byte (no normaliser)"
        case .contextTooLong: "shorten the problem, the solution or the chain's token limit"
        case .noSuchPrefix: "`show` prints a solution's steps"
        case .rolloutsTooFew: "use at least 2 rollouts a prefix"
        case .unequalCounts: "give both over the same prefixes"
        case .notTheStarterTask: "use problems of starter:jumps, or a loaded model as the teacher"
        case .unmeasuredActor: nil
        case .noValue:
            "of a critic `set critic.parse_fallback forced` reads one from the distribution; "
                + "the rate needs an actor that was measured"
        }
    }
}
