import Formats
import Foundation
import Plots
import Studies
import Terminal

/// How a study of actors reads.
struct SuccessView {
    let report: Success.Report
    let samples: Int

    func result(_ study: String) -> StudyResult {
        let figures: [JSONObject.Member] = [
            ("problems", .int(report.problems.reduce(0, +))), ("samples", .int(samples)),
            ("sets", .array(report.sets.map { .string($0) })),
        ]
        return StudyResult(figures: figures, rows: ("rows", rows), chart: chart(study), render: draw)
    }

    private var rows: [JSONObject] {
        report.rows.map { row in
            var members: [JSONObject.Member] = [
                ("actor", .string(row.name)), ("success", .number(row.mean.rate)),
                ("success_low", .number(row.mean.interval.low)),
                ("success_high", .number(row.mean.interval.high)),
                ("success_by_run", .array(row.mean.rates.map { .number($0) })),
                ("difference", .number(row.mean.againstFirst?.mean)),
                ("low", .number(row.mean.againstFirst?.interval.low)),
                ("high", .number(row.mean.againstFirst?.interval.high)), ("tokens", .number(row.length)),
                ("cut_off", .number(row.cutOff)),
            ]
            guard report.sets.count > 1 else { return JSONObject(members) }
            for (set, own) in zip(report.sets, row.sets) {
                members += [
                    ("\(set)", .number(own.rate)), ("\(set) difference", .number(own.againstFirst?.mean)),
                    ("\(set) low", .number(own.againstFirst?.interval.low)),
                    ("\(set) high", .number(own.againstFirst?.interval.high)),
                ]
            }
            return JSONObject(members)
        }
    }

    private func chart(_ study: String) -> SVGIntervals {
        func panel(_ title: String, _ figures: (Success.Row) -> Success.Figures) -> SVGIntervals.Panel {
            .init(
                title: title,
                rows: report.rows.map { row in
                    let own = figures(row)
                    return .init(name: row.name, value: own.rate, low: own.interval.low, high: own.interval.high)
                })
        }
        let parts =
            report.sets.count > 1 ? report.sets.indices.map { set in panel(report.sets[set]) { $0.sets[set] } } : []
        return SVGIntervals(
            title: "\(study): share of problems solved",
            note: "\(report.problems.reduce(0, +)) problems; bars are 95 %, drawn by problem",
            panels: [panel(parts.isEmpty ? "success" : "mean over sets") { $0.mean }] + parts)
    }

    private func draw(_ page: Page) {
        let sets = report.sets.count > 1 ? ", \(report.sets.count) sets alike" : ""
        page.line(
            "\(report.problems.reduce(0, +)) problems\(sets), "
                + "\(samples == 1 ? "one solution" : "\(samples) solutions") each"
        )
        var table = Table([
            .init("actor"), .init("success", right: true), .init("by seed"), .init("less the first's", right: true),
            .init("95 %"),
            .init("tokens", right: true), .init("cut off", right: true),
        ])
        for row in report.rows {
            let seeds =
                row.mean.rates.count > 1 ? row.mean.rates.map { String(format: "%.3f", $0) }.joined(separator: " ") : ""
            table.add(
                [.init(row.name), .init(String(format: "%.4f", row.mean.rate)), .init(seeds)]
                    + Table.Cell.difference(row.mean.againstFirst, lessIsBetter: false)
                    + [.init(String(format: "%.1f", row.length)), .init(String(format: "%.1f %%", 100 * row.cutOff))])
        }
        page.table(table)
        guard report.sets.count > 1 else { return }
        page.line("")
        var parts = Table(
            [.init("success, less the first's")]
                + report.sets.flatMap { [Table.Column($0, right: true), .init("", right: true)] })
        for row in report.rows {
            parts.add(
                [.init(row.name)]
                    + row.sets.flatMap { own in
                        [
                            .init(String(format: "%.3f", own.rate)),
                            Table.Cell.difference(own.againstFirst, lessIsBetter: false)[0],
                        ]
                    })
        }
        page.table(parts)
    }
}
