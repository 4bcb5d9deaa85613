import ArgumentParser
import Critics
import Formats
import Foundation

struct PromptCommand: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "prompt", "See and change what the critic (or, with --actor, the actor) reads.",
        examples: ["prompt show 2.3", "prompt show", "prompt edit", "prompt use default", "prompt diff", "prompt reset"],
        subcommands: [PromptShow.self, PromptEdit.self, PromptUse.self, PromptDiff.self, PromptReset.self], defaultSubcommand: PromptShow.self)

    func run(_ context: CommandContext) throws -> Outcome { Outcome() }
}

/// Whose prompt is meant.
struct PromptOwner: ParsableArguments {
    @Flag(help: "The actor's prompt instead of the critic's.")
    var actor = false

    @Option(help: ArgumentHelp("A loaded model other than the one in use.", valueName: "model"))
    var model: Text?

    var role: Role { actor ? .actor : .critic }

    func model(_ session: Session) throws -> LoadedModel {
        try model.map { try session.models.find($0.string) } ?? session.models.model(role)
    }

    /// The template's name, without a model too: then the default one.
    func templateName(_ session: Session) throws -> String {
        guard model != nil || session.models.has(role) else { return "default" }
        return try model(session).templates[role] ?? "default"
    }
}

struct PromptShow: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "show", "Print exactly what will be read for a prefix, with its token count; without one, the template.",
        examples: ["prompt show 2.3", "prompt show --actor"])

    @Argument(help: ArgumentHelp("A prefix; a solution means its bare problem.", valueName: "prefix"))
    var target: Target?

    @OptionGroup var owner: PromptOwner

    func run(_ context: CommandContext) throws -> Outcome {
        let session = context.session
        guard target != nil || (owner.actor && session.problem != nil && session.models.has(.actor)) else {
            let template = try session.prompts.load(owner.role.template, owner.templateName(session))
            return Outcome([("template", .string(template.name)), ("path", .text(template.path)), ("text", .string(template.text))]) { page in
                page.line(page.style.faint("\(template.path ?? template.name)"))
                page.quoted(template.text.trimmingNewlines)
            }
        }
        let prompt = try rendered(session)
        return Outcome([("text", .string(prompt.text)), ("ids", .ids(prompt.ids)), ("tokens", .int(prompt.ids.count))]) { page in
            page.quoted(prompt.text)
            page.line(page.style.faint("(\(prompt.ids.count) tokens)"))
        }
    }

    private func rendered(_ session: Session) throws -> RenderedPrompt {
        let model = try owner.model(session)
        guard let target else {
            return try model.builder.actor(session.template(model, .actor), problem: session.currentProblem().text)
        }
        let opened = try session.open(target)
        let prefix = try opened.prefix(target.step ?? 0)
        if owner.actor {
            var prompt = try model.builder.actor(session.template(model, .actor), problem: opened.problem.text)
            prompt.ids += prefix.ids
            prompt.text += opened.steps.prefix(prefix.step).map(\.text).joined()
            return prompt
        }
        let prompts = try session.critic(model).prompts(for: [prefix])
        guard let prompt = prompts.first else { throw ShellError.refused("no prompt was rendered") }
        return prompt
    }
}

struct PromptEdit: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "edit", "Change the template in $EDITOR; the copy is kept in the workspace.", examples: ["prompt edit"])

    @OptionGroup var owner: PromptOwner

    func run(_ context: CommandContext) throws -> Outcome {
        let session = context.session
        let name = try owner.templateName(session)
        let before = try session.prompts.load(owner.role.template, name)
        let text = try Editor.edit(before.text, name: name + ".mustache", context)
        guard text != before.text else { return .note("nothing was changed", [("template", .string(name)), ("changed", false)]) }
        let saved: PromptTemplate
        do {
            saved = try session.prompts.save(owner.role.template, name, text: text)
        } catch {
            let kept = Home.output("\(session.workspace.directory)/.genac/prompts/\(owner.role.rawValue)-\(name).refused")
            try Data(text.utf8).write(to: URL(fileURLWithPath: kept))
            throw ShellError.refused("the template was not taken: \(error)", hint: "your text is kept as \(kept)")
        }
        return .note("kept as \(saved.path ?? name)", [("template", .string(name)), ("changed", true), ("path", .text(saved.path))])
    }
}

struct PromptUse: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "use", "Choose the template a model reads.", examples: ["prompt use default", "prompt use starter --actor"])

    @Argument(help: ArgumentHelp("A template's name.", valueName: "template"))
    var name: Text

    @OptionGroup var owner: PromptOwner

    func run(_ context: CommandContext) throws -> Outcome {
        let session = context.session
        let template = try session.prompts.load(owner.role.template, name.string)
        let model = try owner.model(session)
        model.templates[owner.role] = template.name
        return .note("\(model.name) reads \(template.path ?? template.name)", [("template", .string(template.name)), ("model", .string(model.name)), ("path", .text(template.path))])
    }
}

struct PromptDiff: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "diff", "What your copy of the template changes.", examples: ["prompt diff"])

    @OptionGroup var owner: PromptOwner

    func run(_ context: CommandContext) throws -> Outcome {
        let name = try owner.templateName(context.session)
        let lines = try context.session.prompts.diff(owner.role.template, name)
        return Outcome([("template", .string(name)), ("diff", .array(lines.map { .string($0) }))]) { page in
            guard !lines.isEmpty else { return page.line("\(name) is as it came") }
            for line in lines {
                let text = TextWidth.visible(line)
                page.line(line.hasPrefix("+") ? page.style.good(text) : line.hasPrefix("-") ? page.style.bad(text) : text)
            }
        }
    }
}

struct PromptReset: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "reset", "Throw your copy of the template away.", examples: ["prompt reset"])

    @OptionGroup var owner: PromptOwner

    func run(_ context: CommandContext) throws -> Outcome {
        let name = try owner.templateName(context.session)
        let template = try context.session.prompts.reset(owner.role.template, name)
        return .note("\(name) is as it came: \(template.path ?? name)", [("template", .string(name)), ("path", .text(template.path))])
    }
}
