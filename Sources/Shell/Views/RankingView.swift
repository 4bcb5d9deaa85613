import Formats
import Foundation
import Plots
import Studies
import Terminal

/// How one part of a study of ranking reads.
struct RankingView {
    /// Empty where there is but one.
    let part: String
    let report: Ranking.Report
    let actors: String
    /// Whose hits the last differences leave off.
    let rival: String

    /// All parts as one result.
    static func result(_ views: [RankingView]) -> StudyResult {
        let figures: [JSONObject.Member] =
            views.count == 1 ? views[0].figures : [("parts", .array(views.map { .object($0.figures) }))]
        let chart = SVGIntervals(
            title: "ranking: how often the first choice is of the best", note: note(views),
            panels: views.flatMap(\.panels))
        return StudyResult(
            figures: figures, rows: ("rows", views.flatMap(\.rows)), chart: chart,
            page: StudyPage(headline: views.first?.headline ?? "", StudyPage.joined(views.map(\.blocks))))
    }

    /// The last estimator's choices in the largest pools.
    private var headline: String {
        guard let row = report.rows.last, let top = row.top1.last, let size = Ranking.poolSizes.last else { return "" }
        return "\(row.name) picks one of the best of \(size) in " + String(format: "%.1f %%", 100 * top)
    }

    private var figures: [JSONObject.Member] {
        (part.isEmpty ? [] : [("part", .string(part))]) + [
            ("actor", .string(actors)), ("rollouts", .int(report.rollouts)), ("states", .int(report.states)),
            ("pool_sizes", .array(Ranking.poolSizes.map { .int($0) })),
            ("pools", .array(report.pools.map { .int($0) })),
            ("chance", Self.numbers(report.chance)), ("blind", .number(report.blind)),
        ]
    }

    private var rows: [JSONObject] {
        report.rows.map { row in
            let places: [JSONObject.Member] = part.isEmpty ? [] : [("part", .string(part))]
            return JSONObject(
                places + [
                    ("estimator", .string(row.name)), ("top1", Self.numbers(row.top1)),
                    ("top1_low", Self.numbers(row.top1Intervals.map(\.low))),
                    ("top1_high", Self.numbers(row.top1Intervals.map(\.high))),
                    ("difference_to_rival", Self.numbers(row.againstRival.map(\.mean))),
                    ("rival_low", Self.numbers(row.againstRival.map(\.interval.low))),
                    ("rival_high", Self.numbers(row.againstRival.map(\.interval.high))),
                    ("pairs", .number(row.pairs)), ("chosen", .number(row.chosen)),
                ])
        }
    }

    private static func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .number($0) }) }

    /// Part by part.
    private static func note(_ views: [RankingView]) -> String {
        "\(views.map { String($0.report.states) }.joined(separator: ", ")) states, M = \(views[0].report.rollouts); "
            + "bars are 95 %, drawn by state"
    }

    private var panels: [SVGIntervals.Panel] {
        Ranking.poolSizes.enumerated().map { place, size in
            SVGIntervals.Panel(
                title: (part.isEmpty ? "" : part + ", ") + "top-1 of \(size)",
                rows: report.rows.map { row in
                    .init(
                        name: row.name, value: row.top1[place], low: row.top1Intervals[place].low,
                        high: row.top1Intervals[place].high)
                },
                mark: ("chance", report.chance[place]))
        }
    }

    private var blocks: [StudyPage.Block] {
        [
            .line("\(part.isEmpty ? "" : part + ": ")\(actors): \(report.states) states, M = \(report.rollouts)"),
            .table(shares), .line(""), .table(differences),
        ]
    }

    private var shares: Table {
        func three(_ value: Double) -> Table.Cell { .init(String(format: "%.3f", value)) }
        var table = Table(
            [.init("top-1 of")] + Ranking.poolSizes.map { .init("\($0)", right: true) } + [
                .init("pairs", right: true), .init("worth chosen", right: true),
            ])
        table.add([.init("states")] + report.pools.map { .init("\($0)") } + ["", ""])
        table.add([.init("chance")] + report.chance.map(three) + [three(0.5), three(report.blind)])
        for row in report.rows {
            table.add([.init(row.name)] + row.top1.map(three) + [three(row.pairs), three(row.chosen)])
        }
        return table
    }

    private var differences: Table {
        var table = Table(
            [.init("less \(rival)")]
                + Ranking.poolSizes.flatMap { [Table.Column("\($0)", right: true), .init("95 %", joined: true)] })
        for row in report.rows where !row.againstRival.isEmpty {
            table.add([.init(row.name)] + row.againstRival.flatMap { Table.Cell.difference($0, lessIsBetter: false) })
        }
        return table
    }
}
