import Compute
import Formats
import Foundation

/// What a restart forgets of a session, as the commands that bring it back.
struct SessionScript: Equatable {
    /// `set KEY VALUE`, which later commands may depend on.
    var settings: [String] = []
    /// `load …`, then `use …`.
    var models: [String] = []
    /// `prompt use …`.
    var prompts: [String] = []
    /// `icc …`.
    var icc: [String] = []
    /// `problem N`.
    var problem: [String] = []

    /// Nothing was loaded or changed.
    init() {}

    init(_ session: Session) {
        settings = Self.settings(session.settings)
        let loaded = session.models.all.filter { $0.origin != nil }
        models = loaded.flatMap(Self.loads) + Self.uses(session.models)
        prompts = loaded.flatMap(Self.prompts)
        icc = Self.icc(session.judging)
        problem = session.current.problem.map { ["problem \($0.id)"] } ?? []
    }

    /// How each such script begins.
    static let heading =
        "# A session's settings, models, prompts and ICC; `session restore`, or `source FILE`, brings them back."

    /// The script's text.
    var text: String {
        ([Self.heading] + settings + models + prompts + icc + problem).joined(separator: "\n") + "\n"
    }

    /// What is here and was not in another, in a few words; nil where that is nothing. Which problem was chosen is not
    /// worth a word.
    func changes(since begun: SessionScript) -> String? {
        var parts: [String] = []
        func add(_ lines: [String], _ before: [String], _ one: String, _ many: String) {
            let new = lines.filter { !before.contains($0) }
            if new.count == 1 { parts.append("`\(new[0])`") }
            if new.count > 1 { parts.append("\(new.count) \(many)") }
            if new.isEmpty, lines != before { parts.append(one) }
        }
        add(settings, begun.settings, "a setting taken back", "settings")
        add(models, begun.models, "a model unloaded", "commands that load models")
        add(prompts, begun.prompts, "a prompt taken back", "prompts")
        add(icc, begun.icc, "ICC switched back", "ICC switches")
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private static func settings(_ values: SettingValues) -> [String] {
        values.changed.sorted { $0.key < $1.key }.map { "set \($0.key) \(Word.spelled($0.value))" }
    }

    private static func loads(_ model: LoadedModel) -> [String] {
        let source = model.source.hasPrefix("run:") ? model.fixedSource : model.source
        return Role.allCases.filter(model.played.contains).map { role in
            var words = ["load", role.rawValue, Word.spelled(source), "--as", Word.spelled(model.name)]
            if role == .actor { words += measuring(model) }
            if role == .critic, model.isUntold { words.append("--untold") }
            return words.joined(separator: " ")
        }
    }

    /// How its success rate is known, where `load` would not do the same unasked.
    private static func measuring(_ model: LoadedModel) -> [String] {
        let standard = model.ownTask?.trainingSet.description
        guard model.measuredOn != standard else { return [] }
        return ["--measure", model.measuredOn.map(Word.spelled) ?? "none"]
    }

    /// The last one loaded in a role plays it; where that is another, a command says so.
    private static func uses(_ models: Models) -> [String] {
        Role.allCases.compactMap { role in
            let last = models.all.last { $0.played.contains(role) && $0.origin != nil }
            guard let player = models.all.first(where: { models.roles(of: $0).contains(role) }), player.origin != nil,
                player.name != last?.name
            else { return nil }
            return "use \(role.rawValue) \(Word.spelled(player.name))"
        }
    }

    private static func prompts(_ model: LoadedModel) -> [String] {
        Role.allCases.filter(model.played.contains).compactMap { role in
            guard let name = model.chosenTemplate(role) else { return nil }
            let whose = role == .actor ? " --actor" : ""
            return "prompt use \(Word.spelled(name))\(whose) --model \(Word.spelled(model.name))"
        }
    }

    private static func icc(_ judging: Judging) -> [String] {
        judging.icc.values(for: nil).flatMap { field in
            var lines: [String] = []
            if let text = field.fact?.text, field.isSet {
                if case .own(let name) = field.name {
                    lines.append("icc add \(name) \(Word.spelled(text))")
                } else {
                    lines.append("icc set \(field.name) \(Word.spelled(text))")
                }
            }
            return field.isOn ? lines : lines + ["icc off \(field.name)"]
        }
    }
}

/// The session that a workspace keeps: as it was left, or as `session save` wrote it.
struct KeptSession {
    /// `.genac/session.genac` in the workspace.
    let path: String

    init(_ session: Session) { path = session.workspace.directory + "/.genac/session.genac" }

    /// Whether there is one.
    var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    /// - Throws: `FormatsError` where it cannot be written.
    func write(_ script: SessionScript) throws { try Self.write(script, to: Home.output(path)) }

    /// - Throws: `FormatsError`; ``ShellError/refused(_:hint:)`` where another file is there.
    static func write(_ script: SessionScript, to place: String) throws {
        if FileManager.default.fileExists(atPath: place) {
            let file = try MappedFile(path: place)
            guard withExtendedLifetime(file, { file.bytes.starts(with: SessionScript.heading.utf8) }) else {
                throw ShellError.refused(
                    "\(place) is there already and is no kept session, so it is not replaced", hint: "name another")
            }
        }
        try AtomicFile.write(Array(script.text.utf8), to: place)
    }
}
