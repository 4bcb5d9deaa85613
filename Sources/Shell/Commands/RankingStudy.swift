import ArgumentParser
import Critics
import Formats
import Foundation
import Studies

struct RankingStudy: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "ranking", "How well critics choose among an actor's next steps.",
        discussion: """
            At a state of each problem's solution the actor draws 16 next steps; duplicates are dropped, states with fewer than three \
            steps left out. The worth of each step is measured by fresh rollouts. Pools are the first 2, 4, 8 and 16 draws, where their \
            steps differ in worth; top-1 is how often the first choice is of the best, ties shared. The first row is no critic: the \
            actor's own log-likelihood of the step. Intervals are 95 %, paired over states. Critics are given as in `study approximation`.
            """,
        examples: ["study ranking --problems 300 --rollouts 64", "study ranking --critic head --critic judge --critic exact"])

    @OptionGroup var setting: StudyOptions

    func run(_ context: CommandContext) throws -> Outcome {
        let session = context.session
        let study = try setting.read(session)
        let bar = context.progress("study", unit: "problems", total: study.problems.count)
        defer { bar.finish() }
        let report = try Ranking(rollouts: setting.rollouts, seed: session.seed).run(
            problems: study.problems, subjects: study.subjects, critics: study.critics, cancellation: context.cancellation
        ) { bar.update($0) }
        return outcome(report, study.actors)
    }

    private func outcome(_ report: Ranking.Report, _ actors: String) -> Outcome {
        let rows: [JSONValue] = report.rows.map { row in
            .object([
                ("estimator", .string(row.name)), ("top1", numbers(row.top1)), ("difference_to_previous", numbers(row.againstPrevious.map(\.mean))),
                ("previous_low", numbers(row.againstPrevious.map(\.interval.low))), ("previous_high", numbers(row.againstPrevious.map(\.interval.high))),
                ("pairs", .number(row.pairs)), ("chosen", .number(row.chosen)),
            ])
        }
        let fields: [JSONObject.Member] = [
            ("actor", .string(actors)), ("rollouts", .int(report.rollouts)), ("states", .int(report.states)),
            ("pool_sizes", .array(Ranking.poolSizes.map { .int($0) })), ("pools", .array(report.pools.map { .int($0) })),
            ("chance", numbers(report.chance)), ("blind", .number(report.blind)), ("rows", .array(rows)),
        ]
        return Outcome(fields) { page in
            page.line("\(actors): \(report.states) states, M = \(report.rollouts)")
            page.table(shares(report))
            page.line("")
            page.table(differences(report))
        }
    }

    private func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .number($0) }) }

    private func shares(_ report: Ranking.Report) -> Table {
        func three(_ value: Double) -> Table.Cell { .init(String(format: "%.3f", value)) }
        var table = Table(
            [.init("top-1 of")] + Ranking.poolSizes.map { .init("\($0)", right: true) } + [.init("pairs", right: true), .init("worth chosen", right: true)])
        table.add([.init("states")] + report.pools.map { .init("\($0)") } + ["", ""])
        table.add([.init("chance")] + report.chance.map(three) + [three(0.5), three(report.blind)])
        for row in report.rows { table.add([.init(row.name)] + row.top1.map(three) + [three(row.pairs), three(row.chosen)]) }
        return table
    }

    private func differences(_ report: Ranking.Report) -> Table {
        var table = Table([.init("less the one's above")] + Ranking.poolSizes.flatMap { [Table.Column("\($0)", right: true), .init("95 %")] })
        for row in report.rows.dropFirst() {
            table.add([.init(row.name)] + row.againstPrevious.flatMap { Study.cells($0, lessIsBetter: false) })
        }
        return table
    }
}
