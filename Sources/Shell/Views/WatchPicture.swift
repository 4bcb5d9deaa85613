import Foundation
import Plots
import Terminal
import Training

/// Who is watched, and how far it is.
struct Watched {
    /// Of the header, from left to right.
    let head: [String]
    let step: Int
    /// Nil where it is not known.
    let steps: Int?
    let isOver: Bool
    let isPaused: Bool

    /// A job of this shell's.
    init(_ status: JobStatus) {
        head = ["job \(status.id)", "run \(status.run)", status.method.name, status.state.rawValue]
        (step, steps) = (status.step, status.steps)
        (isOver, isPaused) = (status.state.isOver, status.state == .paused)
    }

    /// A run as its files tell.
    init(_ run: RunState) {
        head = ["run \(run.id)"] + [run.stage, run.description].compactMap { $0 }
        (step, steps) = (run.step, run.steps)
        (isOver, isPaused) = (run.holder == nil, false)
    }
}

/// What `watch` shows of a job or a run: a header, the newest metrics, charts of some, and the last warnings.
struct WatchPicture {
    let watched: Watched
    let metrics: RunMetrics
    /// What the job said went wrong, oldest first.
    let said: [JobWarning]
    /// Metrics to chart, or patterns; empty: what tells most of the stage.
    let wanted: [String]

    private static let window = 20

    /// Fitted into so many rows, which are never exceeded: the charts give way first, then the table.
    func lines(columns: Int, rows: Int, _ style: Style) -> [String] {
        let warnings = self.warnings(columns, style)
        let room = rows - 1 - warnings.count
        let table = self.table(columns, style)
        let tableNeeds = min(table.count, max(4, room / 3))
        let charts = columns < 24 ? [] : self.charts(columns, room: room - tableNeeds, style)
        let shown = Self.cut(table, to: room - charts.count, style)
        return Array(([header(columns, style)] + shown + charts + warnings).prefix(max(rows, 0)))
    }

    /// All of it, for where nothing is redrawn.
    func wholeLines(columns: Int, withCharts: Bool, _ style: Style) -> [String] {
        [header(columns, style)] + table(columns, style) + (withCharts ? charts(columns, room: .max, style) : [])
            + warnings(columns, style)
    }

    var remainingSeconds: Double? {
        guard !watched.isOver, let steps = watched.steps, let seconds = metrics.secondsPerStep else { return nil }
        return Double(max(0, steps - watched.step)) * seconds
    }

    private func header(_ columns: Int, _ style: Style) -> String {
        let name = watched.head, steps = watched.steps ?? 0
        let share = steps > 0 ? Double(watched.step) / Double(steps) : 0
        var progress = ["step \(watched.step)" + (steps > 0 ? "/\(steps)" : "")]
        if let seconds = metrics.secondsPerStep { progress.append("\(Span.text(seconds))/step") }
        if let remaining = remainingSeconds {
            progress.append("\(Span.text(remaining)) \(watched.isPaused ? "of work left" : "left")")
        }
        // The bar says nothing new, so it is the first to go.
        let whole = (name + [Bar.text(share)] + progress).joined(separator: "  ")
        let text = TextWidth.columns(whole) <= columns ? whole : (name + progress).joined(separator: "  ")
        return style.bold(TextWidth.truncated(text, to: columns))
    }

    private func table(_ columns: Int, _ style: Style) -> [String] {
        let names = metrics.names
        guard !names.isEmpty else { return ["no step is done yet"] }
        var table = Table([
            .init("metric", giving: .cut), .init("last", right: true), .init("mean of \(Self.window)", right: true),
            .init("change", right: true),
        ])
        for name in names.filter({ !RunMetrics.isClock($0) }) + names.filter(RunMetrics.isClock) {
            let values = metrics.newest(2 * Self.window, of: name)
            table.add([
                .init(name) { RunMetrics.isClock(name) ? $0.faint($1) : $1 },
                .init(values.last.map(Chart.number) ?? ""),
                .init(Array(values.suffix(Self.window)).mean.map(Chart.number) ?? ""),
                .init(Self.change(values).map(Self.signed) ?? ""),
            ])
        }
        return table.lines(width: columns, isTerminal: false, style: style)
    }

    /// From the mean of the twenty values before to that of the newest twenty; halves of what there is while it is
    /// less.
    private static func change(_ values: [Double]) -> Double? {
        let half = min(window, values.count / 2)
        guard half > 0, let new = Array(values.suffix(half)).mean,
            let old = Array(values.suffix(2 * half).prefix(half)).mean
        else { return nil }
        return new - old
    }

    private static func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + Chart.number(value) }

    private static func cut(_ table: [String], to room: Int, _ style: Style) -> [String] {
        guard table.count > room else { return table }
        guard room > 1 else { return Array(table.prefix(max(0, room))) }
        return table.prefix(room - 1) + [style.faint("… and \(table.count - room + 1) more")]
    }

    /// As many of the charts as have room for three rows of dots each.
    private func charts(_ columns: Int, room: Int, _ style: Style) -> [String] {
        let chosen = Array(self.chosen.prefix(max(0, room / 6)))
        guard !chosen.isEmpty else { return [] }
        let height = min(10, room / chosen.count - 3)
        return chosen.flatMap { name in
            [""] + chart(name, width: min(columns, 100)).lines(width: min(columns, 100), height: height, style: style)
        }
    }

    /// More points than dots across would be a smear; then the running mean is drawn.
    private func chart(_ name: String, width: Int) -> Chart {
        let series = Series(name: name, points: metrics.points(name))
        let title = TextWidth.visible(name, keepingLines: false)
        guard series.points.count > 2 * width else { return Chart(title: title, series: [series]) }
        return Chart(title: "\(title)  (running mean of \(Self.window) steps)", series: [series.smoothed(Self.window)])
    }

    /// Named ones that have no values yet have a chart that says so.
    private var chosen: [String] {
        let names = metrics.names
        guard wanted.isEmpty else {
            let (known, unknown) = MetricPatterns.resolve(wanted, among: names)
            return known + unknown
        }
        let learns = names.contains("actor/pg_loss") ? ["critic/score/mean"] : []
        let favourites = (learns + ["critic/reward/mean", "train/loss", "critic/vf_loss"]).filter(names.contains)
        return Array((favourites + names.filter { $0.hasSuffix("loss") }).prefix(1))
    }

    /// The last two.
    private func warnings(_ columns: Int, _ style: Style) -> [String] {
        let skipped = metrics.skipped.suffix(2).map {
            JobWarning(step: $0, text: "the update was left out, its gradient is not finite")
        }
        return (said + skipped).sorted { $0.step < $1.step }.suffix(2).map { warning in
            let text = "warning at step \(warning.step): " + TextWidth.visible(warning.text, keepingLines: false)
            return style.warning(TextWidth.truncated(text, to: columns))
        }
    }
}
