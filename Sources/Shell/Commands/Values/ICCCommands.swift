import ArgumentParser
import Critics
import Formats
import Foundation
import Problems
import Prompts
import Terminal

struct ICCCommand: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "icc", "What the critic's prompt tells about the actor: show, switch and set its fields.",
        discussion:
            "Fields: actor (name and size), success-rate, infer (the instruction to infer ability), sampling, and your "
            + "own. A field whose value is unknown leaves its sentence out.",
        examples: [
            "icc", "icc off success-rate", "icc set success-rate 60%",
            "icc add style \"The actor likes short answers.\"",
        ],
        subcommands: [
            ICCList.self, ICCOn.self, ICCOff.self, ICCSet.self, ICCUnset.self, ICCAdd.self, ICCRemove.self,
            ICCEdit.self,
        ],
        defaultSubcommand: ICCList.self)

    func run(_ context: CommandContext) throws -> Outcome { try ICCView(context).outcome() }
}

/// The fields as they stand for the newest solution of the current problem, or for the actor as it is.
struct ICCView {
    private let fields: [ToldField]
    private let snapshot: ActorSnapshot?
    /// The solution that the snapshot was taken for; nil for the loaded actor's.
    private let solution: Int?
    private let critic: String?
    private let prompt: PromptInUse

    init(_ context: CommandContext) throws {
        (snapshot, solution) = try Self.snapshot(context)
        guard context.models.has(.critic) else {
            critic = nil
            prompt = try context.templates.prompt(named: Templates.withoutModel, .critic)
            fields = ToldField.all(context.judging.icc, of: snapshot, in: prompt.template)
            return
        }
        let model = try context.models.model(.critic)
        critic = model.name
        prompt = try context.templates.prompt(model, .critic)
        fields = try ToldField.all(context.judging.told(model).values(for: snapshot), by: context.judging.critic(model))
    }

    private static func snapshot(_ context: CommandContext) throws -> (ActorSnapshot?, solution: Int?) {
        if let problem = context.current.problem, let newest = try context.workspace.solutions.newest(of: problem.id) {
            return (newest.actor, newest.id)
        }
        guard context.models.has(.actor) else { return (nil, nil) }
        return (try context.solving.snapshot(of: context.models.model(.actor), context.settings.sampling), nil)
    }

    /// Whose snapshot is shown, and in which template's words.
    private var heading: String {
        let whose =
            switch (snapshot, solution) {
            case (let snapshot?, let solution?): "as known of \(snapshot.name) at solution \(solution)"
            case (let snapshot?, nil): "of the loaded actor \(snapshot.name)"
            case (nil, _): "no actor is loaded"
            }
        let reader =
            critic.map { "\($0) reads template \(prompt.name)" }
            ?? "no critic is loaded; the words are template \(prompt.name)'s"
        return TextWidth.visible("\(whose); \(reader)", keepingLines: false)
    }

    func outcome() -> Outcome {
        let known = snapshot.map { snapshot in
            JSONValue.object([("actor", .string(snapshot.name)), ("solution", solution.map { .int($0) } ?? .null)])
        }
        let members: [JSONObject.Member] = [
            ("fields", .array(fields.map(\.json))), ("snapshot", known ?? .null), ("critic", .text(critic)),
        ]
        let (fields, heading) = (fields, heading)
        return Outcome(members + prompt.fields) { page in
            page.line(page.style.faint(heading))
            page.table(Self.table(fields))
        }
    }

    private static func table(_ fields: [ToldField]) -> Table {
        var table = Table([
            .init("field"), .init("state"), .init("value", giving: .cut), .init("source"),
            .init("sentence", giving: .wrap, least: 20),
        ])
        for field in fields {
            let (value, isTold) = (field.value, field.isTold)
            table.add([
                .init("\(value.name)"), .init(value.isOn ? "on" : "off") { isTold ? $0.good($1) : $0.faint($1) },
                .init(value.fact?.text ?? "-"),
                .init(value.source), .init(field.sentence ?? "(left out)") { isTold ? $1 : $0.faint($1) },
            ])
        }
        return table
    }
}

struct ICCList: ShellCommand {
    static let configuration = CommandConfiguration.shell("list", "Show the fields.", examples: ["icc"])

    func run(_ context: CommandContext) throws -> Outcome { try ICCView(context).outcome() }
}

