import ArgumentParser
import Critics
import Foundation
import Terminal

struct Study: ParsableCommand {
    static let configuration = CommandConfiguration.shell(
        "study", "Measure what the paper measures, with the loaded models.",
        examples: ["study approximation --problems 100 --rollouts 64"],
        subcommands: [
            ApproximationStudy.self, ScalingStudy.self, ICCStudy.self, ThoughtStudy.self, RankingStudy.self,
            SuccessStudy.self, BenchmarksStudy.self,
            CostStudy.self,
        ])

    /// A difference and its interval.
    /// - Parameter lessIsBetter: of an error.
    static func cells(_ difference: PairedDifference?, lessIsBetter: Bool = true) -> [Table.Cell] {
        guard let difference else { return ["", ""] }
        let (low, high) = (difference.interval.low, difference.interval.high)
        let isBetter = lessIsBetter ? high < 0 : low > 0, isWorse = lessIsBetter ? low > 0 : high < 0
        return [
            .init(String(format: "%+.4f", difference.mean)) { isBetter ? $0.good($1) : isWorse ? $0.bad($1) : $1 },
            .init(String(format: "%+.4f..%+.4f", low, high)),
        ]
    }
}
