import Checkpoints
import Critics
import Formats
import Foundation
import Plots
import Terminal
import Training

/// Turns what a user may name a model by into a path.
struct ModelSource: Sendable {
    let home: Home
    let runs: RunFolder

    /// - Parameter part: which of a run's models; nil: the one it has, the actor where it has two.
    /// - Throws: ``ShellError/refused(_:hint:)`` for a starter or run that is not there.
    func path(_ source: String, part: ModelRole? = nil) throws -> String {
        if source.hasPrefix("starter:") {
            let name = String(source.dropFirst("starter:".count))
            guard !name.contains("/"), let path = home.find("starter/\(name)/config.json") else {
                let found = try home.starters()
                throw ShellError.refused(
                    "there is no starter model \(name)",
                    hint: found.isEmpty
                        ? "no starter folder was found in the workspace, $GENAC_HOME or above the executable"
                        : "there are: \(found.joined(separator: ", "))")
            }
            return (path as NSString).deletingLastPathComponent
        }
        if source.hasPrefix("run:") {
            let (id, step) = try run(source)
            return try RunDirectory.modelPath(of: id, step: step, preferring: part ?? .actor, in: runs.path)
        }
        if source.hasPrefix("http://") || source.hasPrefix("https://") { throw Self.refusal(address: source) }
        return home.file(source)
    }

    private static func refusal(address: String) -> ShellError {
        let parts = address.split(separator: "/").map(String.init)
        guard parts.count > 3, parts[1] == "huggingface.co" else {
            return .refused("endpoints are not supported yet", hint: "give a directory, a .safetensors or a .gguf file")
        }
        let repository = "\(parts[2])/\(parts[3])"
        return .refused(
            "nothing is downloaded here",
            hint: "after `hf download \(repository)` the model is called \(repository)")
    }

    /// `run:ID`, `run:ID@STEP` or `run:ID@SECONDSs`, `run:last` too, in parts.
    func run(_ source: String) throws -> (id: String, step: Int?) {
        let parts = source.dropFirst("run:".count).split(separator: "@", maxSplits: 1).map(String.init)
        guard let name = parts.first else { throw Self.namesNoRun(source) }
        let id = name == "last" ? try runs.newest() : name
        guard parts.count == 2 else { return (id, nil) }
        if let step = Int(parts[1]) { return (id, step) }
        guard parts[1].hasSuffix("s"), let seconds = Double(parts[1].dropLast()), seconds > 0, seconds.isFinite else {
            throw Self.namesNoRun(source)
        }
        return (id, try step(of: id, within: seconds))
    }

    private static func namesNoRun(_ source: String) -> ShellError {
        .refused(
            "\(source) names no run",
            hint:
                "write run:ID, run:ID@STEP or, for the newest checkpoint of so many seconds of training, run:ID@120s; "
                + "`runs` lists them"
        )
    }

    /// The newest checkpoint that a run had after so many seconds of training.
    private func step(of id: String, within seconds: Double) throws -> Int {
        guard try runs.names().contains(id) else { throw TrainingError.noSuchRun(id) }
        let times = try RunMetrics.load(id, in: runs.path).seconds,
            reached = times.last { $0.sum <= seconds }?.step ?? 0
        let steps = try RunDirectory.checkpoints(of: id, in: runs.path)
        guard let step = steps.last(where: { Double($0) <= reached }) else {
            throw ShellError.refused(
                "the run \(id) keeps no checkpoint of its first \(Chart.number(seconds)) seconds",
                hint:
                    "it keeps those of \(steps.map { step in Self.described(step, times) }.joined(separator: ", ")); "
                    + "trainer.save_freq and trainer.max_ckpt_to_keep say which"
            )
        }
        return step
    }

    private static func described(_ step: Int, _ times: [(step: Double, sum: Double)]) -> String {
        let seconds = times.first { $0.step == Double(step) }.map { " (after \(Chart.number($0.sum)) s)" } ?? ""
        return "step \(step)\(seconds)"
    }

    /// The same model by a name that goes on meaning it: absolute paths, for a run its id and step, and for a
    /// repository of the hub its commit.
    func fixed(_ source: String) throws -> String {
        if source.hasPrefix("run:") {
            let (id, step) = try run(source)
            guard let step = try step ?? RunDirectory.checkpoints(of: id, in: runs.path).last else {
                return "run:\(id)"
            }
            return "run:\(id)@\(step)"
        }
        let path = home.file(source)
        if FileManager.default.fileExists(atPath: path) { return URL(fileURLWithPath: path).standardizedFileURL.path }
        return try HubCache().pinned(source) ?? source
    }

    func load(_ source: String, name: String? = nil, part: ModelRole?) throws -> Checkpoint {
        let path = try path(source, part: part)
        let checkpoint = try Checkpoint.load(path, name: name, preferring: part == .critic ? .value : .language)
        return checkpoint.replacing(criticPrompt: try RunDirectory.criticPrompt(ofModelAt: path))
    }

    /// A name for what `source` says: `starter:actor` is `actor`, `run:sft-1@20` is `sft-1@20`.
    func defaultName(_ source: String) -> String {
        for prefix in ["starter:", "run:"] where source.hasPrefix(prefix) {
            return String(source.dropFirst(prefix.count))
        }
        return Checkpoint.defaultName(of: source)
    }
}
