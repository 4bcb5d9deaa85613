import Compute
import Critics
import Foundation
import Problems
import Terminal
import Training
import Workspace
import Prompts

/// How a shell was started.
package struct Options: Sendable {
    package var json = false
    package var keepGoing = false
    package var isInteractive = false
    package var colour = ColourChoice.auto

    package init() {}
}

/// The state of one shell, passed to every command. Only the thread that runs commands touches it.
package final class Session {
    package var options: Options
    package let home: Home
    package let workspace: Workspace
    package let mailbox: Mailbox
    /// Signals; nil where the shell is driven by a test in its own process.
    var interrupts: Interrupts?
    package var settings = SettingValues()
    package var timing = false
    package var models = Models()
    /// The problem that commands mean when they name none.
    package var problem: Problem?
    package var icc = ICC()
    /// How many solutions of each problem were sampled in this session, by the problem's id.
    var samplesDrawn: [Int: UInt64] = [:]
    let jobReporter: JobReporter
    let jobCentre: JobCentre
    let valuationShelf: Shelf<Valuation>
    let truthShelf: Shelf<Valuation>
    /// The user was told that `"…"` takes JSON's escapes no more.
    var hasWarnedOfEscapes = false
    /// What was typed in this session, oldest first.
    package var history: [String] = []

    package init(options: Options, workspace: Workspace, home: Home, mailbox: Mailbox = Mailbox()) {
        self.options = options
        self.workspace = workspace
        self.home = home
        self.mailbox = mailbox
        let source = ModelSource(home: home, runs: workspace.runsDirectory)
        let reporter = JobReporter(mailbox: mailbox)
        jobReporter = reporter
        jobCentre = JobCentre(
            runs: workspace.runsDirectory, load: { try source.load($0, name: source.defaultName($0), part: $1) },
            prompts: Self.prompts(workspace, home), notify: { reporter.report($0) })
        valuationShelf = workspace.estimates(.valuation, as: Valuation.self)
        truthShelf = workspace.estimates(.truth, as: Valuation.self)
    }

    var modelSource: ModelSource { ModelSource(home: home, runs: workspace.runsDirectory) }

    package var seed: UInt64 { settings.unsigned("seed") }

    /// Shows what jobs said while a command ran.
    func flushMessages(_ output: Output) {
        for event in mailbox.drain() {
            if case .message(let text) = event { output.write(text.hasSuffix("\n") ? text : text + "\n") }
        }
    }

    /// Names for completion, by the name of the argument's value; `words` are the command's before it.
    func choices(_ valueName: String, _ words: [String], _ partial: String) -> [String] {
        switch valueName {
        case "file", "dir", "path": Paths.choices(partial)
        case "key": Settings.all.map(\.key)
        case "command", "topic": Registry.names
        case "model", "name": models.all.map(\.name)
        case "source": Paths.choices(partial) + starterNames.map { "starter:" + $0 } + runNames.map { "run:" + $0 }
        case "set": Paths.choices(partial) + JumpsSplit.allCases.map { "starter:jumps:" + $0.rawValue }
        case "field": icc.names
        case "template": (prompts.names(.critic) + prompts.names(.actor))
        case "job": jobNames
        case "run-or-metric": jobNames + newestMetrics
        case "metric": newestMetrics
        case "run": runNames
        case "assignment": Settings.of(words.lazy.compactMap(StageName.init).first).map { $0.key + "=" }
        case "problem": ((try? workspace.problems.ids()) ?? []).map(String.init)
        case "solution", "prefix": ((try? workspace.solutions.ids()) ?? []).map(String.init) + ["last"]
        default: []
        }
    }

    var runNames: [String] { (try? RunDirectory.list(in: workspace.runsDirectory)) ?? [] }

    private var jobNames: [String] { jobCentre.jobs.map { String($0.id) } + runNames + ["last"] }

    private var newestMetrics: [String] {
        guard let run = try? modelSource.newestRun() else { return [] }
        return (try? RunMetrics.load(run, in: workspace.runsDirectory))?.names ?? []
    }

    private var starterNames: [String] {
        home.roots.flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0 + "/starter")) ?? [] }
    }
}
