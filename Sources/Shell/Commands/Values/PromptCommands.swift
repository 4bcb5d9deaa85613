import ArgumentParser
import Formats
import Foundation
import Generation
import Prompts
import Terminal

struct PromptCommand: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "prompt", "See and change what the critic (or, with --actor, the actor) reads.",
        discussion: """
            A critic that carries its template (run:ID, or a directory that `save` wrote) reads that one, and no copy \
            of the workspace's under the same name. Edited, it becomes the workspace's template TEMPLATE-of-MODEL, \
            which this model then reads.

            A template is a text with placeholders. An actor's has {{problem}} alone. Those with # begin a section, \
            which ends as {{/actor}} does and is printed while its ICC field is on and known:

            \(placeholders)
            """,
        examples: [
            "prompt show 2.3", "prompt show", "prompt edit", "prompt new strict", "prompt use strict", "prompt diff",
            "prompt reset",
        ],
        subcommands: [
            PromptShow.self, PromptEdit.self, PromptNew.self, PromptUse.self, PromptDiff.self, PromptReset.self,
        ],
        defaultSubcommand: PromptShow.self)

    private static let placeholders = PromptTemplate.placeholders.map { name, meaning in
        "  \(TextWidth.padded(name, to: 19))\(meaning)"
    }.joined(separator: "\n")

    func run(_ context: CommandContext) throws -> Outcome { Outcome() }
}

/// Whose prompt is meant.
struct PromptOwner: ParsableArguments {
    @Flag(help: "The actor's prompt instead of the critic's.")
    var actor = false

    @Option(help: ArgumentHelp("A loaded model other than the one in use.", valueName: "model"))
    var model: Text?

    var role: Role { actor ? .actor : .critic }

    func model(_ models: Models) throws -> LoadedModel {
        guard model != nil || actor || models.has(.critic) || !models.has(.actor) else {
            throw ShellError.refused(
                "no critic is loaded", hint: "--actor shows what the actor reads; `load critic SOURCE` loads one")
        }
        return try model.map { try models.find($0.string) } ?? models.model(role)
    }

    /// The model, if one is named or plays the role, and what it reads; without one the standard template, as is said.
    func prompt(_ models: Models, _ templates: Templates, _ console: Console) throws -> (
        model: LoadedModel?, prompt: PromptInUse
    ) {
        guard model != nil || models.has(role) else {
            let name = Templates.withoutModel
            let other = !actor && models.has(.actor) ? "; --actor is for the actor's" : ""
            console.remark("no \(role.rawValue) is loaded: this is the template \(name)\(other)")
            return (nil, try templates.prompt(named: name, role))
        }
        let model = try model(models)
        return (model, try templates.prompt(model, role))
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
        guard target != nil || (owner.actor && context.current.problem != nil && context.models.has(.actor)) else {
            let prompt = try owner.prompt(context.models, context.templates, context.console).prompt,
                template = prompt.template
            return Outcome(prompt.fields + [("path", .text(template.path)), ("text", .string(template.text))]) { page in
                page.line(page.style.faint("\(template.path ?? template.name)\(prompt.isEdited ? " (edited)" : "")"))
                page.quoted(template.text.trimmingNewlines)
            }
        }
        let prompt = try rendered(context)
        return Outcome([("text", .string(prompt.text)), ("ids", .ids(prompt.ids)), ("tokens", .int(prompt.ids.count))])
        { page in
            page.quoted(prompt.text)
            page.line(page.style.faint("(\(prompt.ids.count) tokens)"))
        }
    }

    private func rendered(_ context: CommandContext) throws -> Passage {
        let model = try owner.model(context.models)
        guard let target else {
            return try model.builder.actor(
                context.templates.template(model, .actor), problem: context.current.required())
        }
        let opened = try OpenedSolution(target, in: context.workspace)
        let prefix = try opened.prefix(target.step ?? 0)
        if owner.actor {
            var prompt = try model.builder.actor(
                context.templates.template(model, .actor), problem: opened.problem)
            prompt.ids += prefix.ids
            prompt.text += prefix.written.text
            return prompt
        }
        let prompts = try context.judging.critic(model).prompts(for: [prefix])
        guard let prompt = prompts.first else { throw ShellError.refused("no prompt was rendered") }
        return prompt
    }
}

