import ArgumentParser
import Formats

struct Load: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "load", "Load a model as actor (it solves) or critic (it rates).",
        discussion: "SOURCE is a Hugging Face directory, a .safetensors or .gguf file, starter:NAME, or run:ID[@STEP]. Several critics may be loaded; the newest is used.",
        examples: ["load actor starter:actor", "load critic models/smollm2/model.gguf --as judge", "load actor run:sft-1@100"])

    @Argument(help: "actor or critic.")
    var role: Role

    @Argument(help: ArgumentHelp("What to load.", valueName: "source"))
    var source: Text

    @Option(help: ArgumentHelp("What to call it (default: after its source).", valueName: "new-name"))
    var `as`: Text?

    func run(_ context: CommandContext) throws -> Outcome {
        let session = context.session
        let name = self.as?.string ?? session.modelSource.defaultName(source.string)
        let model: LoadedModel
        if let known = session.models.all.first(where: { $0.name == name }) {
            guard known.source == source.string else {
                throw ShellError.refused("the name \(name) is taken by \(known.source)", hint: "give another with --as, or `unload \(name)` first")
            }
            model = known
        } else {
            try session.snapshotRunningJob(of: source.string)
            let checkpoint = try session.modelSource.load(source.string, name: name)
            model = LoadedModel(name: name, source: source.string, checkpoint: checkpoint)
            session.models.add(model)
        }
        session.models.use(model, as: role)
        let size = Span.count(model.checkpoint.parameters)
        return .note(
            "\(role.rawValue): \(name), \(size) parameters, \(model.checkpoint.model.configuration.architecture.rawValue)",
            [
                ("role", .string(role.rawValue)), ("name", .string(name)), ("source", .string(source.string)),
                ("parameters", .int(model.checkpoint.parameters)),
            ])
    }
}
