import ArgumentParser
import Compute
import Formats
import Foundation
import Training

struct Load: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "load", "Load a model as actor (it solves) or critic (it rates).",
        discussion:
            "SOURCE is a Hugging Face directory, a .safetensors or .gguf file, ORG/NAME[@REVISION] in the hub's cache "
            + "once `hf download ORG/NAME` has put it there, starter:NAME, or run:ID[@STEP]; run:ID@120s is the newest "
            + "checkpoint of the first 120 seconds of training. Where weights have a value head beside their words, "
            + "the words are the actor and the head the critic. Several critics may be "
            + "loaded; the newest is used. An actor's success rate, which critics are told, is measured on a "
            + "problem set: a starter model's on the built-in task at once, another's where --measure names one.",
        examples: [
            "load actor starter:actor", "load critic models/smollm2/model.gguf --as judge", "load actor run:sft-1@100",
            "load actor Qwen/Qwen2.5-0.5B-Instruct", "load actor models/my-model --measure sessions/school.jsonl",
        ])

    @Argument(help: "actor or critic.")
    var role: Role

    @Argument(help: ArgumentHelp("What to load.", valueName: "source"))
    var source: Text

    @Option(help: ArgumentHelp("What to call it (default: after its source).", valueName: "new-name"))
    var `as`: Text?

    @Option(
        help: ArgumentHelp(
            """
            Problems on which an actor's success rate is measured, one solution each (critic.icc.measured_on of \
            them); none: not at all.
            """,
            valueName: "set"))
    var measure: Text?

    @Flag(
        help: """
            A critic that was trained without In-Context Conditioning (critic.icc.dropout=1): its prompts tell \
            nothing of the actor, whatever `icc` says.
            """
    )
    var untold = false

    func run(_ context: CommandContext) throws -> Outcome {
        guard !untold || role == .critic else {
            throw ShellError.refused(
                "--untold is for a critic", hint: "an actor's prompt tells nothing of an actor anyway")
        }
        let model = try loaded(context.models, context.sources, context.jobs, context.console.cancellation)
        if role == .critic { model.isUntold = untold }
        context.models.use(model, as: role)
        if role == .actor { try context.solving.measure(model, on: measure?.string, of: context.sets, context.console) }
        if model.hasBothHeads, role == .actor {
            context.console.remark("\(source) has a value head too: `load critic \(source) --as OTHER` takes it")
        }
        if model.slowPattern != nil {
            context.console.remark("note: the tokenizer's pattern has no scanner by hand; encoding is slower")
        }
        let prompt = try context.templates.prompt(model, role)
        if role == .critic, model.ownTemplate == nil {
            context.console.remark(
                "warning: \(source) carries no critic template; \(model.name) is asked with \(prompt.name) "
                    + "(`prompt use` takes another)")
        }
        return .note(
            "\(role.rawValue): \(model.name), \(model.summary)\(rate(model))",
            [
                ("role", .string(role.rawValue)), ("name", .string(model.name)), ("source", .string(source.string)),
                ("parameters", model.parameters.map { .int($0) } ?? .null),
                ("success_rate", .number(model.measured?.rate)),
            ] + prompt.fields)
    }

    /// The model of that name, loaded now if it was not before.
    private func loaded(
        _ models: Models, _ sources: ModelSource, _ jobs: Jobs, _ cancellation: Cancellation
    ) throws -> LoadedModel {
        let name = self.as?.string ?? sources.defaultName(source.string)
        if let known = models.all.first(where: { $0.name == name }) {
            guard known.source == source.string else {
                throw ShellError.refused(
                    "the name \(name) is taken by \(known.source)",
                    hint: "give another with --as, or `unload \(name)` first")
            }
            try checkSamePart(known, sources)
            try known.checkCanPlay(role)
            return known
        }
        try jobs.snapshot(of: source.string, cancellation)
        let fixed = try sources.fixed(source.string)
        let checkpoint = try sources.load(
            source.string.hasPrefix("run:") ? fixed : source.string, name: name, part: part)
        let model = try LoadedModel(name: name, source: source.string, fixedSource: fixed, checkpoint: checkpoint)
        try model.checkCanPlay(role)
        models.add(model)
        return model
    }

    private var part: ModelRole { role == .critic ? .critic : .actor }

    /// A run of two models has both under one source, each in a folder of its own.
    /// - Throws: ``ShellError/refused(_:hint:)`` where the name belongs to the other one.
    private func checkSamePart(_ known: LoadedModel, _ sources: ModelSource) throws {
        guard source.string.hasPrefix("run:"), let origin = known.origin else { return }
        let wanted = URL(fileURLWithPath: try sources.path(source.string, part: part)).lastPathComponent
        let there = URL(fileURLWithPath: origin).lastPathComponent
        guard wanted == there else {
            throw ShellError.refused(
                "\(known.name) is the \(there) of \(source.string)", hint: "give its \(wanted) another name with --as")
        }
    }

    private func rate(_ model: LoadedModel) -> String {
        guard role == .actor, let measured = model.measured else { return "" }
        return String(format: ", solves %.0f %% of %d problems", 100 * measured.rate, measured.rollouts)
    }
}
