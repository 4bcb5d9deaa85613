import Compute
import Terminal
import Training

/// The jobs that train beside the commands, and what they say.
final class Jobs {
    let centre: JobCentre
    let reporter: JobReporter
    private let runs: RunNames
    /// Commands that grade (`reward.command`) which the user typed or was asked about in this session.
    private var trusted: Set<String> = []

    init(centre: JobCentre, reporter: JobReporter, runs: RunNames) {
        (self.centre, self.reporter, self.runs) = (centre, reporter, runs)
    }

    /// What the user has typed may be run.
    func trust(_ recipe: Recipe) {
        if let command = recipe.values["reward.command"] { trusted.insert(command) }
    }

    /// A program that grades comes with the run of whoever made it, and is run only when the user wants it.
    /// - Parameter typed: the session's own setting.
    /// - Throws: ``ShellError/refused(_:hint:)`` where nobody can be asked, or the answer is no.
    func requireTrust(inRun run: String, typed: String, isInteractive: Bool, _ console: Console) throws {
        let recipe = try RunDirectory.recipe(of: run, in: centre.runs)
        guard let command = recipe.values["reward.command"], !command.isEmpty, command != typed,
            !trusted.contains(command)
        else { return }
        let shown = TextWidth.visible(command, keepingLines: false)
        guard isInteractive else {
            throw ShellError.refused(
                "\(run) is graded by a program that its recipe names: \(shown)",
                hint: "if it is to be run, say so before: `set reward.command \(Word.spelled(command))`")
        }
        guard try Confirmation.ask("\(run) is graded by a program that its recipe names: \(shown)\nrun it?", console)
        else { throw ShellError.refused("\(run) was not resumed") }
        trusted.insert(command)
    }

    /// Those that are not over.
    var active: [Job] { centre.jobs.filter { !$0.current.state.isOver } }

    /// A job of this session by its name as ``job(_:)`` takes it; nil where none is meant.
    /// - Throws: for a number that no job has.
    func own(_ name: String) throws -> Job? {
        if let id = Int(name) { return try centre.job(id) }
        let run = RunNames.bare(name)
        return centre.jobs.last { name == "last" || $0.run == run }
    }

    /// A job by its number, by its run (the newest job of that run), or `last`: the one started last.
    func job(_ name: String) throws -> Job {
        if let job = try own(name) { return job }
        if name == "last" {
            throw ShellError.refused(
                "there is no job in this session", hint: "`train` starts one; `resume last` goes on with the newest run"
            )
        }
        let id = try runs.id(name)
        if let holder = RunDirectory.holder(of: id, in: centre.runs) {
            throw ShellError.refused(
                "\(id) is trained by \(holder), not by this shell",
                hint: "pause or stop it there; `watch \(id)`, `plot \(id)` and `samples \(id)` look into it from here")
        }
        throw ShellError.refused(
            "no job of this session trains \(id)",
            hint: "`jobs` lists them; `resume \(id)` goes on with a run of another day")
    }

    /// The job that is meant where none is named: the only one that is not over.
    /// - Throws: ``ShellError/refused(_:hint:)`` where there are none or several.
    func only(_ command: String) throws -> Job {
        let active = self.active
        if let job = active.first, active.count == 1 { return job }
        guard active.isEmpty else {
            let names = active.map { "`\(command) \($0.id)` (\($0.run))" }
            throw ShellError.refused("\(active.count) jobs run", hint: "name one: \(names.joined(separator: ", "))")
        }
        if let newest = centre.jobs.last { return newest }
        return try job("last")
    }

    /// Runs that other processes train now.
    /// - Throws: where the folder of runs, or such a run, cannot be read.
    func others() throws -> [RunState] {
        let own = Set(active.map(\.run)), names = try runs.folder.names()
        return try names.filter { !own.contains($0) && RunDirectory.holder(of: $0, in: centre.runs) != nil }
            .map { try RunState($0, in: centre.runs) }
    }

    /// Before `run:ID` of a running job is loaded, the job writes its weights as they are at its next step.
    /// - Throws: ``ShellError/interrupted``.
    func snapshot(of source: String, _ cancellation: Cancellation) throws {
        guard source.hasPrefix("run:"), !source.contains("@") else { return }
        let run = try runs.id(source)
        guard let job = active.first(where: { $0.run == run }) else { return }
        // One that waits for another's turn takes no step for who knows how long.
        guard job.current.state == .running || centre.ahead(of: job) == nil else { return }
        job.snapshot { cancellation.isCancelled }
        if cancellation.isCancelled { throw ShellError.interrupted }
    }

    /// Tells the user what a job waits for, if it does.
    func sayWhatIsAhead(of job: Job, _ console: Console) {
        guard !job.current.state.isOver, let other = centre.ahead(of: job) else { return }
        console.remark(
            "job \(job.id) waits until job \(other.id) (\(other.run)) is over, paused or stopped: one trains at a time")
    }

    /// Follows a job until it is over.
    /// - Parameter stoppingOnInterrupt: Ctrl-C stops the job at its next border; otherwise it only ends the following.
    /// - Throws: the job's own error, when it failed.
    func follow(_ job: Job, _ console: Console, stoppingOnInterrupt: Bool) throws {
        reporter.silence(true)
        defer { reporter.silence(false) }
        let bar = console.progress("job \(job.id)", unit: "steps", total: job.current.steps)
        let first = job.current.step
        while !job.wait(seconds: 0.1) {
            bar.update(job.current.step - first, of: job.current.steps - first)
            guard console.cancellation.isCancelled else { continue }
            bar.finish()
            guard stoppingOnInterrupt else { return }
            job.leave()
            job.wait()
        }
        bar.finish()
        if stoppingOnInterrupt {
            for warning in reporter.warnings(of: job.id) {
                console.remark("warning at step \(warning.step): \(warning.text)")
            }
        }
        if let error = job.current.error { throw error }
    }
}
