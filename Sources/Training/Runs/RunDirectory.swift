import Checkpoints
import Compute
import Critics
import Formats
import Foundation
import Prompts

/// A run as it lies on disk: `recipe.json`, `prompts/`, `metrics.jsonl`, `rollouts/STEP.jsonl`, `checkpoints/STEP/`.
/// Held open by one process at a time.
///
/// A checkpoint is written beside, flushed, then renamed; it records how long the logs were, and resuming cuts them
/// back to that. So whatever kills the process, the newest complete checkpoint continues as if nothing had happened.
package final class RunDirectory {
    /// Its folder's name.
    package let id: String
    /// Its folder.
    package let path: String
    /// What it was begun with.
    package let recipe: Recipe
    /// What the run was started under; a resume says what differs.
    package let surroundings: Surroundings
    /// `metrics.jsonl`, a row a step.
    package let metrics: AppendLog
    private var lock: RunLock?

    private init(id: String, path: String, recipe: Recipe, surroundings: Surroundings, lock: RunLock) throws {
        (self.id, self.path, self.recipe, self.surroundings, self.lock) = (id, path, recipe, surroundings, lock)
        metrics = try AppendLog(path: path + "/metrics.jsonl")
    }

    /// Makes `runs/STAGE-N` with the next free N, or the folder that the recipe names, and copies of the prompt
    /// templates in it.
    /// - Parameter steps: how many it is to take in all.
    /// - Throws: ``TrainingError/wrongValue(key:value:expected:)`` for a name that no run can have.
    package static func create(in runs: String, recipe: Recipe, steps: Int, templates: [PromptTemplate] = []) throws
        -> RunDirectory
    {
        try makeDirectory(runs)
        let surroundings = Surroundings.here
        var json = recipe.json.asObject ?? JSONObject()
        json["steps"] = .integer(Int64(steps))
        json["surroundings"] = surroundings.json
        let text = JSONValue.object(json).encoded(.pretty), name = recipe.text(nameKey)
        if !name.isEmpty { try checkName(name) }
        var number = (try list(in: runs).compactMap { Int($0.split(separator: "-").last ?? "") }.max() ?? 0) + 1
        while true {
            let id = name.isEmpty ? "\(recipe.method.name)-\(number)" : name, path = "\(runs)/\(id)"
            number += 1
            guard !FileManager.default.fileExists(atPath: path) else {
                guard name.isEmpty else {
                    throw TrainingError.wrongValue(
                        key: nameKey, value: name, expected: "a name that no folder in \(runs) has")
                }
                continue
            }
            do {
                try AtomicDirectory.create(at: path) { folder in
                    for template in templates { try keep(template, in: folder + "/prompts") }
                    try AtomicFile.write(text, to: folder + "/recipe.json")
                }
            } catch  where FileManager.default.fileExists(atPath: path) {
                // Another process was quicker.
                guard name.isEmpty else { throw TrainingError.runInUse(path, by: RunHolder(process: nil)) }
                continue
            }
            return try RunDirectory(
                id: id, path: path, recipe: recipe, surroundings: surroundings, lock: RunLock(run: path))
        }
    }

    private static let nameKey = "trainer.experiment_name"

    /// The run that a recipe names, if it has been begun already.
    /// - Throws: ``TrainingError/otherRecipe(run:key:kept:given:)`` when it was begun with other settings.
    package static func begun(_ recipe: Recipe, in runs: String) throws -> String? {
        let name = recipe.text(nameKey), file = "\(runs)/\(name)/recipe.json"
        guard !name.isEmpty, FileManager.default.fileExists(atPath: file) else { return nil }
        let kept = try self.recipe(of: name, in: runs)
        guard kept.method == recipe.method else {
            throw TrainingError.otherRecipe(
                run: name, key: "stage", kept: kept.method.name, given: recipe.method.name)
        }
        for setting in Settings.of(recipe.method) where kept.text(setting.key) != recipe.text(setting.key) {
            throw TrainingError.otherRecipe(
                run: name, key: setting.key, kept: kept.text(setting.key), given: recipe.text(setting.key))
        }
        return name
    }

    /// A name that commands tell from a job's number, `last`, a path and a step.
    private static func checkName(_ name: String) throws {
        let isPlain = name.utf8.allSatisfy {
            (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || "-_.".utf8.contains($0)
        }
        guard isPlain, isName(name), name != "last", Int(name) == nil else {
            throw TrainingError.wrongValue(
                key: nameKey, value: name,
                expected: "letters, digits, and - _ . between them, not a number, and not \"last\"")
        }
    }

    private static func keep(_ template: PromptTemplate, in folder: String) throws {
        try makeDirectory("\(folder)/\(template.role)")
        try AtomicFile.write(Array(template.text.utf8), to: "\(folder)/\(template.role)/\(template.name).mustache")
    }

    /// Opens an existing run for going on with it.
    /// - Throws: ``TrainingError/runInUse(_:by:)``, ``TrainingError/noSuchRun(_:)``,
    ///   ``TrainingError/damagedRun(file:what:)``.
    package static func open(_ id: String, in runs: String) throws -> RunDirectory {
        let path = "\(runs)/\(id)", file = path + "/recipe.json"
        guard isName(id), FileManager.default.fileExists(atPath: file) else { throw TrainingError.noSuchRun(id) }
        let lock = try RunLock(run: path)
        let json = try JSONValue.load(file, limits: JSONLimits(bytes: 1 << 20))
        let recipe = try Recipe(json: json, file: file)
        return try RunDirectory(
            id: id, path: path, recipe: recipe, surroundings: Surroundings(json: json["surroundings"], file: file),
            lock: lock)
    }

    /// What a run was made from, whoever has it open.
    /// - Throws: ``TrainingError/noSuchRun(_:)``, ``TrainingError/damagedRun(file:what:)``.
    package static func recipe(of id: String, in runs: String) throws -> Recipe {
        let file = "\(runs)/\(id)/recipe.json"
        guard isName(id), FileManager.default.fileExists(atPath: file) else { throw TrainingError.noSuchRun(id) }
        return try Recipe(json: JSONValue.load(file, limits: JSONLimits(bytes: 1 << 20)), file: file)
    }

    /// Who has the run open; nil where nobody has.
    package static func holder(of id: String, in runs: String) -> RunHolder? {
        RunLock.holder(of: "\(runs)/\(id)")
    }

    /// Ids of the runs in a folder, oldest name first.
    package static func list(in runs: String) throws -> [String] {
        try Folder.names(runs).filter { FileManager.default.fileExists(atPath: "\(runs)/\($0)/recipe.json") }
            .sorted { $0.compare($1, options: .numeric) == .orderedAscending }
    }

    /// Steps of the complete checkpoints, ascending.
    package static func checkpoints(of id: String, in runs: String) throws -> [Int] {
        let folder = "\(runs)/\(id)/checkpoints"
        return try stepFolders(folder).filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/state.json") }
    }

    /// Steps that folders of `checkpoints/` are named after, complete or not, ascending.
    private static func stepFolders(_ folder: String) throws -> [Int] {
        try Folder.names(folder).compactMap { name in Int(name).flatMap { String($0) == name ? $0 : nil } }.sorted()
    }

    /// The Hugging Face directory of a run's model at `step`, or at its newest checkpoint: what `run:ID[@STEP]` loads.
    /// - Parameter part: which model, where there are two.
    package static func modelPath(of id: String, step: Int? = nil, preferring part: ModelRole, in runs: String) throws
        -> String
    {
        guard isName(id), FileManager.default.fileExists(atPath: "\(runs)/\(id)/recipe.json") else {
            throw TrainingError.noSuchRun(id)
        }
        let steps = try checkpoints(of: id, in: runs)
        guard let chosen = step ?? steps.last, steps.contains(chosen) else {
            throw TrainingError.noCheckpoint(run: id, step: step, known: steps)
        }
        let folder = "\(runs)/\(id)/checkpoints/\(chosen)"
        let there = ModelRole.allCases.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0.rawValue)") }
        return "\(folder)/\((there.contains(part) ? part : there.first ?? part).rawValue)"
    }

    /// The template under which the critic at `model` was trained: the run that it lies in keeps a copy. Nil for what
    /// is no run's critic, and for a run that keeps none.
    /// - Throws: as ``PromptFile/only(in:)``.
    package static func criticPrompt(ofModelAt model: String) throws -> PromptFile? {
        let model = URL(fileURLWithPath: model).standardizedFileURL
        guard model.lastPathComponent == ModelRole.critic.rawValue else { return nil }
        // RUN/checkpoints/STEP/critic
        let run = (0..<3).reduce(model) { folder, _ in folder.deletingLastPathComponent() }.path
        guard FileManager.default.fileExists(atPath: run + "/recipe.json") else { return nil }
        return try PromptFile.only(in: "\(run)/\(PromptFile.criticFolder)")
    }

    /// Lets others open the run. Nothing is written through this object any more.
    package func close() { lock = nil }

    /// Steps, ascending.
    package var checkpoints: [Int] {
        get throws { try Self.checkpoints(of: id, in: URL(fileURLWithPath: path).deletingLastPathComponent().path) }
    }

    /// A checkpoint's folder, there or not.
    package func checkpointPath(_ step: Int) -> String { "\(path)/checkpoints/\(step)" }

    /// Writes `checkpoints/STEP`: what `body` puts into the folder it is given, and `state.json` with what it returns
    /// and the log's length. Then removes all but the newest `keep`.
    /// - Parameter isTimed: the clock asked for it. It is one more than `keep`, and goes when the next checkpoint is
    ///   there, so that which of the others are kept never depends on the clock.
    package func writeCheckpoint(
        step: Int, keep: Int, isTimed: Bool = false, _ body: (String) throws -> JSONObject
    ) throws {
        try metrics.flush()
        try Self.makeDirectory(path + "/checkpoints")
        try AtomicDirectory.create(at: checkpointPath(step), replacing: true) { folder in
            var state = try body(folder)
            state["step"] = .integer(Int64(step))
            state["metrics_bytes"] = .integer(Int64(metrics.count))
            if isTimed { state[Self.timedKey] = true }
            try AtomicFile.write(JSONValue.object(state).encoded(.pretty), to: folder + "/state.json")
        }
        try removeAllBut(newest: keep)
    }

    /// Hands `restore` the state of the newest checkpoint and its folder, and the one before it when that one is
    /// damaged. Cuts the logs back to the checkpoint taken, or to nothing.
    /// - Returns: A line for each checkpoint that was passed over; it is kept under another name.
    /// - Throws: The newest one's error when none can be restored.
    package func rewind(_ restore: (JSONObject, String) throws -> Void) throws -> [String] {
        try removeLeftovers()
        var failures: [(step: Int, error: any Error)] = []
        // Checkpoints are renamed into place whole: one that has no state any more was spoiled since, and counts as
        // damaged.
        for step in try Self.stepFolders(path + "/checkpoints").reversed() {
            do {
                let (state, bytes) = try state(of: step)
                try restore(state, checkpointPath(step))
                try metrics.cut(to: bytes)
                try removeRollouts(after: step)
                return try failures.map { try setAside($0.step, $0.error, for: step) }
            } catch let error as TrainingError where error.isAboutData {
                throw error
            } catch {
                failures.append((step, error))
            }
        }
        if let newest = failures.first { throw newest.error }
        let forgotten = metrics.count > 0
        try metrics.cut(to: 0)
        try removeRollouts(after: 0)
        return forgotten ? ["no checkpoint had been written yet: the run begins again at step 0"] : []
    }

    private func state(of step: Int) throws -> (JSONObject, metricsBytes: Int) {
        let file = checkpointPath(step) + "/state.json"
        guard let state = try JSONValue.load(file, limits: JSONLimits(bytes: 1 << 20)).asObject,
            let bytes = state["metrics_bytes"]?.asInt, state["step"]?.asInt == step
        else { throw TrainingError.damagedRun(file: file, what: "its step or log length is missing or wrong") }
        return (state, bytes)
    }

    private func setAside(_ step: Int, _ error: any Error, for taken: Int) throws -> String {
        let place = checkpointPath(step) + ".damaged"
        try? FileManager.default.removeItem(atPath: place)
        do {
            try FileManager.default.moveItem(atPath: checkpointPath(step), toPath: place)
        } catch {
            throw TrainingError.cannotWrite(file: place, reason: error.localizedDescription)
        }
        return
            "checkpoint \(step) is damaged (\(error)); the run goes on from checkpoint \(taken), and the damaged one "
            + "is kept as \(place)"
    }

    // MARK: Rollouts

    /// Writes `rollouts/STEP.jsonl`.
    func writeRollouts(step: Int, _ rows: [JSONValue]) throws {
        try Self.makeDirectory(path + "/rollouts")
        try AtomicFile.write(to: "\(path)/rollouts/\(step).jsonl") { sink in
            for row in rows { try sink.write(row.encoded(asciiOnly: true) + [0x0A]) }
        }
    }

    /// Steps whose rollouts a run keeps, ascending.
    package static func rolloutSteps(of id: String, in runs: String) throws -> [Int] {
        try Folder.names("\(runs)/\(id)/rollouts")
            .filter { $0.hasSuffix(".jsonl") }
            .compactMap { Int($0.dropLast(".jsonl".count)) }
            .sorted()
    }

    private func removeRollouts(after step: Int) throws {
        for later in try Self.rolloutSteps(of: id, in: URL(fileURLWithPath: path).deletingLastPathComponent().path)
        where later > step {
            try FileManager.default.removeItem(atPath: "\(path)/rollouts/\(later).jsonl")
        }
    }

    private func removeAllBut(newest keep: Int) throws {
        // One whose state cannot be read is left for its owner to look at.
        let kept = try checkpoints.compactMap { step in isTimed(step).map { (step: step, isTimed: $0) } }
        let scheduled = kept.filter { !$0.isTimed }.map(\.step), timed = kept.filter(\.isTimed).map(\.step)
        for step in scheduled.dropLast(max(keep, 1)) + timed.filter({ $0 != kept.last?.step }) {
            do {
                try FileManager.default.removeItem(atPath: checkpointPath(step))
            } catch {
                throw TrainingError.cannotWrite(file: checkpointPath(step), reason: error.localizedDescription)
            }
        }
    }

    private static let timedKey = "timed"

    /// Nil where the checkpoint's state cannot be read.
    private func isTimed(_ step: Int) -> Bool? {
        do {
            return try state(of: step).0[Self.timedKey] == true
        } catch {
            return nil
        }
    }

    /// Half-written files of a process that was killed.
    private func removeLeftovers() throws {
        for folder in [path, path + "/checkpoints", path + "/rollouts"] {
            for name in try Folder.names(folder) where name.hasPrefix(".") && name.hasSuffix(".tmp") {
                try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
            }
        }
    }

    private static func isName(_ id: String) -> Bool { !id.isEmpty && !id.contains("/") && !id.hasPrefix(".") }

    private static func makeDirectory(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw TrainingError.cannotWrite(file: path, reason: error.localizedDescription)
        }
    }
}
