import ArgumentParser
import Formats
import Training

struct Explain: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "explain", "What a setting means, its formula, default, the paper's value, and where the default comes from.",
        examples: ["explain critic.parse_fallback"])

    @Argument(help: ArgumentHelp("A setting.", valueName: "key"))
    var key: Text

    func run(_ context: CommandContext) throws -> Outcome {
        if let setting = Training.Settings.named(key.string), !Settings.all.contains(where: { $0.key == key.string }) {
            return Self.explain(setting, now: context.session.trainingSettings[setting.key])
        }
        let setting = try Settings.find(key.string)
        let now = context.session.settings.text(setting.key)
        var fields: [JSONObject.Member] = [
            ("key", .string(setting.key)), ("value", .string(now)), ("default", .string(setting.standard)),
            ("meaning", .string(setting.meaning)), ("grade", .string(setting.grade.rawValue)),
        ]
        fields.append(("formula", setting.formula.map { .string($0) } ?? nil))
        fields.append(("paper", setting.paper.map { .string($0) } ?? nil))
        return Outcome(fields) { page in
            page.line(page.style.bold(setting.key) + " = " + now)
            page.quoted(setting.meaning, indent: 2)
            if let formula = setting.formula { page.line("  formula: \(formula)") }
            page.line("  default: \(setting.standard)  (grade \(setting.grade.rawValue): \(setting.grade.meaning))")
            page.line("  the paper: \(setting.paper ?? "not published")")
        }
    }

    private static func explain(_ setting: Training.Setting, now: String?) -> Outcome {
        Outcome([
            ("key", .string(setting.key)), ("value", .string(now ?? setting.defaultValue)), ("default", .string(setting.defaultValue)),
            ("meaning", .string(setting.meaning)), ("grade", .string(setting.grade.rawValue)), ("formula", .text(setting.formula)),
            ("paper", .text(setting.paper)), ("source", .string(setting.source)),
        ]) { page in
            page.quoted(setting.explanation)
            if let now { page.line("  now       \(now)") }
        }
    }
}

struct SetCommand: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "set", "Change a setting for this session.", examples: ["set rollout.temperature 0.7", "set seed 7"])

    @Argument(help: ArgumentHelp("A setting.", valueName: "key"))
    var key: Text

    @Argument(help: ArgumentHelp("Its new value.", valueName: "value"))
    var value: Text

    func run(_ context: CommandContext) throws -> Outcome {
        if let setting = Training.Settings.named(key.string), !Settings.all.contains(where: { $0.key == key.string }) {
            try context.session.setTraining(setting, value.string)
        } else {
            try context.session.settings.set(key.string, value.string)
        }
        return .note("\(key) = \(value)", [("key", .string(key.string)), ("value", .string(value.string))])
    }
}

struct SettingsList: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "settings", "List all settings, their values and defaults.", examples: ["settings"])

    func run(_ context: CommandContext) throws -> Outcome {
        let settings = context.session.settings
        let rows: [JSONValue] = Settings.all.map { setting in
            [
                "key": .string(setting.key), "value": .string(settings.text(setting.key)),
                "default": .string(setting.standard), "grade": .string(setting.grade.rawValue),
            ]
        }
        let training = context.session.trainingSettings
        let trainingRows: [JSONValue] = Training.Settings.all.map { setting in
            [
                "key": .string(setting.key), "value": .string(training[setting.key] ?? setting.defaultValue),
                "default": .string(setting.defaultValue), "grade": .string(setting.grade.rawValue),
            ]
        }
        return Outcome([("settings", .array(rows + trainingRows))]) { page in
            var table = Table([.init("key"), .init("value"), .init("default"), .init("grade"), .init("meaning", flexible: true)])
            for setting in Settings.all {
                let changed = settings.isChanged(setting.key)
                table.add([
                    .init(setting.key), .init(settings.text(setting.key)) { changed ? $0.accent($1) : $1 }, .init(setting.standard),
                    .init(setting.grade.rawValue), .init(setting.meaning),
                ])
            }
            for setting in Training.Settings.all {
                let now = training[setting.key]
                table.add([
                    .init(setting.key), .init(now ?? setting.defaultValue) { now == nil ? $1 : $0.accent($1) }, .init(setting.defaultValue),
                    .init(setting.grade.rawValue), .init(setting.meaning),
                ])
            }
            page.table(table)
        }
    }
}

extension Session {
    /// A default for `train`; that it fits is checked as `train` would.
    func setTraining(_ setting: Training.Setting, _ value: String) throws {
        let required = Training.Settings.all.filter { $0.isRequired && $0.key != setting.key }.map { "\($0.key)=x" }
        for stage in setting.stages.prefix(1) {
            _ = try Recipe(stage: stage, assignments: required + ["\(setting.key)=\(value)"])
        }
        trainingSettings[setting.key] = value
    }
}
