import ArgumentParser
import Formats
import Foundation
import Terminal
import Training

struct Watch: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "watch", "Follow a job until it is over; Ctrl-C stops the following, not the job.",
        discussion:
            "On a terminal its metrics and a chart are drawn anew each second; elsewhere they are printed once it is "
            + "over.",
        examples: ["watch 1", "watch last critic/vf_loss", "watch ppo-2 critic/reward/mean 'actor/*'"])

    @Argument(help: ArgumentHelp("A job's number, its run, or last.", valueName: "job"))
    var job: Text

    @Argument(help: ArgumentHelp("Metrics to chart (default: the reward or the loss).", valueName: "metric"))
    var metrics: [Text] = []

    func run(_ context: CommandContext) throws -> Outcome {
        let job = try context.jobs.job(job.string)
        var watching = try JobWatching(
            job, wanted: metrics.map(\.string), context.jobs.reporter, context.console, runs: context.runs.folder)
        if context.console.streams, let screen = LiveScreen(context.console.output) {
            try watching.show(on: screen)
            if let error = job.current.error { throw error }
        } else {
            try context.jobs.follow(job, context.console, stoppingOnInterrupt: false)
        }
        return try watching.outcome()
    }
}

/// A job being looked at: its state and the metrics read so far.
private struct JobWatching {
    let job: Job
    let wanted: [String]
    let reporter: JobReporter
    let console: Console
    private var metrics: RunMetrics

    /// Between two drawings; a resize is answered at once.
    private static let interval = Duration.seconds(1)

    init(_ job: Job, wanted: [String], _ reporter: JobReporter, _ console: Console, runs: RunFolder) throws {
        (self.job, self.wanted, self.reporter, self.console) = (job, wanted, reporter, console)
        metrics = try RunMetrics.load(job.run, in: runs.path)
    }

    /// Draws until the job is over or Ctrl-C.
    mutating func show(on screen: LiveScreen) throws {
        reporter.silence(true)
        defer {
            reporter.silence(false)
            screen.close()
        }
        let style = Style(hasColour: console.output.hasColour)
        var drawn: (at: ContinuousClock.Instant, size: (columns: Int, rows: Int))?
        while !job.wait(seconds: 0.1), !console.cancellation.isCancelled {
            let size = screen.size
            if let drawn, drawn.size == size, ContinuousClock.now - drawn.at < Self.interval { continue }
            try metrics.update()
            screen.draw(picture.lines(columns: size.columns, rows: size.rows, style))
            drawn = (.now, size)
        }
    }

    /// - Throws: a refusal of a metric that the run never had. While it runs, a metric may still come.
    mutating func outcome() throws -> Outcome {
        try metrics.update()
        if job.current.state.isOver, !metrics.isEmpty {
            _ = try MetricPatterns.require(wanted, among: metrics.names, of: "the run \(job.run)")
        }
        let picture = self.picture
        let fields = JobView.outcome(job).fields + [("remaining_seconds", .number(picture.remainingSeconds))]
        let charts = console.output.isTerminal
        return Outcome(fields) { page in
            for line in picture.wholeLines(columns: page.width, withCharts: charts, page.style) { page.line(line) }
        }
    }

    private var picture: WatchPicture {
        WatchPicture(
            status: job.current, metrics: metrics, said: reporter.warnings(of: job.id),
            wanted: wanted)
    }
}
