import Acting
import Formats
import Problems
import Terminal

/// A file's solutions, graded: what is right and wrong, and where the file says otherwise.
struct GradedFile {
    /// A row of which the grader says something else than the file.
    private struct Disagreement {
        let row: SolvedRow
        let verdict: Verdict
        let label: Bool
    }

    private let file: SolvedFile
    private let verdicts: [Verdict?]
    private let disagreements: [Disagreement]
    /// How many rows have both an answer and a label.
    private let labelled: Int

    private static let shown = 20

    /// Who grades.
    enum Grading {
        case grader(any Grader)
        /// It reads problems too, and needs no answers.
        case command(RewardCommand)
    }

    /// - Throws: what reading and grading throw; ``ShellError/interrupted``.
    init(_ path: String, keys: SolvedFile.Keys, _ grading: Grading, _ console: Console) throws {
        if case .command = grading {
            file = try SolvedFile(path, keys: keys, readsProblems: true)
        } else {
            file = try SolvedFile(path, keys: keys, readsProblems: false)
        }
        let bar = console.progress("grading", unit: "solutions", total: file.rows.count)
        defer { bar.finish() }
        verdicts = try file.rows.enumerated().map { place, row in
            if console.cancellation.isCancelled { throw ShellError.interrupted }
            bar.update(place)
            switch grading {
            case .grader(let grader): return row.answer.map { grader.grade(row.solution, answer: $0) }
            case .command(let command):
                guard let problem = row.problem else { return nil }
                return try command.verdict(
                    on: row.solution, of: Problem(id: 0, text: problem.text, answer: row.answer), console.cancellation)
            }
        }
        if console.cancellation.isCancelled { throw ShellError.interrupted }
        let file = file
        let compared = zip(file.rows, verdicts).compactMap { row, verdict -> Disagreement? in
            guard let verdict, verdict.outcome != nil, let label = file.verdict(of: row) else { return nil }
            return Disagreement(row: row, verdict: verdict, label: label)
        }
        labelled = compared.count
        disagreements = compared.filter { ($0.verdict.status == .right) != $0.label }
    }

    var outcome: Outcome {
        func count(_ status: Verdict.Status) -> JSONValue { .int(verdicts.count { $0?.status == status }) }
        let rows = disagreements.map { one -> JSONValue in
            .object([
                ("row", .int(one.row.number)), ("label", .bool(one.label)),
                ("status", .string(one.verdict.status.rawValue)), ("answer", .text(one.row.answer)),
                ("extracted", .text(one.verdict.extracted)),
            ])
        }
        let fields: [JSONObject.Member] = [
            ("rows", .int(file.rows.count)), ("right", count(.right)), ("wrong", count(.wrong)),
            ("unparsable", count(.unparsable)), ("timed_out", count(.timedOut)),
            ("undecided", count(.undecided)),
            ("unanswered", .int(verdicts.count { $0 == nil })),
            ("left_out", .int(file.leftOut.rows)), ("labelled", .int(labelled)),
            ("agree", .int(labelled - disagreements.count)), ("disagreements", .array(rows)),
        ]
        return Outcome(fields, render: render)
    }

    private func render(_ page: Page) {
        SolvedView(file: file).render(page)
        page.line("\(file.rows.count) solutions: \(SolvedView.counts(verdicts.map { $0?.status }))")
        switch file.marks {
        case .none: return
        case .rewards(let values):
            return page.line("what the file says has \(values) values, which say no right and wrong")
        case .verdicts: break
        }
        let passed = disagreements.count { !$0.label }
        page.line(
            "the file says the same of \(labelled - disagreements.count) of \(labelled)"
                + (disagreements.isEmpty
                    ? "" : "; \(passed) are right only here, \(disagreements.count - passed) only there:"))
        guard !disagreements.isEmpty else { return }
        var table = Table([
            .init("row", right: true), .init("the file"), .init("here"), .init("answer", giving: .cut),
            .init("extracted", giving: .cut),
        ])
        for one in disagreements.prefix(Self.shown) {
            table.add([
                .init(String(one.row.number)), .init(one.label ? "right" : "not right"),
                .init(one.verdict.status.rawValue), .init(one.row.answer ?? ""), .init(one.verdict.extracted ?? "-"),
            ])
        }
        page.table(table)
        let more = disagreements.count - Self.shown
        if more > 0 { page.line("and \(more) more; --json has all") }
    }
}
