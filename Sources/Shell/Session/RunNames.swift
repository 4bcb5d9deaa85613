import Compute
import Training

/// Runs as users name them: by id, by the number of a job of this shell, or `last`.
struct RunNames {
    let folder: RunFolder
    let centre: JobCentre

    /// Ids of all runs; none where they cannot be listed, for completion and for nearby names.
    var known: [String] { (try? folder.names()) ?? [] }

    /// A run by its id, by the number of a job of this session, or `last`: the one started last.
    /// - Throws: ``ShellError/refused(_:hint:)`` where there is none of that name.
    func id(_ name: String) throws -> String {
        if let run = try named(name) { return run }
        if Int(name) != nil {
            throw ShellError.refused(
                "there is no job \(name) in this session", hint: "`jobs` lists them; `runs` lists the runs of every day"
            )
        }
        let near = DidYouMean.nearest(to: Self.bare(name), in: known)
        throw ShellError.refused(
            "there is no run \(Self.bare(name))", hint: near.map { "did you mean \($0)?" } ?? "`runs` lists them")
    }

    /// The same; nil when the word names no run.
    func named(_ name: String) throws -> String? {
        if name == "last" || name == "run:last" { return try folder.newest() }
        if let id = Int(name), let job = centre.jobs.first(where: { $0.id == id }) { return job.run }
        let run = Self.bare(name)
        return try folder.names().contains(run) ? run : nil
    }

    /// The same of several with commas between; nil when none of them names one.
    func several(_ names: String) throws -> String? {
        let words = names.split(separator: ",").map(String.init), ids = try words.map(named)
        if ids.allSatisfy({ $0 == nil }) { return nil }
        // Where one is a run the others were meant to be.
        return try zip(words, ids).map { word, id in try id ?? self.id(word) }.joined(separator: ",")
    }

    /// Without `run:` before it.
    static func bare(_ name: String) -> String {
        name.hasPrefix("run:") ? String(name.dropFirst("run:".count)) : name
    }
}
