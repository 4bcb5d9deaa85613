import Critics
import Formats
import Foundation
import Problems
import Terminal

/// What a command came to over several problems: a row a problem, and all together.
struct SeveralReport {
    struct Row {
        let problem: Problem
        let tally: Tally
        /// Of the report's own columns.
        var cells: [Table.Cell] = []
        var fields: [JSONObject.Member] = []
    }

    /// Those between the counts and the problem's text.
    let columns: [Table.Column]
    let rows: [Row]
    /// What else is to say of all, a line each.
    let totals: [String]
    let fields: [JSONObject.Member]

    func outcome(_ console: Console) throws -> Outcome {
        let sum = rows.map(\.tally).reduce(Tally(), +), interval = try Tally.interval(rows.map(\.tally))
        let share = sum.graded > 0 ? Double(sum.right) / Double(sum.graded) : nil
        let list = rows.map { row -> JSONValue in
            .object(
                [
                    ("problem", .int(row.problem.id)), ("right", .int(row.tally.right)),
                    ("graded", .int(row.tally.graded)), ("ungraded", .int(row.tally.ungraded)),
                ] + row.fields)
        }
        let all: [JSONObject.Member] = [
            ("problems", .array(list)), ("right", .int(sum.right)), ("graded", .int(sum.graded)),
            ("ungraded", .int(sum.ungraded)), ("share", .number(share)),
            ("low", share == nil ? .null : .number(interval.low)),
            ("high", share == nil ? .null : .number(interval.high)),
        ]
        return Outcome(all + fields) { page in
            page.table(table)
            page.line(Self.words(sum, share, interval, problems: rows))
            for line in totals { page.line(line) }
            if console.cancellation.isCancelled { page.line("the same command goes on with what is left") }
        }
    }

    private var table: Table {
        let hasUngraded = rows.contains { $0.tally.ungraded > 0 }
        var table = Table(
            [.init("problem", right: true), .init("right", right: true), .init("of", right: true)]
                + (hasUngraded ? [.init("ungraded", right: true)] : []) + columns + [.init("text", giving: .cut)])
        for row in rows {
            let tally = row.tally
            table.add(
                [.init(String(row.problem.id)), .init(String(tally.right)), .init(String(tally.graded))]
                    + (hasUngraded ? [.init(tally.ungraded == 0 ? "" : String(tally.ungraded))] : []) + row.cells
                    + [.init(row.problem.text) { $0.faint($1) }])
        }
        return table
    }

    /// `50 problems: 97 of 200 right, 48.5 % (95 % 40.1-56.9); 12 ungraded, of 3 problems`.
    private static func words(_ sum: Tally, _ share: Double?, _ interval: Interval, problems: [Row]) -> String {
        let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
        let graded = share.map {
            String(
                format: ": %d of %d right, %.1f %% (95 %% %.1f-%.1f)", sum.right, sum.graded, $0 * 100,
                interval.low * 100, interval.high * 100)
        }
        let without = problems.count { $0.tally.ungraded > 0 }
        let rest =
            sum.ungraded > 0
            ? "; \(sum.ungraded) ungraded, of \(without == 1 ? "1 problem" : "\(without) problems")" : ""
        return count + (graded ?? ": none graded") + rest
    }
}
