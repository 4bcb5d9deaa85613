import Acting
import ArgumentParser
import Formats
import Foundation
import Problems
import Terminal

struct GradeCommand: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "grade", "What the grader extracts from a text, and whether it equals the answer; or of every row of a file.",
        discussion: """
            A file, or a folder, is of any form that `problems load` reads. Its rows have an answer (answer, \
            ground_truth, gts, …) \
            and a solution (response, output, completion, solution, …); where they say which are right (correct, \
            label, score, …), what the grader says otherwise is listed. Other members are named, nested ones by a \
            path. Where reward.command is set and no --grader is given, that program grades: rows with a problem, \
            and a text as a solution of the problem in use.
            """,
        examples: [
            "grade 12 \"So the answer is 12.\"", "grade -5 \"#### -5\"", #"grade 1/2 "It is \boxed{\frac{1}{2}}.""#,
            #"grade --explain "x^2 - 1" "\boxed{(x+1)(x-1)}""#,
            "grade rollouts/100.jsonl", "grade labelled.parquet --answer-key truth --label-key human.correct",
        ])

    @Argument(help: ArgumentHelp("The reference answer; without a text behind it, a file of rows.", valueName: "file"))
    var answer: Text

    @Argument(help: ArgumentHelp("A solution's text.", valueName: "text"))
    var text: Text?

    @Option(
        help: ArgumentHelp(
            "The member of a row that holds the problem, which reward.command reads.", valueName: "member")
    )
    var promptKey: Text?

    @Option(help: ArgumentHelp("The member of a row that holds the answer.", valueName: "member"))
    var answerKey: Text?

    @Option(help: ArgumentHelp("The member of a row that holds the solution.", valueName: "member"))
    var solutionKey: Text?

    @Option(help: ArgumentHelp("The member of a row that says whether it is right.", valueName: "member"))
    var labelKey: Text?

    @Option(
        help: ArgumentHelp(
            "Which grader: \(GraderKind.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "grader"))
    var grader: GraderKind?

    @Flag(help: "Say how the answer was found, and how it was compared with the reference.")
    var explain = false

    func run(_ context: CommandContext) throws -> Outcome {
        let keys = SolvedFile.Keys(
            problem: promptKey?.string, answer: answerKey?.string, solution: solutionKey?.string,
            label: labelKey?.string)
        guard let text else { return try graded(keys, context) }
        guard keys == SolvedFile.Keys() else {
            throw ShellError.refused("a member's name is of a file's rows", hint: "`grade FILE --answer-key MEMBER`")
        }
        if grader == nil, let command = context.solving.reward { return try graded(text.string, by: command, context) }
        let grader = grader ?? .answer
        return outcome(grader.grader.report(text.string, answer: answer.string), by: "the grader \(grader.rawValue)")
    }

    /// - Throws: what grading throws; ``ShellError`` where there is no problem to tell the program.
    private func graded(_ text: String, by command: RewardCommand, _ context: CommandContext) throws -> Outcome {
        guard var problem = context.current.problem else {
            throw ShellError.refused(
                "reward.command reads the problem too, and none is in use",
                hint: "choose one (`problem N`), or name a grader (`grade --grader answer …`)")
        }
        problem.answer = answer.string
        guard let verdict = try command.verdict(on: text, of: problem, context.console.cancellation) else {
            throw ShellError.interrupted
        }
        return outcome(GradingReport(verdict: verdict), by: "reward.command")
    }

    private func graded(_ keys: SolvedFile.Keys, _ context: CommandContext) throws -> Outcome {
        guard !explain else {
            throw ShellError.refused("--explain is for one text", hint: "`grade --explain ANSWER TEXT`")
        }
        let path = context.sets.home.file(answer.string)
        guard FileManager.default.fileExists(atPath: path) else {
            throw ShellError.cannotOpen(path: answer.string, reason: "no such file, and no text beside an answer")
        }
        let command = grader == nil ? context.solving.reward : nil
        let grading = command.map { GradedFile.Grading.command($0) } ?? .grader((grader ?? .answer).grader)
        return try GradedFile(path, keys: keys, grading, context.console).outcome
    }

    private func outcome(_ report: GradingReport, by grader: String) -> Outcome {
        let verdict = report.verdict
        var members: [(String, JSONValue)] = [
            ("outcome", verdict.outcome.map { .outcome($0) } ?? .null), ("extracted", .text(verdict.extracted)),
            ("status", .string(verdict.status.rawValue)),
        ]
        if explain { members += [("found", .text(report.found)), ("compared", .text(report.compared))] }
        return Outcome(members) { page in
            let found =
                verdict.extracted.map { "extracted " + TextWidth.visible($0, keepingLines: false) }
                ?? "nothing was extracted"
            page.line("\(verdict.status.rawValue): \(found)")
            guard explain else { return }
            page.line("found: \(report.found ?? "\(grader) does not say")")
            page.line("compared: \(report.compared ?? "it was not")")
        }
    }
}

extension GraderKind: ExpressibleByArgument {}
