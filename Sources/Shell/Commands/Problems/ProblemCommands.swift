import ArgumentParser
import Formats
import Foundation
import Problems
import Terminal
import Workspace

struct ProblemsCommand: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "problems", "List the problems that are kept, load more, or remove some.",
        examples: ["problems load starter:jumps", "problems", "problems remove 3"],
        subcommands: [ListProblems.self, LoadProblems.self, RemoveProblems.self, ClearProblems.self],
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
        let workspace = context.workspace, current = context.current.problem?.id
        // The JSON line has all of them, the table the newest.
        let listed = try context.options.json ? workspace.problems.all() : workspace.problems.newest(count)
        let shown = listed.suffix(count), kept = try workspace.problems.count()
        let solutions = try workspace.solutions.counts(of: shown.map(\.id))
        return Outcome([("problems", .array(listed.map(\.json))), ("current", current.map { .int($0) } ?? .null)]) {
            page in
            guard kept > 0 else {
                return page.line("no problems are kept; `problems load FILE` or `problems load starter:jumps`")
            }
            var table = Table([
                .init(""), .init("id", right: true), .init("problem", giving: .cut, least: 20),
                .init("answer", giving: .cut), .init("solutions", right: true), .init("source", giving: .cut),
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
        if let text { context.current.problem = try chosen(text.string, context.current.problem, context.workspace) }
        let problem = try context.current.required()
        return Outcome([("problem", problem.json)]) { problem.describe(on: $0) }
    }

    private func chosen(_ text: String, _ current: Problem?, _ workspace: Workspace) throws -> Problem {
        let isPlain = answer == nil && steps == nil && grader == nil
        if isPlain, let id = Int(text) { return try workspace.problems.element(id) }
        if isPlain, text == "next" { return try next(after: current, workspace) }
        if isPlain, text.allSatisfy(\.isLetter), !text.isEmpty {
            throw ShellError.refused(
                "\(text) is no problem's id",
                hint: "`problem next`, `problem 3`, or the text of a new problem in quotes")
        }
        let stated = try Problem.stated(
            text, answer: answer?.string, steps: steps?.string, grader: grader?.string, source: "typed")
        return try workspace.keep([stated])[0]
    }

    private func next(after current: Problem?, _ workspace: Workspace) throws -> Problem {
        guard let id = try workspace.problems.firstID(after: current?.id ?? 0) else {
            throw ShellError.refused("there is no next problem", hint: "`problems` lists them")
        }
        return try workspace.problems.element(id)
    }
}
