import ArgumentParser
import Checkpoints
import Compute
import Formats
import Foundation
import Terminal

struct ModelList: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "models", "List the loaded models with their sizes, memory and origin.", examples: ["models"])

    func run(_ context: CommandContext) throws -> Outcome {
        let models = context.models
        let rows = try models.all.map { model in
            Row(
                model: model, roles: models.roles(of: model).map(\.rawValue), bytes: model.weightBytes,
                prompts: try Role.allCases.filter(model.played.contains).map { try context.templates.prompt(model, $0) }
            )
        }
        return Outcome([("models", .array(rows.map(\.json)))]) { page in
            guard !rows.isEmpty else { return page.line("no model is loaded; `load actor SOURCE` loads one") }
            var table = Table([
                .init("name", giving: .cut), .init("role"), .init("parameters", right: true),
                .init("memory", right: true),
                .init("context", right: true),
                .init("prompt", giving: .cut), .init("source", giving: .cut),
            ])
            for row in rows {
                let role = row.roles.joined(separator: ", ")
                table.add([
                    .init(row.model.name) { $0.bold($1) }, .init(role),
                    .init(row.model.parameters.map(Span.count) ?? "-"),
                    .init(Span.bytes(row.bytes)), .init(row.model.contextLength.map { String($0) } ?? "-"),
                    .init(row.reads), .init(row.model.source),
                ])
            }
            page.table(table)
        }
    }

    private struct Row {
        var model: LoadedModel
        var roles: [String]
        var bytes: Int
        /// Of the roles that it was given.
        var prompts: [PromptInUse]

        /// `default (edited)`; with both roles `actor default, critic few (own)`.
        var reads: String {
            prompts.map { prompts.count > 1 ? "\($0.role.rawValue) \($0.label)" : $0.label }.joined(separator: ", ")
        }

        var json: JSONValue {
            .object([
                ("name", .string(model.name)), ("roles", .array(roles.map { .string($0) })),
                ("source", .string(model.source)),
                ("parameters", model.parameters.map { .int($0) } ?? .null), ("bytes", .int(bytes)),
                ("context", model.contextLength.map { .int($0) } ?? .null),
                ("architecture", .text(model.architecture)),
                ("prompts", .array(prompts.map(\.json))),
            ])
        }
    }
}

struct Use: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "use", "Choose which loaded model is the actor or the critic.", examples: ["use critic judge"])

    @Argument(help: "actor or critic.")
    var role: Role

    @Argument(help: ArgumentHelp("A loaded model.", valueName: "model"))
    var name: Text

    func run(_ context: CommandContext) throws -> Outcome {
        let model = try context.models.find(name.string)
        try model.checkCanPlay(role)
        context.models.use(model, as: role)
        let prompt = try context.templates.prompt(model, role)
        // What a critic carries is what it was trained under; anything else is worth a word.
        let reads = role == .critic && !prompt.isOwn ? ", asked with \(prompt.name)" : ""
        return .note(
            "\(role.rawValue): \(model.name)\(reads)",
            [("role", .string(role.rawValue)), ("name", .string(model.name))] + prompt.fields)
    }
}

struct Unload: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "unload", "Forget a model and give its memory back.", examples: ["unload judge"])

    @Argument(help: ArgumentHelp("A loaded model.", valueName: "model"))
    var name: Text

    func run(_ context: CommandContext) throws -> Outcome {
        try context.models.remove(name.string)
        return .note("unloaded \(name)", [("name", .string(name.string))])
    }
}

struct Save: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "save", "Write a loaded model as a directory that Hugging Face's transformers loads.",
        discussion: """
            Its README.md, the model card, tells what the model is and the runs that it came out of. A critic's prompt \
            template is written beside its weights, and read again when the directory is loaded.
            """,
        examples: ["save actor my-actor"])

    @Argument(help: ArgumentHelp("A loaded model.", valueName: "model"))
    var name: Text

    @Argument(help: ArgumentHelp("The directory to write.", valueName: "dir"))
    var directory: Text

    @Flag(help: "Replace the directory when it exists.")
    var replace = false

    func run(_ context: CommandContext) throws -> Outcome {
        let model = try context.models.find(name.string)
        let prompt = try criticPrompt(model, context.templates)
        try model.weights(for: "`save`").save(
            to: Home.newDirectory(directory.string, replacing: replace), replacing: replace,
            card: ModelCard(
                model, criticPrompt: prompt, sources: context.sources, workspace: context.workspace.directory
            ).text, criticPrompt: prompt)
        return .note(
            "saved \(name) to \(directory)",
            [
                ("name", .string(name.string)), ("directory", .string(directory.string)),
                ("critic_template", .text(prompt?.place)),
            ])
    }

    /// As it is asked now; nil for a model that neither was a critic here nor carries a critic's template.
    private func criticPrompt(_ model: LoadedModel, _ templates: Templates) throws -> PromptFile? {
        guard model.played.contains(.critic) || model.ownTemplate != nil else { return nil }
        let template = try templates.template(model, .critic)
        return PromptFile(name: template.name, text: template.text, path: template.path ?? template.name)
    }
}

struct Inspect: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "inspect", "Print a model's settings and tensors without loading it.",
        examples: ["inspect models/smollm2/model.gguf", "inspect starter:critic | less"])

    @Argument(help: ArgumentHelp("As for load.", valueName: "source"))
    var source: Text

    func run(_ context: CommandContext) throws -> Outcome {
        let inspection = try Checkpoint.inspect(context.sources.path(source.string))
        let tensors: [JSONValue] = inspection.tensors.map { tensor in
            .object([
                ("name", .string(tensor.name)), ("type", .string(tensor.typeName)),
                ("shape", .array(tensor.shape.map { .int($0) })), ("bytes", .int(tensor.byteRange.count)),
            ])
        }
        let metadata = inspection.metadata.map { (key: $0.key, value: JSONValue.string($0.value)) }
        return Outcome([
            ("format", .string(inspection.format.rawValue)), ("files", .array(inspection.files.map { .string($0) })),
            ("metadata", .object(metadata)), ("tensors", .array(tensors)),
            ("refusal", .text(inspection.refusal?.description)),
        ]) { page in Self.render(inspection, page) }
    }

    private static func render(_ inspection: Inspection, _ page: Page) {
        page.line(
            page.style.bold(inspection.format.rawValue)
                + ", \(inspection.tensors.count) tensors, \(Span.count(inspection.elements)) numbers, "
                + "\(Span.bytes(inspection.bytes))"
        )
        for (key, value) in inspection.metadata {
            page.line(
                "  "
                    + TextWidth.truncated(
                        TextWidth.visible("\(key) = \(value)", keepingLines: false), to: page.width - 2))
        }
        var table = Table([.init("tensor", giving: .cut), .init("type"), .init("shape"), .init("bytes", right: true)])
        for tensor in inspection.tensors {
            table.add([
                .init(tensor.name), .init(tensor.typeName),
                .init(tensor.shape.map(String.init).joined(separator: " × ")),
                .init(Span.bytes(tensor.byteRange.count)),
            ])
        }
        page.table(table)
        if let refusal = inspection.refusal {
            page.line(page.style.warning("cannot be run: ") + TextWidth.visible(refusal.description))
        }
    }
}
