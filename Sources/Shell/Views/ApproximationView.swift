import Critics
import Formats
import Foundation
import Plots
import Problems
import Studies
import Terminal

/// How one part of a study of approximation reads.
struct ApproximationView {
    /// Empty where there is but one.
    let part: String
    let report: ApproximationReport
    let actors: String
    /// Whose error the last differences leave off.
    let rival: String

    /// All parts as one result.
    static func result(_ study: String, _ views: [ApproximationView]) -> StudyResult {
        let parts = views.map { JSONValue.object($0.figures) }
        // One part's figures stand by themselves.
        let figures: [JSONObject.Member] = views.count == 1 ? views[0].figures : [("parts", .array(parts))]
        let chart = SVGIntervals(
            title: "\(study): mean squared error against the true success rate", note: note(views),
            panels: views.map(\.panel))
        let reliability = SVGPlot(
            title: "\(study): how often prefixes succeed, by the value they were given",
            note: "tenths of the values; who is right is on the diagonal",
            panels: views.map(\.reliability), across: "value")
        let gaps = views.dropFirst().flatMap { $0.gaps(over: views[0]) }
        return StudyResult(
            figures: figures + (gaps.isEmpty ? [] : [("gaps", .array(gaps.map(\.json)))]),
            rows: ("critics", views.flatMap(\.rows)), chart: chart,
            pictures: [("reliability.svg", reliability)],
            page: StudyPage(
                headline: views.first?.headline ?? "",
                StudyPage.joined(
                    views.map(\.blocks) + (gaps.isEmpty ? [] : [[.table(Gap.table(gaps, over: views[0]))]]))))
    }

    /// The best estimator's error beside the best constant's.
    private var headline: String {
        guard let best = report.rows.min(by: { $0.error.mean < $1.error.mean }) else { return "" }
        return "least error: \(best.critic), MSE "
            + String(format: "%.4f (constant %.4f)", best.error.mean, report.constantError)
    }

    /// How much wider each critic's lead over its rival is here than in another part.
    private func gaps(over base: ApproximationView) -> [Gap] {
        zip(report.rows, base.report.rows).compactMap { here, there in
            guard let one = here.againstRival, let other = there.againstRival else { return nil }
            return Gap(part: part, critic: here.critic, wider: one.less(other))
        }
    }

    private var reliability: SVGPlot.Panel {
        .init(
            title: part.isEmpty ? actors : part,
            series: report.rows.map { row in
                Series(name: row.critic, points: row.reliability.map { ($0.value, $0.truth) })
            })
    }

    private var success: Double { Double(report.successes) / Double(report.problems) }

    private var figures: [JSONObject.Member] {
        (part.isEmpty ? [] : [("part", .string(part))]) + [
            ("actor", .string(actors)), ("problems", .int(report.problems)), ("left_out", .int(report.leftOut)),
            ("prefixes", .int(report.prefixes)),
            ("rollouts", .int(report.rollouts)), ("success", .number(success)),
            ("success_low", .number(report.successInterval.low)),
            ("success_high", .number(report.successInterval.high)),
            ("constant", .number(report.constant)), ("constant_mse", .number(report.constantError)),
            ("table_mse", .number(report.tableError)),
            (
                "lines",
                .array(
                    report.lines.counts.sorted { $0.key < $1.key }.map { size, count in
                        .object([
                            ("operations", .int(size)), ("right", .int(count.right)), ("total", .int(count.total)),
                        ])
                    })
            ),
        ]
    }

    private var rows: [JSONObject] {
        report.rows.map { row in
            let places: [JSONObject.Member] = part.isEmpty ? [] : [("part", .string(part))]
            let errors: [JSONObject.Member] = [
                ("critic", .string(row.critic)), ("mse", .number(row.error.mean)),
                ("mse_low", .number(row.error.interval.low)),
                ("mse_high", .number(row.error.interval.high)), ("mse_by_run", .array(row.errors.map { .number($0) })),
                ("mae", .number(row.meanAbsoluteError)), ("pearson", .number(row.pearson)),
                ("spearman", .number(row.spearman)),
                ("auc", .number(row.detection)),
            ]
            let differences: [JSONObject.Member] = [
                ("difference", .number(row.againstConstant.mean)), ("low", .number(row.againstConstant.interval.low)),
                ("high", .number(row.againstConstant.interval.high)),
                ("difference_to_rival", .number(row.againstRival?.mean)),
                ("rival_low", .number(row.againstRival?.interval.low)),
                ("rival_high", .number(row.againstRival?.interval.high)),
            ]
            let chains: [JSONObject.Member] = [
                ("parse_failure_rate", .number(row.parseFailureRate)), ("tokens", .number(row.tokens)),
                ("operations", .int(row.checks?.operations ?? 0)),
                ("right_operations", .int(row.checks?.rightOperations ?? 0)),
                ("wrong_lines", .int(row.checks?.wrongLines ?? 0)),
                ("copied_claims", .int(row.checks?.copiedClaims ?? 0)),
                (
                    "reliability",
                    .array(row.reliability.map { .array([.number($0.value), .number($0.truth), .int($0.count)]) })
                ),
            ]
            return JSONObject(places + errors + differences + chains)
        }
    }

