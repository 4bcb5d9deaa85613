import Checkpoints
import Formats
import Problems
import Training

/// Names for completion that only the session knows.
struct NameChoices {
    let session: Session
    let commands: CommandTable

    /// - Parameters:
    ///   - valueName: the name of the argument's value.
    ///   - words: the command's before it.
    func choices(_ valueName: String, _ words: [String], _ partial: String) -> [String] {
        switch valueName {
        case "file", "dir", "path": Paths.choices(partial)
        case "key": Settings.all.map(\.key)
        case "command": commands.names
        case "topic": commands.names + HelpTopic.all.map(\.name)
        case "model", "name": session.models.all.map(\.name)
        case "source":
            Paths.choices(partial) + starters.map { "starter:" + $0 } + session.runs.known.map { "run:" + $0 }
                + cachedRepositories
        case "set":
            Paths.choices(partial)
                + Tasks.all.flatMap { task in task.splits.map { TaskSet(task: task, split: $0).description } }
        case "field": session.judging.icc.names
        case "template": session.templates.library.names(.critic) + session.templates.library.names(.actor)
        case "job": jobNames
        case "run-or-metric": jobNames + newestMetrics
        case "metric": newestMetrics
        case "run": session.runs.known
        case "study": (try? Folder.names(session.workspace.studiesDirectory)) ?? []
        case "assignment": Settings.of(words.lazy.compactMap(Method.named).first).map { $0.key + "=" }
        // What cannot be read offers no choices: the command itself says why.
        case "problem": ((try? session.workspace.problems.ids()) ?? []).map(String.init)
        case "solution", "prefix": ((try? session.workspace.solutions.ids()) ?? []).map(String.init) + ["last"]
        default: []
        }
    }

    private var jobNames: [String] {
        session.jobs.centre.jobs.map { String($0.id) } + session.runs.known + ["last"]
    }

    /// None where no run can be read: completion says nothing of it, `plot` does.
    private var newestMetrics: [String] {
        let folder = session.runs.folder
        guard let run = try? folder.newest() else { return [] }
        return (try? RunMetrics.load(run, in: folder.path))?.names ?? []
    }

    /// None where a folder of them cannot be read: `load` says why.
    private var starters: [String] { (try? session.home.starters()) ?? [] }

    /// None where the cache cannot be read: `load` says why.
    private var cachedRepositories: [String] { (try? HubCache().repositories) ?? [] }
}
