import Problems
import Terminal

/// What was taken of a file's solutions, and what was not.
struct SolvedView {
    let file: SolvedFile

    func render(_ page: Page) {
        for (what, rows) in file.taken.kinds {
            let count = file.taken.kinds.count > 1 ? "\(rows) rows: " : ""
            page.line(count + TextWidth.visible("\(what)", keepingLines: false))
        }
        let out = file.leftOut.rows
        if out > 0 { page.line(Self.reasons("\(out) of \(out + file.rows.count) rows left out", file.leftOut)) }
        let unanswered = file.missing.rows
        if unanswered > 0 {
            page.line(Self.reasons("\(unanswered) of \(file.rows.count) rows have no answer", file.missing))
        }
    }

    private static func reasons(_ what: String, _ reasons: RowTally<String>) -> String {
        let shown = reasons.kinds.prefix(4).map { "\($0.rows): \($0.kind)" }.joined(separator: ", ")
        return TextWidth.visible(
            "\(what) (\(shown)\(reasons.kinds.count > 4 ? " and other reasons" : ""))", keepingLines: false)
    }

    /// `7 right, 4 wrong, 1 unparsable, 2 not graded`.
    static func counts(_ statuses: [Verdict.Status?]) -> String {
        let kinds: [(status: Verdict.Status?, name: String)] = [
            (.right, "right"), (.wrong, "wrong"), (.unparsable, "unparsable"),
            (.timedOut, "not graded in time"), (.undecided, "undecided"), (nil, "without an answer"),
        ]
        let counted = kinds.map { kind in (statuses.count { $0 == kind.status }, kind.name) }
        return counted.filter { $0.0 > 0 || $0.1 == "right" || $0.1 == "wrong" }.map { "\($0.0) \($0.1)" }
            .joined(separator: ", ")
    }
}
