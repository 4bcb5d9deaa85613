import ArgumentParser
import Formats
import Foundation
import Problems
import Terminal

struct ProblemsCommand: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "problems", "List the problems that are kept, or load more.",
        examples: ["problems load starter:jumps", "problems"], subcommands: [ListProblems.self, LoadProblems.self],
        defaultSubcommand: ListProblems.self)

    func run(_ context: CommandContext) throws -> Outcome { Outcome() }
}

struct ListProblems: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "list", "List the problems that are kept.", examples: ["problems", "problems -n 50"])

    @Option(
        name: .customShort("n"),
        help: ArgumentHelp("At most this many, from the current one's set.", valueName: "count"))
    var count: Int = 20

    func run(_ context: CommandContext) throws -> Outcome {
        guard count >= 0 else { throw ShellError.refused("-n cannot be \(count)", hint: "it counts problems") }
        let (session, workspace) = (context.session, context.session.workspace)
        let current = session.problem?.id
        // The JSON line has all of them, the table the newest.
        let listed = try session.options.json ? workspace.problems.all() : workspace.problems.newest(count)
        let shown = listed.suffix(count), kept = try workspace.problems.count()
        let solutions = try workspace.solutions.counts(of: shown.map(\.id))
        return Outcome([("problems", .array(listed.map(\.json))), ("current", current.map { .int($0) } ?? .null)]) {
            page in
            guard kept > 0 else {
                return page.line("no problems are kept; `problems load FILE` or `problems load starter:jumps`")
            }
            var table = Table([
                .init(""), .init("id", right: true), .init("problem", flexible: true), .init("answer"),
                .init("solutions", right: true), .init("source"),
            ])
            for problem in shown {
                table.add([
                    .init(problem.id == current ? "*" : ""), .init(String(problem.id)), .init(problem.text),
                    .init(problem.answer ?? "?"),
                    .init(String(solutions[problem.id] ?? 0)), .init(problem.source),
                ])
            }
            page.table(table)
            if shown.count < kept { page.line("\(kept) in all; `problems -n \(kept)` lists them") }
        }
    }
}

struct LoadProblems: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "load", "Load problems from a JSONL file, or the built-in task's; the first becomes the current one.",
        discussion: """
            Rows have question and answer (GSM8K), problem and solution or answer (MATH), or verl's prompt and \
            reward_model.ground_truth. Answers are looked for in the same members whatever --prompt-key says; \
            --answer-key names another. The built-in task is starter:jumps[:SPLIT].
            """,
        examples: ["problems load sessions/school.jsonl", "problems load starter:jumps:test --limit 5"])

    @Argument(help: ArgumentHelp("A file, or starter:TASK[:SPLIT].", valueName: "set"))
    var source: Text

    @Option(
        help: ArgumentHelp("At most this many (default: all of a file, 20 of the built-in task).", valueName: "count"))
    var limit: Int?

    @Option(help: ArgumentHelp("The member of a row that holds the problem.", valueName: "member"))
    var promptKey: Text?

    @Option(help: ArgumentHelp("The member of a row that holds the answer.", valueName: "member"))
    var answerKey: Text?

    @Option(help: ArgumentHelp("Groups of a built-in problem, such as 2-4.", valueName: "range"))
    var groups: NumberRange?

    @Option(help: ArgumentHelp("Operations of each group, such as 1-3.", valueName: "range"))
    var operations: NumberRange?

    func run(_ context: CommandContext) throws -> Outcome {
        if let limit, limit < 1 { throw ShellError.refused("--limit cannot be \(limit)", hint: "it counts problems") }
        let loaded = try context.session.problemSet(
            source.string, limit: limit, promptKey: promptKey?.string, answerKey: answerKey?.string,
            difficulty: try JumpsDifficulty.asked(groups, operations))
        let kept = try context.session.workspace.keep(loaded)
        context.session.problem = kept.first
        let ids = kept.map(\.id), unanswered = loaded.count { $0.answer == nil }
        if unanswered > 0 {
            let members = DataSet.answerMembers.joined(separator: ", ")
            context.remark(
                "warning: \(unanswered) of \(loaded.count) problems have no answer: their rows have none of \(members) "
                    + "(--answer-key names another); solutions of them have no outcome")
        }
        let fields: [JSONObject.Member] = [
            ("problems", .array(ids.map { .int($0) })), ("current", ids.first.map { .int($0) } ?? .null),
            ("unanswered", .int(unanswered)),
        ]
        return Outcome(fields) { page in
            guard let first = kept.first, let last = kept.last else { return }
            page.line("\(kept.count) problems, \(first.id) to \(last.id); the current one is \(first.id):")
            page.quoted(first.text, indent: 2)
        }
    }
}

extension Session {
    /// The problems of a data set, unkept: a built-in task's split, drawn under `seed`, or a JSONL file's.
    func problemSet(
        _ source: String, limit: Int?, promptKey: String? = nil, answerKey: String? = nil,
        difficulty: JumpsDifficulty = JumpsDifficulty(), seed: UInt64 = 0
    ) throws -> [Problem] {
        if let task = try StarterTask.Source(source) {
            return StarterTask.problems(task, count: max(1, limit ?? 20), difficulty: difficulty, seed: seed)
        }
        return Array(
            try DataSet.load(home.file(source), promptKey: promptKey, answerKey: answerKey).prefix(
                max(1, limit ?? .max)))
    }

