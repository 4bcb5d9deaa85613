/// The words of `plot`: those that name a run, and the metrics.
package struct PlotWords: Equatable {
    /// Ids of runs, each once, in the order they were named.
    package var runs: [String] = []
    /// Metrics or patterns of metrics.
    package var metrics: [String] = []

    /// - Parameter run: the id of the run that a word names; nil when it names none.
    /// - Throws: what `run` throws, and a refusal of a number that is no job's: no metric is called so.
    package init(_ words: [String], run: (String) throws -> String?) throws {
        for word in words {
            if let id = try run(word) {
                if !runs.contains(id) { runs.append(id) }
            } else if !word.isEmpty, word.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
                throw ShellError.refused(
                    "there is no job \(word) in this session",
                    hint: "`jobs` lists them; `runs` lists the runs of every day")
            } else {
                metrics.append(word)
            }
        }
    }
}
