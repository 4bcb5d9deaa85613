import ArgumentParser
import CEdit
import Formats
import Foundation
import Generation
import Problems
import Terminal
import Training

struct Solutions: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "solutions", "List the kept solutions of the current problem.", examples: ["solutions", "solutions --all"])

    @Flag(help: "Of every problem.")
    var all = false

    func run(_ context: CommandContext) throws -> Outcome {
        let problem = all ? nil : try context.current.required(), shelf = context.workspace.solutions
        let solutions = try problem.map { try shelf.of(problem: $0.id) } ?? shelf.all()
        let rows = solutions.map { solution -> JSONValue in
            .object([
                ("id", .int(solution.id)), ("problem", .int(solution.problem)), ("text", .string(solution.text)),
                ("outcome", solution.outcome.map { .outcome($0) } ?? .null), ("extracted", .text(solution.extracted)),
                ("finish", .string(solution.finish.rawValue)), ("actor", .string(solution.actor.name)),
                ("author", .text(solution.author?.description)), ("branch", .text(solution.branch?.description)),
            ])
        }
        return Outcome([("solutions", .array(rows))]) { page in
            guard !solutions.isEmpty else { return page.line("no solutions yet; `generate` makes some") }
            var table = Table([
                .init("id", right: true), .init("problem", right: true), .init("answer"), .init("outcome"),
                .init("tokens", right: true),
                .init("by"), .init("from"), .init("text", flexible: true),
            ])
            for solution in solutions {
                table.add([
                    .init(String(solution.id)), .init(String(solution.problem)), .init(solution.extracted ?? "-"),
                    solution.outcomeCell,
                    .init(solution.tokenCount), .init(solution.writer),
                    .init(solution.branch?.description ?? ""), .init(solution.text),
                ])
            }
            page.table(table)
        }
    }
}

struct Show: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "show", "Print a solution with its steps, and what its prefixes were found worth.",
        examples: ["show 2", "show 2.3", "show last"])

    @Argument(help: ArgumentHelp("A solution or prefix.", valueName: "solution"))
    var target: Target

    func run(_ context: CommandContext) throws -> Outcome {
        let opened = try OpenedSolution(target, in: context.workspace)
        if let step = target.step { _ = try opened.prefix(step) }
        let steps = opened.steps.prefix(target.step ?? .max)
        let scores = try context.valuations.scores(of: opened.solution.id)
        let truth = try context.valuations.truth(of: opened.solution.id)
        let rows: [JSONValue] = steps.map { step in
            .object([
                ("step", .int(step.index)), ("start", .int(step.tokens.lowerBound)),
                ("end", .int(step.tokens.upperBound)),
                ("text", .string(step.text)), ("value", .number(scores[step.index]?.value)),
                ("truth", .number(truth[step.index]?.value)),
            ])
        }
        return Outcome([("problem", opened.problem.json), ("solution", opened.solution.json), ("steps", .array(rows))])
        { page in
            page.line(page.style.bold("problem \(opened.problem.id)"))
            page.quoted(opened.problem.text, indent: 2)
            let solution = opened.solution
            page.line(page.style.bold("solution \(solution.id)") + page.style.faint("  \(solution.origin)"))
            var table = Table([
                .init("step", right: true), .init("tokens", right: true), .init("text", flexible: true),
                .init("value", right: true),
                .init("truth", right: true),
            ])
            for step in steps {
                table.add([
                    .init(String(step.index)), .init("\(step.tokens.lowerBound)-\(step.tokens.upperBound)"),
                    .init(step.text.trimmingNewlines),
                    .init(scores[step.index]?.value.map(Self.number) ?? ""),
                    .init(truth[step.index]?.value.map(Self.number) ?? ""),
                ])
            }
            page.table(table)
            if target.step == nil {
                page.line(
                    "  answer: \(TextWidth.visible(solution.extracted ?? "none found", keepingLines: false)), "
                        + "\(solution.status?.rawValue ?? "not graded")"
                )
            }
        }
    }

    private static func number(_ value: Double) -> String { String(format: "%.2f", value) }
}

extension Solution {
    /// Its actor, or who else wrote it. What was added before authors were kept has no author, and no log-probabilities
    /// either.
    fileprivate var writer: String {
        author?.description ?? (!wasSampled && branch == nil ? "someone, as \(actor.name)" : actor.name)
    }

    /// Where it came from, in a line.
    fileprivate var origin: String {
        if case .rollouts? = author {
            let words = "by \(actor.name) at training step \(actor.version), \(finish.rawValue), \(writer)"
            return TextWidth.visible(words, keepingLines: false)
        }
        if author != nil || (!wasSampled && branch == nil) {
            let words = author.map { "\($0), " } ?? "written by someone, "
            return TextWidth.visible("\(words)rated as if \(actor.name) had written it", keepingLines: false)
        }
        let from = branch.map { ", branched from \($0)" } ?? ""
        return "by \(actor.name), \(finish.rawValue), seed \(seed)\(from)"
    }
}

struct Edit: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "edit", "Change a solution's text in $EDITOR; the result is a new solution.", examples: ["edit 2"])

    @Argument(help: ArgumentHelp("A solution.", valueName: "solution"))
    var target: Target

    func run(_ context: CommandContext) throws -> Outcome {
        let opened = try OpenedSolution(target, in: context.workspace)
        let text = try context.editor.edit(opened.solution.text, name: "solution-\(opened.solution.id).txt")
        guard text != opened.solution.text else { return .note("nothing was changed", [("solutions", [])]) }
        return try OwnSolutions.keep(
            text, by: .edit(of: opened.solution.id), problem: opened.problem, context, like: opened.solution)
    }
}

