import ArgumentParser
import Formats
import Problems
import Terminal

struct GradeCommand: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "grade", "What the grader extracts from a text, and whether it equals the answer.",
        examples: [
            "grade 12 \"So the answer is 12.\"", "grade -5 \"#### -5\"", #"grade 1/2 "It is \boxed{\frac{1}{2}}.""#,
            #"grade --explain "x^2 - 1" "\boxed{(x+1)(x-1)}""#,
        ])

    @Argument(help: ArgumentHelp("The reference answer.", valueName: "answer"))
    var answer: Text

    @Argument(help: ArgumentHelp("A solution's text.", valueName: "text"))
    var text: Text

    @Option(
        help: ArgumentHelp(
            "Which grader: \(GraderKind.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "grader"))
    var grader: GraderKind = .answer

    @Flag(help: "Say how the answer was found, and how it was compared with the reference.")
    var explain = false

    func run(_ context: CommandContext) throws -> Outcome {
        let report = grader.grader.report(text.string, answer: answer.string)
        let verdict = report.verdict
        var members: [(String, JSONValue)] = [
            ("outcome", .int(Int(verdict.outcome))), ("extracted", .text(verdict.extracted)),
            ("status", .string(verdict.status.rawValue)),
        ]
        if explain { members += [("found", .text(report.found)), ("compared", .text(report.compared))] }
        return Outcome(members) { page in
            let found =
                verdict.extracted.map { "extracted " + TextWidth.visible($0, keepingLines: false) }
                ?? "nothing was extracted"
            page.line("\(verdict.status.rawValue): \(found)")
            guard explain else { return }
            page.line("found: \(report.found ?? "the grader \(grader.rawValue) does not say")")
            page.line("compared: \(report.compared ?? "it was not")")
        }
    }
}

extension GraderKind: ExpressibleByArgument {}
