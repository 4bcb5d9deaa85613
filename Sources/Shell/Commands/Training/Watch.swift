import ArgumentParser
import Formats
import Foundation
import Terminal
import Training

struct Watch: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "watch", "Follow a job or a run until it is over; Ctrl-C stops the following, not the training.",
        discussion:
            "On a terminal its metrics and a chart are drawn anew each second; elsewhere they are printed once it is "
            + "over. A run that another shell trains is followed by its files.",
        examples: ["watch", "watch last critic/vf_loss", "watch ppo-2 critic/reward/mean 'actor/*'"])

    @Argument(help: ArgumentHelp("A job's number, a run, or last.", valueName: "job"))
    var job = Text("last")

    @Argument(help: ArgumentHelp("Metrics to chart (default: the reward or the loss).", valueName: "metric"))
    var metrics: [Text] = []

    func run(_ context: CommandContext) throws -> Outcome {
        let subject: any Watchable
        if let own = try context.jobs.own(job.string) {
            subject = WatchedJob(job: own, reporter: context.jobs.reporter)
        } else {
            subject = WatchedRun(try context.runs.id(job.string), context.workspace.runsDirectory)
        }
        var watching = try Watching(
            subject, wanted: metrics.map(\.string), context.console, runs: context.runs.folder)
        context.jobs.reporter.silence(true)
        defer { context.jobs.reporter.silence(false) }
        if context.console.streams, let screen = LiveScreen(context.console.output) {
            try watching.show(on: screen)
        } else {
            try watching.follow()
        }
        return try watching.outcome()
    }
}

/// What can be looked at while it trains.
private protocol Watchable {
    var run: String { get }
    /// Waits a moment at most.
    /// - Returns: whether it is over.
    func waitForEnd() -> Bool
    /// How far it is.
    func look() throws -> Watched
    /// What went wrong without ending it.
    var warnings: [JobWarning] { get }
    /// - Throws: the reason, where it failed.
    func fields() throws -> [JSONObject.Member]
}

private struct WatchedJob: Watchable {
    let job: Job
    let reporter: JobReporter

    var run: String { job.run }
    func waitForEnd() -> Bool { job.wait(seconds: 0.1) }
    func look() -> Watched { Watched(job.current) }
    var warnings: [JobWarning] { reporter.warnings(of: job.id) }

    func fields() throws -> [JSONObject.Member] {
        if let error = job.current.error { throw error }
        return JobView.outcome(job).fields
    }
}

/// A run that another process trains, or none any more.
private struct WatchedRun: Watchable {
    let run: String
    let folder: String
    let warnings: [JobWarning] = []

    init(_ run: String, _ folder: String) { (self.run, self.folder) = (run, folder) }

    func waitForEnd() -> Bool {
        guard RunDirectory.holder(of: run, in: folder) != nil else { return true }
        Thread.sleep(forTimeInterval: 0.1)
        return false
    }

    func look() throws -> Watched { Watched(try RunState(run, in: folder)) }

    func fields() throws -> [JSONObject.Member] {
        let state = try RunState(run, in: folder)
        return [
            ("job", .null), ("run", .string(run)), ("step", .int(state.step)),
            ("steps", state.steps.map { .int($0) } ?? .null), ("state", .string(state.description)),
        ]
    }
}

/// A job or a run being looked at: its state and the metrics read so far.
private struct Watching {
    let subject: any Watchable
    let wanted: [String]
    let console: Console
    private var metrics: RunMetrics

    /// Between two drawings; a resize is answered at once.
    private static let interval = Duration.seconds(1)

    init(_ subject: any Watchable, wanted: [String], _ console: Console, runs: RunFolder) throws {
        (self.subject, self.wanted, self.console) = (subject, wanted, console)
        metrics = try RunMetrics.load(subject.run, in: runs.path)
    }

    /// Draws until it is over or Ctrl-C.
    mutating func show(on screen: LiveScreen) throws {
        defer { screen.close() }
        let style = Style(hasColour: console.output.hasColour)
        var drawn: (at: ContinuousClock.Instant, size: (columns: Int, rows: Int))?
        while !subject.waitForEnd(), !console.cancellation.isCancelled {
            let size = screen.size
            if let drawn, drawn.size == size, ContinuousClock.now - drawn.at < Self.interval { continue }
            try metrics.update()
            screen.draw(try picture().lines(columns: size.columns, rows: size.rows, style))
            drawn = (.now, size)
        }
    }

    /// Waits, with a bar, until it is over or Ctrl-C.
    func follow() throws {
        let first = try subject.look()
        let bar = console.progress(first.head[0], unit: "steps", total: (first.steps ?? 0) - first.step)
        defer { bar.finish() }
        while !subject.waitForEnd(), !console.cancellation.isCancelled {
            let now = try subject.look()
            bar.update(now.step - first.step, of: (now.steps ?? 0) - first.step)
        }
    }

    /// - Throws: why the job failed, and a refusal of a metric that the run never had. While it runs, a metric may
    ///   still come.
    mutating func outcome() throws -> Outcome {
        let own = try subject.fields()
        try metrics.update()
        let picture = try picture()
        if picture.watched.isOver, !metrics.isEmpty {
            _ = try MetricPatterns.require(wanted, among: metrics.names, of: "the run \(subject.run)")
        }
        let charts = console.output.isTerminal
        return Outcome(own + [("remaining_seconds", .number(picture.remainingSeconds))]) { page in
            for line in picture.wholeLines(columns: page.width, withCharts: charts, page.style) { page.line(line) }
        }
    }

    private func picture() throws -> WatchPicture {
        WatchPicture(watched: try subject.look(), metrics: metrics, said: subject.warnings, wanted: wanted)
    }
}