    /// Part by part.
    private static func note(_ views: [ApproximationView]) -> String {
        func each(_ count: (ApproximationReport) -> Int) -> String {
            views.map { String(count($0.report)) }.joined(separator: ", ")
        }
        return
            "\(each(\.prefixes)) prefixes of \(each(\.problems)) problems, M = \(views[0].report.rollouts); bars are "
            + "95 %, drawn by problem"
    }

    private var panel: SVGIntervals.Panel {
        .init(
            title: part.isEmpty ? actors : part,
            rows: report.rows.map {
                .init(name: $0.critic, value: $0.error.mean, low: $0.error.interval.low, high: $0.error.interval.high)
            },
            mark: ("constant", report.constantError))
    }

    private var blocks: [StudyPage.Block] {
        let heading = part.isEmpty ? "" : part + ": "
        var lines = [
            heading
                + String(
                    format: "%@ solves %.1f %% (95 %% %.1f-%.1f) of %d problems; %d prefixes, M = %d", actors,
                    100 * success,
                    100 * report.successInterval.low, 100 * report.successInterval.high, report.problems,
                    report.prefixes, report.rollouts)
        ]
        if report.leftOut > 0 {
            lines.append(
                "\(report.leftOut) more problems left out: with a chain their solutions are longer than a critic reads")
        }
        if !report.lines.counts.isEmpty {
            let shares = report.lines.counts.sorted { $0.key < $1.key }.map { size, count in
                String(
                    format: "%d: %.1f %% of %d", size, 100 * Double(count.right) / Double(max(1, count.total)),
                    count.total)
            }
            lines.append("lines right by operations  " + shares.joined(separator: "   "))
        }
        return lines.map { .line($0) } + [.table(table)]
    }

    private var table: Table {
        var table = Table([
            .init("estimator"), .init("MSE", right: true), .init("MAE", right: true), .init("AUC", right: true),
            .init("less the constant's", right: true), .init("95 %", joined: true),
            .init("less \(rival)", right: true), .init("95 %", joined: true), .init("unparsed", right: true),
            .init("re-checked right", right: true),
        ])
        func four(_ value: Double) -> Table.Cell { .init(String(format: "%.4f", value)) }
        func rest(_ count: Int) -> [Table.Cell] { Array(repeating: "", count: count) }
        table.add([.init(String(format: "constant %.2f", report.constant)), four(report.constantError)] + rest(8))
        for row in report.rows {
            let checks =
                row.checks.map {
                    String(
                        format: "%.2f %% of %d", 100 * Double($0.rightOperations) / Double(max(1, $0.operations)),
                        $0.operations)
                } ?? ""
            table.add(
                [
                    .init(row.critic), four(row.error.mean), four(row.meanAbsoluteError),
                    .init(row.detection.map { String(format: "%.3f", $0) } ?? ""),
                ]
                    + Table.Cell.difference(row.againstConstant) + Table.Cell.difference(row.againstRival)
                    + [
                        .init(row.tokens > 0 ? String(format: "%.1f %%", 100 * row.parseFailureRate) : ""),
                        .init(checks),
                    ])
        }
        if let error = report.tableError { table.add(["outcome table", four(error)] + rest(8)) }
        return table
    }
}

/// How much a difference to a rival changes from one part of a study to another.
private struct Gap {
    let part: String
    let critic: String
    let wider: PairedDifference

    var json: JSONValue {
        .object([
            ("part", .string(part)), ("critic", .string(critic)), ("change", .number(wider.mean)),
            ("low", .number(wider.interval.low)),
            ("high", .number(wider.interval.high)),
        ])
    }

    static func table(_ gaps: [Gap], over base: ApproximationView) -> Table {
        var table = Table([
            .init("difference to \(base.rival), beyond that of \(base.part)"), .init("part"),
            .init("change", right: true), .init("95 %", joined: true),
        ])
        for gap in gaps { table.add([.init(gap.critic), .init(gap.part)] + Table.Cell.difference(gap.wider)) }
        return table
    }
}
