import ArgumentParser
import Formats
import Problems
import Terminal
import Workspace

struct LoadProblems: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "load", "Load problems from a file of rows, or the built-in task's; the first becomes the current one.",
        discussion: """
            Files are Parquet, JSON Lines, a JSON array of objects, CSV or TSV with a header, packed with gzip or zstd \
            too; or a folder of them. Their columns are known as GSM8K, MATH, verl and others call them: a question, a \
            problem or a prompt, and a reward_model.ground_truth, an answer or a solution with a box. --prompt-key and \
            --answer-key name others, nested ones by a path. The built-in task is starter:jumps[:SPLIT].
            """,
        examples: [
            "problems load sessions/school.jsonl", "problems load gsm8k/main --split test --limit 50",
            "problems load rows.parquet --prompt-key extra_info.question --answer-key extra_info.answer",
            "problems load starter:jumps:test --limit 5",
        ])

    @Argument(help: ArgumentHelp("A file, a folder, - for standard input, or starter:TASK[:SPLIT].", valueName: "set"))
    var source: Text

    @Option(
        help: ArgumentHelp("At most this many (default: all of a file, 20 of the built-in task).", valueName: "count"))
    var limit: Int?

    @Option(help: ArgumentHelp("The member of a row that holds the problem.", valueName: "member"))
    var promptKey: Text?

    @Option(help: ArgumentHelp("The member of a row that holds the answer.", valueName: "member"))
    var answerKey: Text?

    @Option(
        help: ArgumentHelp("Only this split: of a folder's files, or of rows that say theirs.", valueName: "split"))
    var split: Text?

    @Option(help: ArgumentHelp("Groups of a built-in problem, such as 2-4.", valueName: "range"))
    var groups: NumberRange?

    @Option(help: ArgumentHelp("Operations of each group, such as 1-3.", valueName: "range"))
    var operations: NumberRange?

    func run(_ context: CommandContext) throws -> Outcome {
        if let limit, limit < 1 { throw ShellError.refused("--limit cannot be \(limit)", hint: "it counts problems") }
        let choice = DataSet.Choice(
            promptKey: promptKey?.string, answerKey: answerKey?.string, split: split?.string, limit: limit)
        let (loaded, files) =
            try source.string == "-"
            ? PipedProblems.load(StandardInput.rows(context, wanted: split == nil ? limit : nil), choice)
            : context.sets.load(source.string, choice, difficulty: try Difficulty.asked(groups, operations)) {
                try context.requireNotCancelled()
            }
        return try Self.keep(loaded, files, context)
    }

    /// - Parameter files: what was taken from where; nil of a built-in task.
    static func keep(_ loaded: [Problem], _ files: DataSet?, _ context: CommandContext) throws -> Outcome {
        let kept = try context.workspace.keep(loaded) { try context.requireNotCancelled() }
        context.current.problem = kept.first
        let ids = kept.map(\.id), unanswered = loaded.count { $0.answer == nil }
        if let files, unanswered > 0 {
            context.console.remark(warning(files, unanswered, isGraded: context.solving.reward != nil))
        }
        var fields: [JSONObject.Member] = [
            ("problems", .array(ids.map { .int($0) })), ("current", ids.first.map { .int($0) } ?? .null),
            ("unanswered", .int(unanswered)),
        ]
        if let files {
            fields.append(("taken", .array(files.taken.map { taken($0.what, rows: $0.rows) })))
            fields.append(("not_taken", .array(files.passedOver.map { .string($0) })))
        }
        return Outcome(fields) { page in
            guard let first = kept.first, let last = kept.last else { return }
            page.line(
                kept.count == 1
                    ? "problem \(first.id), the current one:"
                    : "\(kept.count) problems, \(first.id) to \(last.id); the current one is \(first.id):")
            first.preview(on: page)
            guard let files else { return }
            for (what, rows) in files.taken {
                let count = files.taken.count == 1 ? "" : rows == 1 ? "1 row: " : "\(rows) rows: "
                page.line(count + TextWidth.visible("\(what)", keepingLines: false))
            }
            guard !files.passedOver.isEmpty else { return }
            let names = files.passedOver.prefix(12).joined(separator: ", ")
            let more = files.passedOver.count - 12
            page.line(
                TextWidth.visible(
                    "not taken: \(names)" + (more > 0 ? " and \(more) more" : ""), keepingLines: false))
        }
    }

    /// - Parameter isGraded: a program grades solutions of problems without an answer too.
    private static func warning(_ files: DataSet, _ unanswered: Int, isGraded: Bool) -> String {
        let reasons = files.missing.prefix(4).map { "\($0.rows): \($0.why)" }.joined(separator: ", ")
        let rest = files.missing.count > 4 ? " and other reasons" : ""
        let members = DataSet.answerMembers.joined(separator: ", ")
        return "warning: \(unanswered) of \(files.problems.count) problems have no answer (\(reasons)\(rest)); it is "
            + "looked for in \(members), and --answer-key names another; "
            + (isGraded ? "reward.command grades solutions of them" : "solutions of them have no outcome")
    }

    private static func taken(_ what: Taken, rows: Int) -> JSONValue {
        let answer = what.answer.map { answer -> JSONValue in
            .object(JSONObject([("member", .string(answer.member)), ("part", .string(answer.part.rawValue))]))
        }
        return .object(
            JSONObject([("problem", .string(what.problem)), ("answer", answer ?? .null), ("rows", .int(rows))]))
    }
}
