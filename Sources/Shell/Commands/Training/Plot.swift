import ArgumentParser
import Compute
import Formats
import Foundation
import Plots
import Terminal

struct Plot: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "plot", "Draw metrics of one or several runs over their steps or seconds.",
        discussion: """
            A word that names a job, a run or `last` (the newest run) is a run, several with commas between are drawn \
            as their mean; any other word is a metric, or a pattern of metrics with * and ?. Each metric is a chart, \
            with every run's line in it. Without a metric the losses, rewards and scores that all the runs have are \
            drawn; without a run the newest.
            """,
        examples: [
            "plot", "plot sft-1 train/loss actor/grad_norm", "plot sft-1 sft-2 train/loss --smooth 20",
            "plot last 'actor/*' --svg actor.svg", "plot genac-1,genac-2 grpo-3,grpo-4 val/score/mean --by seconds",
        ])

    @Argument(help: ArgumentHelp("Jobs or runs, and metrics.", valueName: "run-or-metric"))
    var words: [Text] = []

    @Option(help: ArgumentHelp("Write an SVG picture instead of drawing here.", valueName: "file"))
    var svg: Text?

    @Option(help: ArgumentHelp("Draw the running mean over so many steps.", valueName: "count"))
    var smooth: Int = 1

    enum Across: String, CaseIterable, ExpressibleByArgument { case step, seconds }

    @Option(help: "From left to right: step, or seconds of training (what testing took is not counted).")
    var by: Across = .step

    func run(_ context: CommandContext) throws -> Outcome {
        try RangeCheck.require("--smooth", smooth, in: 1...10_000)
        let figure = try Figure(
            try PlotWords(words.map(\.string), run: context.runs.several), smooth: smooth, by: by, context.runs)
        guard let svg else { return Outcome(figure.fields, render: figure.draw) }
        let path = Home.output(svg.string)
        try AtomicFile.write(Array(figure.svg.text.utf8), to: path)
        return Outcome(figure.fields + [("svg", .string(path))]) { page in
            page.line("\(svg.string): \(figure.description)")
        }
    }
}

/// Metrics of runs, read and ready to be drawn.
private struct Figure {
    let runs: [PlottedRuns]
    let metrics: [String]
    let known: [String]
    let smooth: Int
    let by: Plot.Across

    /// - Throws: a refusal of a run without metrics, of a metric that no run has.
    init(_ words: PlotWords, smooth: Int, by: Plot.Across, _ names: RunNames) throws {
        self.by = by
        let folder = names.folder.path
        let ids = words.runs.isEmpty ? [try names.folder.newest()] : words.runs
        runs = try ids.map { try PlottedRuns($0, in: folder) }
        var seen: Set<String> = []
        known = runs.flatMap(\.names).filter { seen.insert($0).inserted }
        self.smooth = smooth
        let owner = (ids.count == 1 ? "the run " : "the runs ") + ids.joined(separator: ", ")
        let shared = known.filter { [runs] metric in runs.allSatisfy { $0.names.contains(metric) } }
        metrics =
            words.metrics.isEmpty
            ? shared.filter(Self.tellsOfLearning) : try Self.chosen(words.metrics, known, owner, names.known)
        guard !metrics.isEmpty else {
            let of =
                ids.count == 1
                ? "\(owner) has no loss, reward or score" : "\(owner) have no loss, reward or score in common"
            throw ShellError.refused(of, hint: "name some of: \(known.joined(separator: ", "))")
        }
    }

    private static func tellsOfLearning(_ metric: String) -> Bool {
        // A policy's loss is near 0 whatever it learns.
        metric != "actor/pg_loss" && metric.hasSuffix("loss") || metric.hasSuffix("reward/mean")
            || metric.hasSuffix("score/mean")
    }

    private static func chosen(_ patterns: [String], _ known: [String], _ owner: String, _ all: [String]) throws
        -> [String]
    {
        let (chosen, unknown) = MetricPatterns.resolve(patterns, among: known)
        guard let missing = unknown.first else { return chosen }
        // What is neither may be a mistyped run as well.
        let near = DidYouMean.nearest(to: missing, in: all + known).map { "did you mean \($0)? " } ?? ""
        throw ShellError.refused(
            "\(missing) is no run, and no metric of \(owner)",
            hint: near + "there are: \(known.joined(separator: ", "))")
    }

    private func raw(_ metric: String) -> [Series] {
        runs.map { Series(name: $0.name, points: $0.points(metric, by: by)) }
    }

    private func series(_ metric: String) -> [Series] { raw(metric).map { $0.smoothed(smooth) } }

    private var note: String { smooth > 1 ? "running mean of \(smooth) steps" : "" }

    var fields: [JSONObject.Member] {
        func points(_ series: Series) -> JSONValue {
            .array(series.points.map { .array([.number($0.x), .number($0.y)]) })
        }
        let all = metrics.map { (metric: $0, series: series($0)) }
        func members(_ run: Int) -> JSONValue { .object(all.map { ($0.metric, points($0.series[run])) }) }
        var fields: [JSONObject.Member] = [
            ("run", .string(runs[0].name)), ("metrics", members(0)), ("known", .array(known.map { .string($0) })),
        ]
        if runs.count > 1 { fields.append(("runs", .object(runs.indices.map { (runs[$0].name, members($0)) }))) }
        if smooth > 1 { fields.append(("smooth", .int(smooth))) }
        if by != .step { fields.append(("by", .string(by.rawValue))) }
        return fields
    }

    func draw(_ page: Page) {
        let title = note.isEmpty ? "" : "  (\(note))"
        for metric in metrics {
            let chart = Chart(title: TextWidth.visible(metric, keepingLines: false) + title, series: series(metric))
            for line in chart.lines(width: min(page.width, 100), style: page.style) { page.line(line) }
        }
    }

    /// More lines than these hide each other when the values before smoothing are drawn behind them.
    private static let fewEnough = 3

    var svg: SVGPlot {
        SVGPlot(
            title: runs.count > 4 ? "\(runs.count) lines" : runs.map(\.name).joined(separator: ", "), note: note,
            panels: metrics.map {
                .init(title: $0, series: series($0), raw: smooth > 1 && runs.count <= Self.fewEnough ? raw($0) : [])
            }, across: by.rawValue)
    }

    var description: String {
        let panels = metrics.count == 1 ? "1 panel" : "\(metrics.count) panels"
        return "\(panels), \(runs.count == 1 ? "1 line" : "\(runs.count) lines")"
    }
}
