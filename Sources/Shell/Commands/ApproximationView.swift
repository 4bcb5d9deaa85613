import Critics
import Formats
import Foundation
import Problems
import Studies

/// How a study of approximation reads.
struct ApproximationView {
    let report: Approximation.Report
    let actors: String
    /// Whose error the last differences leave off.
    let rival: String

    func outcome() -> Outcome {
        let rows: [JSONValue] = report.rows.map { row in
            .object([
                ("critic", .string(row.critic)), ("mse", .number(row.error)), ("mse_by_run", .array(row.errors.map { .number($0) })),
                ("mae", .number(row.meanAbsoluteError)),
                ("difference", .number(row.againstConstant.mean)), ("low", .number(row.againstConstant.interval.low)),
                ("high", .number(row.againstConstant.interval.high)),
                ("difference_to_previous", .number(row.againstRival?.mean)), ("previous_low", .number(row.againstRival?.interval.low)),
                ("previous_high", .number(row.againstRival?.interval.high)), ("parse_failure_rate", .number(row.parseFailureRate)),
                ("operations", .int(row.checks?.operations ?? 0)), ("right_operations", .int(row.checks?.rightOperations ?? 0)),
                ("wrong_lines", .int(row.checks?.wrongLines ?? 0)), ("copied_claims", .int(row.checks?.copiedClaims ?? 0)),
            ])
        }
        let fields: [JSONObject.Member] = [
            ("actor", .string(actors)), ("problems", .int(report.problems)), ("prefixes", .int(report.prefixes)),
            ("rollouts", .int(report.rollouts)), ("success", .number(Double(report.successes) / Double(report.problems))),
            ("success_low", .number(report.successInterval.low)), ("success_high", .number(report.successInterval.high)),
            ("constant", .number(report.constant)), ("constant_mse", .number(report.constantError)), ("critics", .array(rows)),
            ("lines", .array(report.lines.counts.sorted { $0.key < $1.key }.map { size, count in
                .object([("operations", .int(size)), ("right", .int(count.right)), ("total", .int(count.total))])
            })),
        ]
        return Outcome(fields) { page in
            let success = Double(report.successes) / Double(report.problems)
            page.line(String(
                format: "%@ solves %.1f %% (95 %% %.1f-%.1f) of %d problems; %d prefixes, M = %d", actors, 100 * success,
                100 * report.successInterval.low, 100 * report.successInterval.high, report.problems, report.prefixes, report.rollouts))
            if !report.lines.counts.isEmpty {
                let shares = report.lines.counts.sorted { $0.key < $1.key }.map { size, count in
                    String(format: "%d: %.1f %% of %d", size, 100 * Double(count.right) / Double(max(1, count.total)), count.total)
                }
                page.line("lines right by operations  " + shares.joined(separator: "   "))
            }
            var table = Table([
                .init("estimator"), .init("MSE", right: true), .init("MAE", right: true), .init("less the constant's", right: true),
                .init("95 %"), .init("less \(rival)", right: true), .init("95 %"), .init("unparsed", right: true), .init("re-checked right", right: true),
            ])
            table.add([.init(String(format: "constant %.2f", report.constant)), .init(String(format: "%.4f", report.constantError))] + (0..<7).map { _ in .init("") })
            for row in report.rows {
                let checks = row.checks.map { String(format: "%.2f %% of %d", 100 * Double($0.rightOperations) / Double(max(1, $0.operations)), $0.operations) } ?? ""
                table.add(
                    [.init(row.critic), .init(String(format: "%.4f", row.error)), .init(String(format: "%.4f", row.meanAbsoluteError))]
                        + Study.cells(row.againstConstant) + Study.cells(row.againstRival)
                        + [.init(String(format: "%.1f %%", 100 * row.parseFailureRate)), .init(checks)])
            }
            page.table(table)
        }
    }
}