struct Add: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "add", "Keep a solution of your own, from a file, for the current problem; or the rollouts of a run.",
        discussion: """
            Text is encoded by the actor's tokenizer, and rated as if the actor had written it; where it came from is \
            kept, and it does not count in the actor's success rate. A run's rollouts/STEP.jsonl brings its problems \
            and solutions as they were sampled, with what was known of the actor then: scored again, they are read \
            under those very numbers.
            """,
        examples: ["add mine.txt", "add runs/critic-rl-1/rollouts/20.jsonl"])

    @Argument(help: ArgumentHelp("A file of UTF-8 text, or of rollouts (.jsonl).", valueName: "file"))
    var file: Text

    func run(_ context: CommandContext) throws -> Outcome {
        if file.string.hasSuffix(".jsonl") { return try SampledSolutions.keep(file.string, context) }
        let problem = try context.current.required()
        let path = (file.string as NSString).expandingTildeInPath
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ShellError.cannotOpen(path: file.string, reason: "no such file, or not readable")
        }
        guard data.count <= 1 << 20, let text = String(validating: data, as: UTF8.self) else {
            throw ShellError.invalid(
                what: "no UTF-8 text of at most a megabyte", location: file.string, hint: "save it as UTF-8")
        }
        return try OwnSolutions.keep(
            text, by: .file((path as NSString).lastPathComponent), problem: problem, context, like: nil)
    }
}

/// Solutions whose text a person wrote.
private enum OwnSolutions {
    /// - Parameter original: the solution whose actor's snapshot it takes; nil: the actor as it is now.
    static func keep(
        _ text: String, by author: Author, problem: Problem, _ context: CommandContext, like original: Solution?
    ) throws -> Outcome {
        let model = try context.models.model(.actor), actor = try context.solving.actor(model)
        let snapshot = try original?.actor ?? context.solving.snapshot(of: model, context.settings.sampling)
        let tokens = actor.model as? any TokenModel
        let ids = tokens?.tokenizer.encode(text, recognisingSpecials: false, continuing: true) ?? []
        let solution = Solution(
            id: 0, problem: problem.id, ids: ids, text: text, verdict: problem.grade(text), finish: .stop,
            actor: snapshot, seed: 0,
            author: author)
        let kept = try context.workspace.keep([(solution: solution, steps: actor.steps(of: solution, problem))])
        return Outcome([("solutions", .array(kept.map(\.json)))]) { page in
            for solution in kept {
                let status = solution.status?.rawValue ?? "not graded"
                page.line("solution \(solution.id): \(solution.tokenCount) tokens, \(status), \(solution.origin)")
            }
        }
    }
}

/// Solutions that a run's actors sampled.
private enum SampledSolutions {
    static func keep(_ path: String, _ context: CommandContext) throws -> Outcome {
        let rows = try SampledRow.read(path)
        let problems = try context.workspace.keep(rows.map(\.row.problem))
        let drafts = try zip(rows, problems).map { one, problem in
            let actor =
                try context.models.all.first { $0.name == one.row.solution.actor.name } ?? context.models.writer(nil)
            let words = try actor.text(for: "a run's rollouts").tokens(for: "a run's rollouts")
            guard one.row.solution.ids.allSatisfy({ $0 >= 0 && $0 < words.tokenizer.vocabularySize }) else {
                throw ShellError.invalid(
                    what: "\(actor.name) does not have the tokens of the solution", location: "\(path):\(one.line)",
                    hint: "load the actor that sampled it, as `load actor SOURCE --as \(one.row.solution.actor.name)`")
            }
            var solution = one.row.solution
            solution.problem = problem.id
            solution.author = .rollouts(path)
            let steps = StepSplitter.split(
                solution.ids, tokenizer: words.tokenizer, ends: words.endTokens, rule: problem.stepRule)
            return (solution: solution, steps: steps)
        }
        context.current.problem = problems.last ?? context.current.problem
        let ofProblems = try Swift.Set(problems.map(\.id)).map(context.workspace.solutions.of(problem:))
        let known = Dictionary(grouping: ofProblems.joined(), by: \.problem)
        let fresh = drafts.filter { draft in
            known[draft.solution.problem]?.contains { $0.isSameSample(as: draft.solution) } != true
        }
        let kept = try context.workspace.keep(fresh), passed = drafts.count - fresh.count
        return Outcome([("solutions", .array(kept.map(\.json))), ("known", .int(passed))]) { page in
            if passed > 0 { page.line("\(passed) of its \(drafts.count) solutions are kept already") }
            guard let first = kept.first, let last = kept.last else {
                return passed > 0 ? () : page.line("\(path) holds no rollouts")
            }
            page.line(
                "solutions \(first.id)-\(last.id), of \(Swift.Set(kept.map(\.problem)).count) problems; `score "
                    + "\(last.id)` rates them under the numbers they were sampled with"
            )
        }
    }
}

extension Solution {
    /// Whether both are one draw: the same tokens of the same actor, sampled for the same problem under the same
    /// numbers.
    fileprivate func isSameSample(as other: Solution) -> Bool {
        problem == other.problem && sample == other.sample && ids == other.ids && logprobs == other.logprobs
            && actor == other.actor
    }
}