struct ICCOn: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "on", "Switch fields on.", examples: ["icc on success-rate", "icc on actor infer"])

    @Argument(help: ArgumentHelp("Fields.", valueName: "field"))
    var fields: [Text]

    func run(_ context: CommandContext) throws -> Outcome {
        for field in fields { try context.judging.icc.turn(field.string, on: true) }
        return try ICCView(context).outcome()
    }
}

struct ICCOff: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "off", "Switch fields off: their sentences leave the prompt.", examples: ["icc off success-rate"])

    @Argument(help: ArgumentHelp("Fields.", valueName: "field"))
    var fields: [Text]

    func run(_ context: CommandContext) throws -> Outcome {
        for field in fields { try context.judging.icc.turn(field.string, on: false) }
        return try ICCView(context).outcome()
    }
}

struct ICCSet: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "set", "Give a field a value instead of what is known.",
        discussion:
            "actor NAME[, SIZE]; success-rate a percentage or a share; infer a sentence; sampling TEMPERATURE[, "
            + "TOKENS]; your own fields a sentence.",
        examples: ["icc set success-rate 60%", "icc set actor \"small, 0.3M\""])

    @Argument(help: ArgumentHelp("A field.", valueName: "field"))
    var field: Text

    @Argument(help: ArgumentHelp("Its value.", valueName: "value"))
    var value: Text

    func run(_ context: CommandContext) throws -> Outcome {
        try context.judging.icc.set(field.string, to: value.string)
        return try ICCView(context).outcome()
    }
}

struct ICCUnset: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "unset", "Take a value back: what is known counts again.", examples: ["icc unset success-rate"])

    @Argument(help: ArgumentHelp("A field.", valueName: "field"))
    var field: Text

    func run(_ context: CommandContext) throws -> Outcome {
        try context.judging.icc.unset(field.string)
        return try ICCView(context).outcome()
    }
}

struct ICCAdd: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "add", "Add a sentence of your own to the critic's prompt.",
        examples: ["icc add style \"The actor likes short answers.\""])

    @Argument(help: ArgumentHelp("A name: a-z, 0-9 and -.", valueName: "new-name"))
    var name: Text

    @Argument(help: ArgumentHelp("The sentence.", valueName: "sentence"))
    var sentence: Text

    func run(_ context: CommandContext) throws -> Outcome {
        try context.judging.icc.add(name.string, sentence: sentence.string)
        return try ICCView(context).outcome()
    }
}

struct ICCRemove: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "remove", "Take one of your own sentences away.", examples: ["icc remove style"])

    @Argument(help: ArgumentHelp("One of your own fields.", valueName: "field"))
    var name: Text

    func run(_ context: CommandContext) throws -> Outcome {
        try context.judging.icc.remove(name.string)
        return try ICCView(context).outcome()
    }
}

struct ICCEdit: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "edit", "Change all fields at once in $EDITOR.", examples: ["icc edit"])

    func run(_ context: CommandContext) throws -> Outcome {
        let before = Self.text(context.judging.icc)
        let after = try context.editor.edit(before, name: "icc.txt")
        if after != before { context.judging.icc = try Self.parse(after) }
        return try ICCView(context).outcome()
    }

    static let heading = """
        # A field a line: on or off, its name, and after = the value you give it.
        # Without = what is known of the actor counts. A name of your own needs a sentence.

        """

    static func text(_ icc: ICC) -> String {
        heading
            + icc.values(for: nil).map { field in
                "\(field.isOn ? "on" : "off") \(field.name)" + (field.isSet ? " = \(field.fact?.text ?? "")" : "")
            }.joined(separator: "\n") + "\n"
    }

    /// - Throws: an error that names the line.
    static func parse(_ text: String) throws -> ICC {
        var icc = ICC()
        let standard = icc.names
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.trimmingBlanks
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            let place = "line \(index + 1)"
            let halves = line.split(separator: "=", maxSplits: 1).map(\.trimmingBlanks)
            let words = halves[0].split(separator: " ")
            guard words.count == 2, words[0] == "on" || words[0] == "off" else {
                throw ShellError.invalid(
                    what: "it does not begin with on NAME or off NAME", location: place, hint: "nothing was changed")
            }
            let name = String(words[1])
            let value = halves.count == 2 && !halves[1].isEmpty ? halves[1] : nil
            if standard.contains(name) {
                if let value { try icc.set(name, to: value) }
            } else {
                guard let value else {
                    throw ShellError.invalid(
                        what: "\(name) has no sentence", location: place, hint: "write on \(name) = SENTENCE")
                }
                try icc.add(name, sentence: value)
            }
            try icc.turn(name, on: words[0] == "on")
        }
        return icc
    }
}
