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
        return StudyResult(
            figures: figures, rows: ("rows", rows), chart: chart(study),
            page: StudyPage(
                headline: headline, [.line(heading), .table(table)] + (parts.map { [.line(""), .table($0)] } ?? [])))
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

    /// The last actor, which the others are set beside.
    private var headline: String {
        guard let last = report.rows.last else { return "" }
        let difference = last.mean.againstFirst.map { String(format: ", %+.3f beside the first", $0.mean) } ?? ""
        return "\(last.name) solves " + String(format: "%.1f %%", 100 * last.mean.rate) + difference
    }

    private var heading: String {
        let sets = report.sets.count > 1 ? ", \(report.sets.count) sets alike" : ""
        return "\(report.problems.reduce(0, +)) problems\(sets), "
            + "\(samples == 1 ? "one solution" : "\(samples) solutions") each"
    }

    private var table: Table {
        var table = Table([
            .init("actor"), .init("success", right: true), .init("by seed"), .init("less the first's", right: true),
            .init("95 %", joined: true), .init("tokens", right: true), .init("cut off", right: true),
        ])
        for row in report.rows {
            let seeds =
                row.mean.rates.count > 1 ? row.mean.rates.map { String(format: "%.3f", $0) }.joined(separator: " ") : ""
            table.add(
                [.init(row.name), .init(String(format: "%.4f", row.mean.rate)), .init(seeds)]
                    + Table.Cell.difference(row.mean.againstFirst, lessIsBetter: false)
                    + [.init(String(format: "%.1f", row.length)), .init(String(format: "%.1f %%", 100 * row.cutOff))])
        }
        return table
    }

    /// Set by set; nil where there is but one.
    private var parts: Table? {
        guard report.sets.count > 1 else { return nil }
        var parts = Table(
            [.init("success, less the first's")]
                + report.sets.flatMap { [Table.Column($0, right: true), .init("", right: true, joined: true)] })
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
        return parts
    }
}