struct PromptEdit: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "edit", "Change the template in $EDITOR; the copy is kept in the workspace.", examples: ["prompt edit"])

    @OptionGroup var owner: PromptOwner

    func run(_ context: CommandContext) throws -> Outcome {
        let (model, prompt) = try owner.prompt(context.models, context.templates, context.console)
        let before = prompt.template, name = try copyName(prompt, model, context.templates.library)
        let text = try context.editor.edit(before.text, name: name + ".mustache")
        guard text != before.text else {
            return .note("nothing was changed", [("template", .string(before.name)), ("changed", false)])
        }
        let saved = try context.templates.keep(
            text, as: name, owner.role, workspace: context.workspace.directory)
        if prompt.isOwn { model?.read(.library(name), as: owner.role) }
        let reader = prompt.isOwn ? model.map { "; \($0.name) reads it now" } ?? "" : ""
        return .note(
            "kept as \(saved.path ?? name)\(reader)",
            [("template", .string(name)), ("changed", true), ("path", .text(saved.path))])
    }

    /// A library's template keeps its name. One that the model carries gets a name of its own: under the old one its
    /// copy would be read by other models too.
    /// - Throws: ``ShellError/refused(_:hint:)`` where that copy is there from another day.
    private func copyName(_ prompt: PromptInUse, _ model: LoadedModel?, _ library: PromptLibrary) throws -> String {
        guard prompt.isOwn, let name = model?.editedName else { return prompt.template.name }
        guard !library.names(owner.role.template).contains(name) else {
            throw ShellError.refused(
                "there is a changed copy of it already, \(name)",
                hint: "`prompt use \(name)` takes it, to be edited on; `prompt reset` then throws it away")
        }
        return name
    }
}

struct PromptUse: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "use", "Choose the template a model reads.",
        examples: ["prompt use default", "prompt use starter --actor", "prompt use --own"])

    @Argument(help: ArgumentHelp("A template's name.", valueName: "template"))
    var name: Text?

    @Flag(help: "The template that the critic carries.")
    var own = false

    @OptionGroup var owner: PromptOwner

    func run(_ context: CommandContext) throws -> Outcome {
        let model = try owner.model(context.models)
        model.read(try choice(model, context.templates.library), as: owner.role)
        let prompt = try context.templates.prompt(model, owner.role)
        return .note(
            "\(model.name) reads \(prompt.template.path ?? prompt.template.name)",
            [("model", .string(model.name))] + prompt.fields + [("path", .text(prompt.template.path))])
    }

    private func choice(_ model: LoadedModel, _ library: PromptLibrary) throws -> TemplateChoice {
        switch (name, own) {
        case (let name?, false):
            return .library(try library.load(owner.role.template, name.string).name)
        case (nil, true):
            guard owner.role == .critic, let template = model.ownTemplate else {
                throw ShellError.refused(
                    "\(model.name) carries no \(owner.role.rawValue) template",
                    hint: "`prompt use NAME` takes the library's")
            }
            return .own(template)
        default:
            throw ShellError.refused("one template is to be named", hint: "`prompt use NAME`, or `prompt use --own`")
        }
    }
}

struct PromptDiff: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "diff", "What your copy of the template changes.", examples: ["prompt diff"])

    @OptionGroup var owner: PromptOwner

    func run(_ context: CommandContext) throws -> Outcome {
        let (model, prompt) = try owner.prompt(context.models, context.templates, context.console)
        let name = prompt.template.name
        let lines =
            if prompt.isOwn {
                [String]()
            } else if let original = model?.original(of: prompt) {
                PromptLibrary.diff(original.text, prompt.template.text)
            } else {
                try context.templates.library.diff(owner.role.template, name)
            }
        return Outcome([("template", .string(name)), ("diff", .array(lines.map { .string($0) }))]) { page in
            guard !lines.isEmpty else { return page.line("\(name) is as it came") }
            for line in lines {
                let text = TextWidth.visible(line)
                page.line(
                    line.hasPrefix("+") ? page.style.good(text) : line.hasPrefix("-") ? page.style.bad(text) : text)
            }
        }
    }
}

struct PromptReset: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "reset", "Throw your copy of the template away.", examples: ["prompt reset"])

    @OptionGroup var owner: PromptOwner

    func run(_ context: CommandContext) throws -> Outcome {
        let (model, prompt) = try owner.prompt(context.models, context.templates, context.console)
        let original: PromptTemplate
        if prompt.isOwn {
            original = prompt.template
        } else if let model, let own = model.original(of: prompt) {
            try context.templates.library.remove(owner.role.template, prompt.template.name)
            model.read(.own(own), as: owner.role)
            original = own
        } else {
            original = try context.templates.library.reset(owner.role.template, prompt.template.name)
        }
        return .note(
            "\(original.name) is as it came: \(original.path ?? original.name)",
            [("template", .string(original.name)), ("path", .text(original.path))])
    }
}

extension LoadedModel {
    /// The template that it carries, where `prompt` is the changed copy of it.
    fileprivate func original(of prompt: PromptInUse) -> PromptTemplate? {
        prompt.role == .critic && prompt.template.name == editedName ? ownTemplate : nil
    }
}
