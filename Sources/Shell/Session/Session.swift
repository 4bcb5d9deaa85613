import Problems
import Training
import Workspace

/// How a shell was started.
package struct Options: Sendable {
    /// Results as lines of JSON.
    package var json = false
    /// A failing command does not end the script.
    package var keepGoing = false
    /// A person types.
    package var isInteractive = false
    /// The commands themselves come from standard input.
    package var readsCommands = false

    /// A script's, which stops at its first failure.
    package init() {}
}

/// The parts of one shell, each of one idea, and how they hang together. Only the thread that runs commands touches
/// them. Nothing is given a session whole: commands see the parts through their context, all else takes the one or two
/// that it works with.
package struct Session {
    let options: Options
    /// What other threads have to say to the one that runs commands.
    let mailbox = Mailbox()
    let home: Home
    /// Problems, solutions and the folders of runs and studies.
    let workspace: Workspace
    let settings: SettingValues
    /// What a model may be loaded from.
    let sources: ModelSource
    /// Those in memory.
    package let models: Models
    let templates: Templates
    let sets: ProblemSets
    /// The problem that commands mean when they name none.
    let current = CurrentProblem()
    let solving: Solving
    let judging: Judging
    let valuations: Valuations
    let runs: RunNames
    let jobs: Jobs

    /// A session in which nothing is loaded yet.
    package init(options: Options, workspace: Workspace, home: Home) {
        self.options = options
        self.home = home
        self.workspace = workspace
        let folder = RunFolder(path: workspace.runsDirectory)
        settings = SettingValues()
        sources = ModelSource(home: home, runs: folder)
        models = Models()
        templates = Templates(workspace, home)
        sets = ProblemSets(home: home)
        solving = Solving(templates, settings, workspace)
        judging = Judging(templates, settings)
        valuations = Valuations(workspace)
        let reporter = JobReporter(mailbox: mailbox)
        let centre = JobCentre(
            runs: folder.path,
            load: { [sources, mailbox] source, part in
                let checkpoint = try sources.load(source, name: sources.defaultName(source), part: part)
                if checkpoint.hasBothHeads, !checkpoint.isValueModel {
                    mailbox.post(.message("note: \(source) has a value head too, which this run leaves out\n"))
                }
                return checkpoint
            },
            prompts: templates.library, notify: { reporter.report($0) })
        runs = RunNames(folder: folder, centre: centre)
        jobs = Jobs(centre: centre, reporter: reporter, runs: runs)
    }
}
