import Acting
import Formats
import Foundation
import Generation
import Problems
import Terminal
import Workspace

/// Solutions that another trainer's dump of rollouts holds. The completions of one prompt are solutions of one problem,
/// in whichever of a folder's files they stand.
struct DumpedSolutions {
    private let context: CommandContext
    private let file: SolvedFile
    /// As the user names it.
    private let name: String
    private let actor: Actor
    private let snapshot: ActorSnapshot

    init(_ path: String, name: String, _ context: CommandContext) throws {
        (self.context, self.name) = (context, name)
        let model = try context.models.model(.actor)
        actor = try context.solving.actor(model)
        snapshot = try context.solving.snapshot(of: model, context.settings.sampling)
        file = try SolvedFile(path, readsProblems: true)
    }

    func keep() throws -> Outcome {
        let solved = file.rows.compactMap { row in problem(of: row).map { (row: row, problem: $0) } }
        let drafts = try drafts(solved, ids: context.workspace.ids(of: solved.map(\.problem)))
        let (problems, kept) = try context.workspace.keep(solved.map(\.problem), with: drafts) {
            $0.isSameRow(as: $1)
        }
        context.current.problem = problems.last
        return outcome(kept, known: solved.count - kept.count, problems: Swift.Set(problems.map(\.id)).count)
    }

    /// Graded solutions of rows that are not kept yet; nothing is written before the last one is graded.
    /// - Parameter ids: of the rows' problems, nil for those that are not kept.
    private func drafts(_ solved: [(row: SolvedRow, problem: Problem)], ids: [Int?]) throws
        -> [(place: Int, solution: Solution, steps: [Step])]
    {
        let ofProblems = try Swift.Set(ids.compactMap { $0 }).map(context.workspace.solutions.of(problem:))
        let known = Dictionary(grouping: ofProblems.joined(), by: \.problem)
        var drafts: [(place: Int, solution: Solution, steps: [Step])] = []
        let bar = context.console.progress("grading", unit: "solutions", total: solved.count)
        defer { bar.finish() }
        for (place, one) in solved.enumerated() {
            bar.update(place)
            let isKept = ids[place].flatMap { known[$0] }?.contains { isRow(one.row, kept: $0) }
            guard isKept != true else { continue }
            let solution = try solution(of: one.row, one.problem)
            try context.requireNotCancelled()
            drafts.append((place, solution, try actor.steps(of: solution, one.problem)))
        }
        return drafts
    }

    private func isRow(_ row: SolvedRow, kept solution: Solution) -> Bool {
        solution.author == .file(name) && solution.sample == UInt64(row.number) && solution.text == row.solution
    }

    // MARK: Rows

    private func problem(of row: SolvedRow) -> Problem? {
        guard let problem = row.problem else { return nil }
        let folder = (name as NSString).deletingLastPathComponent
        return Problem(
            id: 0, text: problem.text, conversation: problem.conversation, answer: row.answer,
            source: "rollouts" + (folder.isEmpty ? "" : " in \(folder)"),
            stepRule: row.taken.answer?.part == .afterMark ? .newline : .vine)
    }

    /// Graded here; where there is no answer to grade by, what the file says is its outcome.
    private func solution(of row: SolvedRow, _ problem: Problem) throws -> Solution {
        let tokens = actor.model as? any TokenModel
        let ids = tokens?.tokenizer.encode(row.solution, recognisingSpecials: false, continuing: true) ?? []
        var solution = Solution(
            id: 0, problem: problem.id, ids: ids, text: row.solution,
            verdict: try actor.verdict(on: row.solution, of: problem, context.console.cancellation),
            finish: .stop, actor: snapshot, seed: 0, sample: UInt64(row.number), author: .file(name))
        solution.reward = row.reward
        if solution.status == nil { solution.outcome = file.verdict(of: row).map { $0 ? 1 : 0 } }
        return solution
    }

    // MARK: What came of it

    /// Kept solutions of which the file says something else than the grader.
    private func differing(_ kept: [Solution]) -> [Solution] {
        guard file.marks == .verdicts else { return [] }
        return kept.filter { solution in
            solution.reward.map { solution.status != nil && ($0 == 1) != (solution.status == .right) } ?? false
        }
    }

    private func outcome(_ kept: [Solution], known: Int, problems: Int) -> Outcome {
        let differing = differing(kept)
        let fields: [JSONObject.Member] = [
            ("solutions", .array(kept.map(\.json))), ("known", .int(known)), ("problems", .int(problems)),
            ("taken", Self.json(file.taken.kinds.map { ("\($0.kind)", $0.rows) })),
            ("left_out", Self.json(file.leftOut.kinds)),
            ("differ", .array(differing.map { .int($0.id) })),
        ]
        return Outcome(fields) { page in
            SolvedView(file: file).render(page)
            if known > 0 { page.line("\(known) of its solutions are kept already") }
            guard let first = kept.first, let last = kept.last else { return }
            page.line(
                "solutions \(first.id)-\(last.id), of \(problems) \(problems == 1 ? "problem" : "problems"): "
                    + SolvedView.counts(kept.map(\.status)))
            if let words = verdicts(kept, differing) { page.line(words) }
        }
    }

    private static func json(_ kinds: [(kind: String, rows: Int)]) -> JSONValue {
        .array(kinds.map { .object([("what", .string($0.kind)), ("rows", .int($0.rows))]) })
    }

    private func verdicts(_ kept: [Solution], _ differing: [Solution]) -> String? {
        switch file.marks {
        case .none: return nil
        case .rewards(let values):
            return "their rewards have \(values) values, which say no right and wrong; `show` prints each"
        case .verdicts:
            let compared = kept.count { $0.reward != nil && $0.status != nil }
            let theirs = kept.count { $0.reward != nil && $0.status == nil }
            var parts: [String] = []
            if compared > 0 {
                let ids = differing.prefix(12).map { String($0.id) }.joined(separator: ", ")
                let rest = differing.count > 12 ? " and \(differing.count - 12) more" : ""
                parts.append(
                    "their verdict differs from the grader's on \(differing.count) of \(compared)"
                        + (differing.isEmpty ? "" : ": solutions \(ids)\(rest)"))
            }
            if theirs > 0 { parts.append("of \(theirs) without an answer the outcome is what the file says") }
            return parts.joined(separator: "; ")
        }
    }
}

extension Solution {
    /// Whether both are the same row of the same file.
    fileprivate func isSameRow(as other: Solution) -> Bool {
        author == other.author && sample == other.sample && text == other.text
    }
}
