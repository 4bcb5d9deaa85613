import ArgumentParser
import Formats
import Foundation
import Plots
import Studies

struct CostStudy: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "cost", "What an iteration of each method costs on equal work, kept beside the other studies.",
        discussion: "`bench iteration` says what is measured, and measures other shapes.",
        examples: ["study cost", "study cost --runs 7"])

    @OptionGroup var work: IterationWork
    @OptionGroup var keeping: StudyKeeping

    func run(_ context: CommandContext) throws -> Outcome {
        let desk = StudyDesk(context)
        let model = try work.loaded(desk)
        return try keeping.keep(
            "cost", desk, measures: (1, "measurement"),
            question: [("shape", .string(work.shape)), ("runs", .int(work.runs))], models: [model]
        ) { log in
            let rows = try work.measure(desk, log: log)
            let chart = SVGIntervals(
                title: "cost: seconds of an iteration, as a multiple of ppo's",
                note: "\(work.shape); median, fastest and slowest of \(work.runs)",
                panels: [.init(title: model.name, rows: Self.ratios(rows))])
            return StudyResult(
                figures: [("model", .string(model.name))], rows: ("rows", IterationWork.json(rows)), chart: chart,
                page: StudyPage(headline: Self.headline(rows), work.blocks(rows, model.name)))
        }
    }

    private static func headline(_ rows: [IterationBenchmark.Row]) -> String {
        let base = IterationWork.base(rows)
        return rows.map { String(format: "\($0.method.rawValue) %.2f", $0.total / base) }.joined(separator: ", ")
            + " of ppo's seconds"
    }

    private static func ratios(_ rows: [IterationBenchmark.Row]) -> [SVGIntervals.Row] {
        let base = IterationWork.base(rows)
        return rows.map { row in
            let all = row.runs.map { $0.reduce(0, +) / base }
            return .init(name: row.method.rawValue, value: row.total / base, low: all.min() ?? 0, high: all.max() ?? 0)
        }
    }
}
