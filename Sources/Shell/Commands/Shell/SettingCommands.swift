import ArgumentParser
import Formats
import Terminal
import Training

struct Explain: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "explain", "What a setting means, its formula, default, the paper's value, and where the default comes from.",
        discussion: "The grade says how sure the default is: " + Self.grades + ".",
        examples: ["explain critic.parse_fallback"])

    /// `P, stated by …; R, reported by …`.
    private static let grades = Grade.allCases.map { "\($0.rawValue), \($0.meaning)" }.joined(separator: "; ")

    @Argument(help: ArgumentHelp("A setting.", valueName: "key"))
    var key: Text

    func run(_ context: CommandContext) throws -> Outcome {
        let setting = try Settings.find(key.string)
        let values = context.settings
        let now = values.text(setting.key)
        return Outcome([
            ("key", .string(setting.key)), ("value", .string(now)), ("set", .bool(values.isChanged(setting.key))),
            ("default", .string(setting.shellDefault ?? setting.defaultValue)),
            ("defaults", .string(setting.defaults)), ("meaning", .string(setting.meaning)),
            ("grade", .string(setting.grade.rawValue)),
            ("formula", .text(setting.formula)), ("paper", .text(setting.paper)), ("source", .string(setting.source)),
        ]) { page in
            page.line(
                page.style.bold(setting.key) + (now.isEmpty ? "" : " = \(now)")
                    + (values.isChanged(setting.key) ? page.style.faint("  (`set` in this session)") : ""))
            page.quoted(setting.meaning, indent: 2)
            for line in setting.explanation.split(separator: "\n").dropFirst() { page.line(String(line)) }
            page.line(page.style.faint("  grades    \(Self.grades)"))
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
        try context.settings.set(key.string, value.string)
        return .note("\(key) = \(value)", [("key", .string(key.string)), ("value", .string(value.string))])
    }
}

struct SettingsList: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "settings", "List settings, their values and defaults: all, or those that a stage of training reads.",
        examples: ["settings", "settings critic-rl"])

    @Argument(
        help: ArgumentHelp(
            "A stage: \(Method.all.map(\.name).joined(separator: ", ")).", valueName: "stage"))
    var stage: Method?

    func run(_ context: CommandContext) throws -> Outcome {
        let values = context.settings
        let settings = Settings.of(stage)
        func standard(_ setting: Setting) -> String {
            stage.map(setting.defaultValue(in:)) ?? setting.shellDefault ?? setting.defaultValue
        }
        func now(_ setting: Setting) -> String { values.changed[setting.key] ?? standard(setting) }
        let rows: [JSONValue] = settings.map { setting in
            [
                "key": .string(setting.key), "value": .string(now(setting)), "default": .string(standard(setting)),
                "defaults": .string(setting.defaults), "stages": .array(setting.methods.map { .string($0) }),
                "grade": .string(setting.grade.rawValue), "meaning": .string(setting.meaning),
                "formula": .text(setting.formula),
                "paper": .text(setting.paper), "source": .string(setting.source),
            ]
        }
        return Outcome([("settings", .array(rows))]) { page in
            var table = Table([
                .init("key"), .init("value", giving: .wrap), .init("default", giving: .wrap, least: 20, spare: true),
                .init("grade", spare: true), .init("meaning", giving: .cut, least: 26),
            ])
            for setting in settings {
                let isChanged = values.isChanged(setting.key)
                table.add([
                    .init(setting.key), .init(now(setting)) { isChanged ? $0.accent($1) : $1 },
                    .init(stage == nil ? setting.defaults : standard(setting)), .init(setting.grade.rawValue),
                    .init(setting.meaning),
                ])
            }
            page.table(table)
        }
    }
}
