import Foundation
import Workspace

/// What the shell says at its start of what is kept in the workspace: what there is, and what can be gone on with.
struct Greeting {
    let lines: [String]

    /// What cannot be read is left out here; the command that needs it says why.
    init(_ session: Session) {
        lines = [Self.kept(session), Self.unfinished(session), Self.session(session)].compactMap(\.self)
    }

    private static func kept(_ session: Session) -> String? {
        let studies = (try? FileManager.default.contentsOfDirectory(atPath: session.workspace.studiesDirectory)) ?? []
        let counts = [
            (try? session.workspace.problems.count(), "problem"),
            (try? session.workspace.solutions.count(), "solution"),
            (session.runs.known.count, "run"), (studies.count, "studies"),
        ]
        let parts = counts.compactMap { count, noun in
            count.flatMap { $0 > 0 ? counted($0, noun) : nil }
        }
        return parts.isEmpty ? nil : "kept here: " + parts.joined(separator: ", ")
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        if noun == "studies" { return count == 1 ? "1 study" : "\(count) studies" }
        return "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    private static func unfinished(_ session: Session) -> String? {
        guard let runs = try? UnfinishedRun.all(in: session.runs.folder), let newest = runs.first else { return nil }
        let others = runs.count > 1 ? ", and \(runs.count - 1) more (`runs`)" : ""
        return "\(newest.id) stopped at step \(newest.step) of \(newest.steps): `resume \(newest.id)` goes on" + others
    }

    private static func session(_ session: Session) -> String? {
        let kept = KeptSession(session)
        guard kept.isThere else { return nil }
        return "the last session's models, settings and ICC: `session restore` brings them back"
    }
}
