import ArgumentParser
import CEdit
import Formats
import Foundation
import Generation
import Plots
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
                .init("id", right: true), .init("problem", right: true), .init("answer", giving: .cut),
                .init("outcome"),
                .init("tokens", right: true), .init("by", giving: .cut), .init("from"),
                .init("text", giving: .cut),
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
        examples: ["show", "show 2", "show 2.3"])

    @Argument(help: ArgumentHelp("A solution or prefix.", valueName: "solution"))
    var target = Target.last

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
            opened.problem.preview(on: page)
            let solution = opened.solution
            page.line(page.style.bold("solution \(solution.id)") + page.style.faint("  \(solution.origin)"))
            var table = Table([
                .init("step", right: true), .init("tokens", right: true), .init("text", giving: .wrap, least: 20),
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
                        + (solution.reward.map { "; its file says \(Chart.number($0))" } ?? "")
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
    var origin: String {
        if case .rollouts? = author {
            let words = "by \(actor.name) at training step \(actor.version), \(finish.rawValue), \(writer)"
            return TextWidth.visible(words, keepingLines: false)
        }
        if author != nil || (!wasSampled && branch == nil) {
            let words = author.map { "\($0), " } ?? "written by someone, "
            return TextWidth.visible("\(words)rated as if \(actor.name) had written it", keepingLines: false)
        }
        let from = branch.map { ", branched from \($0)" } ?? ""
        return "by \(actor.name), \(finish.rawValue), seed \(seed), sample \(sample)\(from)"
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
