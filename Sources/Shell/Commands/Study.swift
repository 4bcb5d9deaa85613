import ArgumentParser
import Compute
import Critics
import Formats
import Foundation
import Generation
import Problems
import Studies

struct Study: ParsableCommand {
    static let configuration = CommandConfiguration.shell(
        "study", "Measure what the paper measures, with the loaded models.", examples: ["study approximation --problems 100 --rollouts 64"],
        subcommands: [ApproximationStudy.self])

    struct ApproximationStudy: ShellCommand {
        static let configuration = CommandConfiguration.shell(
            "approximation", "How near critics come to the truth, beside the best constant guess.",
            discussion: """
                The actor solves each problem of a set once; every prefix's truth is measured by fresh rollouts; each critic rates \
                the same prefixes. Squared errors are bias-corrected: the rollouts' own noise p(1-p)/(M-1) is taken off. Intervals \
                are 95 %, paired over prefixes and drawn by problem. On starter:jumps the problems are other ones than \
                `problems load` gives, and the critic's re-checked operations are counted.
                """,
            examples: ["study approximation --set starter:jumps:test --problems 100 --rollouts 64", "study approximation --critic a --critic b"])

        @Option(help: ArgumentHelp("The problems: a data set, as `problems load` takes it.", valueName: "set"))
        var set: Text = Text("starter:jumps:test")

        @Option(help: ArgumentHelp("How many of them.", valueName: "count"))
        var problems = 100

        @Option(help: ArgumentHelp("Fresh rollouts of each prefix, M.", valueName: "count"))
        var rollouts = 64

        @Option(help: ArgumentHelp("Critics (default: the one in use).", valueName: "model"))
        var critic: [Text] = []

        func run(_ context: CommandContext) throws -> Outcome {
            let session = context.session
            guard (2...100_000).contains(problems), (2...100_000).contains(rollouts) else {
                throw ShellError.refused("--problems and --rollouts go from 2 to 100000")
            }
            let actor = try session.models.model(.actor)
            let names = critic.map(\.string)
            let critics = try names.isEmpty ? [session.models.model(.critic)] : names.map(session.models.find)
            let chosen = try session.problemSet(set.string, limit: problems, seed: Self.problemSeed &+ session.seed)
            let solver = try session.actor(actor), seed = session.seed
            var options = Approximation.Options()
            (options.rollouts, options.seed) = (rollouts, seed)
            options.maxPrefixes = session.settings.integer("critic.max_prefixes")
            var truthOptions = MonteCarlo.Options()
            (truthOptions.rollouts, truthOptions.sampling, truthOptions.seed) = (rollouts, solver.sampling, seed)
            let truth = MonteCarlo(actor: solver.completer, builder: solver.builder, template: solver.template, options: truthOptions)
            // The rate that the critics are told was measured on other problems, before: none of the test's outcomes are in it.
            let snapshot = solver.snapshot(rate: actor.measured.map { SuccessRate(value: $0.rate, source: .measured($0.rollouts)) })
            let bar = context.progress("study", unit: "problems", total: chosen.count)
            defer { bar.finish() }
            let report = try Approximation(options: options).run(
                problems: chosen,
                solve: { problem in
                    let key = RandomKey(seed: seed, purpose: .sampling, problem: UInt64(problem.id))
                    let solved = try solver.solve([.init(problem: problem, key: key)], as: snapshot, cancellation: context.cancellation)[0]
                    return (solved.solution, solved.steps)
                }, truth: truth,
                critics: critics.map { try session.critic($0) }, cancellation: context.cancellation
            ) { _, done, _ in bar.update(done) }
            return outcome(report, actor.name)
        }

        /// A built-in set is drawn under a seed of the study's own: nobody has played with these problems in the shell.
        private static let problemSeed: UInt64 = 2_000_003

        private func outcome(_ report: Approximation.Report, _ actor: String) -> Outcome {
            let rows: [JSONValue] = report.rows.map { row in
                .object([
                    ("critic", .string(row.critic)), ("mse", .number(row.error)), ("mae", .number(row.meanAbsoluteError)),
                    ("difference", .number(row.againstConstant.mean)), ("low", .number(row.againstConstant.interval.low)),
                    ("high", .number(row.againstConstant.interval.high)), ("parse_failure_rate", .number(row.parseFailureRate)),
                    ("operations", .int(row.checks?.operations ?? 0)), ("right_operations", .int(row.checks?.rightOperations ?? 0)),
                    ("wrong_lines", .int(row.checks?.wrongLines ?? 0)), ("copied_claims", .int(row.checks?.copiedClaims ?? 0)),
                ])
            }
            let fields: [JSONObject.Member] = [
                ("actor", .string(actor)), ("problems", .int(report.problems)), ("prefixes", .int(report.prefixes)),
                ("rollouts", .int(report.rollouts)), ("success", .number(Double(report.successes) / Double(report.problems))),
                ("success_low", .number(report.successInterval.low)), ("success_high", .number(report.successInterval.high)),
                ("constant", .number(report.constant)), ("constant_mse", .number(report.constantError)), ("critics", .array(rows)),
                ("lines", .array(report.lines.map { line in
                    .object([("operations", .int(line.operations)), ("right", .int(line.right)), ("total", .int(line.total))])
                })),
            ]
            return Outcome(fields) { page in
                let success = Double(report.successes) / Double(report.problems)
                page.line(String(
                    format: "%@ solves %.1f %% (95 %% %.1f-%.1f) of %d problems; %d prefixes, M = %d", actor, 100 * success,
                    100 * report.successInterval.low, 100 * report.successInterval.high, report.problems, report.prefixes, report.rollouts))
                if !report.lines.isEmpty {
                    let shares = report.lines.map { String(format: "%d: %.1f %% of %d", $0.operations, 100 * Double($0.right) / Double(max(1, $0.total)), $0.total) }
                    page.line("lines right by operations  " + shares.joined(separator: "   "))
                }
                var table = Table([
                    .init("estimator"), .init("MSE", right: true), .init("MAE", right: true), .init("less the constant's", right: true),
                    .init("95 %"), .init("parse failures", right: true), .init("re-checked right", right: true),
                ])
                table.add([.init(String(format: "constant %.2f", report.constant)), .init(String(format: "%.4f", report.constantError))] + (0..<5).map { _ in .init("") })
                for row in report.rows {
                    let difference = row.againstConstant
                    let checks = row.checks.map { String(format: "%.2f %% of %d", 100 * Double($0.rightOperations) / Double(max(1, $0.operations)), $0.operations) } ?? ""
                    table.add([
                        .init(row.critic), .init(String(format: "%.4f", row.error)), .init(String(format: "%.4f", row.meanAbsoluteError)),
                        .init(String(format: "%+.4f", difference.mean)) { difference.interval.high < 0 ? $0.good($1) : $1 },
                        .init(String(format: "%+.4f..%+.4f", difference.interval.low, difference.interval.high)),
                        .init(String(format: "%.1f %%", 100 * row.parseFailureRate)), .init(checks),
                    ])
                }
                page.table(table)
            }
        }
    }
}