    /// Those of a set's problems whose solutions have outcomes; how many are left out is said.
    /// - Parameter why: what answers are needed for.
    /// - Throws: ``ShellError/refused(_:hint:)`` when none has an answer.
    func answered(_ problems: [Problem], of set: String, _ context: CommandContext, why: String) throws -> [Problem] {
        let kept = problems.filter { $0.answer != nil }, missing = problems.count - kept.count
        guard !kept.isEmpty else { throw ShellError.refused("\(set) has no problem with an answer", hint: why) }
        if missing > 0 {
            context.remark(
                "warning: \(missing) of \(problems.count) problems of \(set) have no answer and are left out: \(why)")
        }
        return kept
    }
}

extension JumpsDifficulty {
    /// The task's own difficulty but for what was asked.
    static func asked(_ groups: NumberRange?, _ operations: NumberRange?) throws -> JumpsDifficulty {
        var difficulty = JumpsDifficulty()
        if let groups { difficulty.groups = try groups.checked("--groups", 1...Jumps.maxGroups) }
        if let operations { difficulty.operations = try operations.checked("--operations", 1...Jumps.maxOperations) }
        return difficulty
    }
}

/// `2-4` or `3`.
struct NumberRange: ExpressibleByArgument, CustomStringConvertible {
    let low: Int
    let high: Int

    var description: String { "\(low)-\(high)" }

    init?(argument: String) {
        let parts = argument.split(separator: "-").compactMap { Int($0) }
        guard let low = parts.first, let high = parts.last, parts.count <= 2, low <= high, low >= 1 else { return nil }
        (self.low, self.high) = (low, high)
    }

    func checked(_ option: String, _ allowed: ClosedRange<Int>) throws -> ClosedRange<Int> {
        guard allowed.contains(low), allowed.contains(high) else {
            throw ShellError.refused("\(option) goes from \(allowed.lowerBound) to \(allowed.upperBound)")
        }
        return low...high
    }
}

struct ProblemCommand: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "problem", "Show or choose the current problem, or state a new one.",
        examples: [
            "problem", "problem 3", "problem next",
            "problem \"Ann has 3 apples and buys 4. How many has she?\" --answer 7",
        ])

    @Argument(help: ArgumentHelp("A problem's id, next, or the text of a new one.", valueName: "problem"))
    var text: Text?

    @Option(
        help: ArgumentHelp("The new problem's answer; without one its solutions have no outcome.", valueName: "answer"))
    var answer: Text?

    @Option(help: ArgumentHelp("How solutions are cut into steps: vine, newline or tokens:N.", valueName: "rule"))
    var steps: Text?

    @Option(
        help: ArgumentHelp(
            "How answers are read: \(GraderKind.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "grader"
        ))
    var grader: Text?

    func run(_ context: CommandContext) throws -> Outcome {
        let session = context.session
        if let text { session.problem = try chosen(text.string, session) }
        let problem = try session.currentProblem()
        return Outcome([("problem", problem.json)]) { page in
            page.line(
                page.style.bold("problem \(problem.id)")
                    + page.style.faint("  \(TextWidth.visible(problem.source, keepingLines: false))"))
            page.quoted(problem.text, indent: 2)
            page.line("  answer: " + TextWidth.visible(problem.answer ?? "unknown", keepingLines: false))
        }
    }

    private func chosen(_ text: String, _ session: Session) throws -> Problem {
        let isPlain = answer == nil && steps == nil && grader == nil
        if isPlain, let id = Int(text) { return try session.workspace.problems.element(id) }
        if isPlain, text == "next" { return try next(session) }
        if isPlain, text.allSatisfy(\.isLetter), !text.isEmpty {
            throw ShellError.refused(
                "\(text) is no problem's id",
                hint: "`problem next`, `problem 3`, or the text of a new problem in quotes")
        }
        return try session.workspace.keep([try stated(text)])[0]
    }

    private func next(_ session: Session) throws -> Problem {
        guard let id = try session.workspace.problems.firstID(after: session.problem?.id ?? 0) else {
            throw ShellError.refused("there is no next problem", hint: "`problems` lists them")
        }
        return try session.workspace.problems.element(id)
    }

    private func stated(_ text: String) throws -> Problem {
        guard text.contains(where: { !$0.isWhitespace }) else { throw ShellError.refused("the problem is empty") }
        if let jumps = Jumps(text: text), answer == nil || answer?.string == "\(jumps.answer)" {
            return jumps.problem(id: 0, source: "typed")
        }
        var problem = Problem(id: 0, text: text, answer: answer?.string)
        if let steps {
            guard let rule = StepRule(steps.string) else {
                throw ShellError.refused("there is no step rule \(steps)", hint: "vine, newline or tokens:N")
            }
            problem.stepRule = rule
        }
        if let grader {
            guard let kind = GraderKind(rawValue: grader.string) else {
                throw ShellError.refused(
                    "there is no grader \(grader)", hint: GraderKind.allCases.map(\.rawValue).joined(separator: ", "))
            }
            problem.grader = kind
        }
        return problem
    }
}
