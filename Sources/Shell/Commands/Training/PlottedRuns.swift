import Foundation

/// One line of a plot: a run, or the mean of several that differ in their seed, named A,B,C.
struct PlottedRuns {
    let name: String
    private let runs: [RunMetrics]

    /// - Throws: a refusal of a run without metrics.
    init(_ name: String, in folder: String) throws {
        self.name = name
        runs = try name.split(separator: ",").map { try RunMetrics.load(String($0), in: folder) }
        for run in runs where run.isEmpty {
            throw ShellError.refused("the run \(run.run) has no metrics yet", hint: "`watch` follows its job")
        }
    }

    /// Metrics that all of them have.
    var names: [String] {
        runs.dropFirst().reduce(runs[0].names) { known, run in known.filter(run.names.contains) }
    }

    /// The mean over the runs at each step that all have taken, over steps or over their mean seconds.
    func points(_ metric: String, by across: Plot.Across) -> [(x: Double, y: Double)] {
        let values = runs.map { Dictionary($0.points(metric).map { ($0.x, $0.y) }) { $1 } }
        let seconds = across == .seconds ? runs.map { Dictionary($0.seconds.map { ($0.step, $0.sum) }) { $1 } } : []
        return runs[0].points(metric).compactMap { point in
            let own = values.compactMap { $0[point.x] }, times = seconds.compactMap { $0[point.x] }
            guard own.count == runs.count, times.count == seconds.count else { return nil }
            return (times.mean ?? point.x, own.mean ?? point.y)
        }
    }
}
