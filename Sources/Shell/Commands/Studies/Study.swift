import ArgumentParser

struct Study: ParsableCommand {
    static let configuration = CommandConfiguration.shell(
        "study", "Measure what the paper measures, with the loaded models.",
        examples: ["study approximation --problems 100 --rollouts 64"],
        subcommands: [
            ApproximationStudy.self, ScalingStudy.self, ICCStudy.self, ThoughtStudy.self, RankingStudy.self,
            SuccessStudy.self, BenchmarksStudy.self,
            CostStudy.self,
        ])
}
