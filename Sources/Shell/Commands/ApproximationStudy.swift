import ArgumentParser
import Critics
import Formats
import Foundation
import Problems
import Studies

struct ApproximationStudy: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "approximation", "How near critics come to the truth, beside the best constant guess.",
        discussion: """
            Actors solve the problems of a set in turn; every prefix's truth is measured by fresh rollouts; each critic rates \
            the same prefixes. Squared errors are bias-corrected: the rollouts' own noise p(1-p)/(M-1) is taken off. Intervals \
            are 95 %, paired over prefixes and drawn by problem. A critic given as A,B,C is one training under several seeds: \
            the errors are averaged prefix by prefix. `exact` is the task's own solver with the actors' measured skill, the \
            ceiling of checking. On starter:jumps the problems are other ones than `problems load` gives, and the critic's \
            re-checked operations are counted.
            """,
        examples: ["study approximation --set starter:jumps:test --problems 100 --rollouts 64", "study approximation --critic before --critic sft-1,sft-2,sft-3 --critic exact"])

    @OptionGroup var setting: StudyOptions

    func run(_ context: CommandContext) throws -> Outcome {
        let session = context.session
        let study = try setting.read(session)
        var options = Approximation.Options()
        (options.rollouts, options.seed) = (setting.rollouts, session.seed)
        options.maxPrefixes = session.settings.integer("critic.max_prefixes")
        let bar = context.progress("study", unit: "problems", total: study.problems.count)
        defer { bar.finish() }
        let report = try Approximation(options: options).run(
            problems: study.problems, subjects: study.subjects, critics: study.critics, cancellation: context.cancellation
        ) { bar.update($0) }
        return outcome(report, study.actors)
    }

    private func outcome(_ report: Approximation.Report, _ actor: String) -> Outcome {
        let rows: [JSONValue] = report.rows.map { row in
            .object([
                ("critic", .string(row.critic)), ("mse", .number(row.error)), ("mse_by_run", .array(row.errors.map { .number($0) })),
                ("mae", .number(row.meanAbsoluteError)),
                ("difference", .number(row.againstConstant.mean)), ("low", .number(row.againstConstant.interval.low)),
                ("high", .number(row.againstConstant.interval.high)),
                ("difference_to_previous", .number(row.againstPrevious?.mean)), ("previous_low", .number(row.againstPrevious?.interval.low)),
                ("previous_high", .number(row.againstPrevious?.interval.high)), ("parse_failure_rate", .number(row.parseFailureRate)),
                ("operations", .int(row.checks?.operations ?? 0)), ("right_operations", .int(row.checks?.rightOperations ?? 0)),
                ("wrong_lines", .int(row.checks?.wrongLines ?? 0)), ("copied_claims", .int(row.checks?.copiedClaims ?? 0)),
            ])
        }
        let fields: [JSONObject.Member] = [
            ("actor", .string(actor)), ("problems", .int(report.problems)), ("prefixes", .int(report.prefixes)),
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
                format: "%@ solves %.1f %% (95 %% %.1f-%.1f) of %d problems; %d prefixes, M = %d", actor, 100 * success,
                100 * report.successInterval.low, 100 * report.successInterval.high, report.problems, report.prefixes, report.rollouts))
            if !report.lines.counts.isEmpty {
                let shares = report.lines.counts.sorted { $0.key < $1.key }.map { size, count in
                    String(format: "%d: %.1f %% of %d", size, 100 * Double(count.right) / Double(max(1, count.total)), count.total)
                }
                page.line("lines right by operations  " + shares.joined(separator: "   "))
            }
            var table = Table([
                .init("estimator"), .init("MSE", right: true), .init("MAE", right: true), .init("less the constant's", right: true),
                .init("95 %"), .init("less the one's above", right: true), .init("95 %"), .init("unparsed", right: true), .init("re-checked right", right: true),
            ])
            table.add([.init(String(format: "constant %.2f", report.constant)), .init(String(format: "%.4f", report.constantError))] + (0..<7).map { _ in .init("") })
            for row in report.rows {
                let checks = row.checks.map { String(format: "%.2f %% of %d", 100 * Double($0.rightOperations) / Double(max(1, $0.operations)), $0.operations) } ?? ""
                table.add(
                    [.init(row.critic), .init(String(format: "%.4f", row.error)), .init(String(format: "%.4f", row.meanAbsoluteError))]
                        + Study.cells(row.againstConstant) + Study.cells(row.againstPrevious)
                        + [.init(String(format: "%.1f %%", 100 * row.parseFailureRate)), .init(checks)])
            }
            page.table(table)
        }
    }
}
