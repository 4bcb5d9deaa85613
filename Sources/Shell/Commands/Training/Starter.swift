import ArgumentParser
import Checkpoints
import Formats
import Foundation
import Jumps
import Tokenizers
import Training
import Transformer

struct Starter: ParsableCommand {
    static let configuration = CommandConfiguration.shell(
        "starter", "Begin a small model for the built-in task, and write rows to train it on.",
        examples: ["starter init models/base --hidden 128 --layers 4"],
        subcommands: [Init.self, StarterCorpusCommand.self])

    struct Init: ShellCommand {
        static let configuration = CommandConfiguration.shell(
            "init", "Write an untrained model with the starter task's tokenizer, to be trained by `train sft`.",
            discussion:
                "A Llama of random weights (normal, deviation 1/sqrt(hidden)), tied head, RoPE base 100: its texts are "
                + "short, and at the usual 10000 tokens side by side look alike for long. The seed is the "
                + "session's.",
            examples: ["starter init models/base --hidden 128 --layers 4 --heads 4 --intermediate 384"])

        @Argument(help: ArgumentHelp("The directory to write.", valueName: "dir"))
        var directory: Text

        @Option(help: ArgumentHelp("Width of the residual stream.", valueName: "count"))
        var hidden = 128

        @Option(help: ArgumentHelp("Layers.", valueName: "count"))
        var layers = 4

        @Option(help: ArgumentHelp("Attention heads; the width must divide by them.", valueName: "count"))
        var heads = 4

        @Option(help: ArgumentHelp("Width of the feed-forward part.", valueName: "count"))
        var intermediate = 384

        @Flag(help: "Replace a directory that is there.")
        var replace = false

        func run(_ context: CommandContext) throws -> Outcome {
            guard (1...4096).contains(hidden), (1...256).contains(heads), hidden % (2 * heads) == 0 else {
                throw ShellError.refused(
                    "\(hidden) does not divide into \(heads) heads of even size", hint: "try --hidden 128 --heads 4")
            }
            guard (1...64).contains(layers), (1...16384).contains(intermediate) else {
                throw ShellError.refused(
                    "\(layers) layers of \(intermediate) make no starter", hint: "try --layers 4 --intermediate 384")
            }
            let path = try Home.newDirectory(directory.string, replacing: replace)
            let tokenizer = try Tokenizer(tokenizerJSON: JumpsTask.tokenizerJSON(), file: "starter")
            guard let end = tokenizer.id(ofSpecial: JumpsTask.endOfText) else {
                throw ShellError.refused("the starter vocabulary has no end token")
            }
            let configuration = Configuration(
                architecture: .llama, hidden: hidden, layers: layers, heads: heads, kvHeads: heads,
                headDim: hidden / heads,
                intermediate: intermediate, vocabulary: tokenizer.vocabularySize, maxPositions: 1024, ropeTheta: 100)
            let model = try Initialisation.model(configuration, seed: context.settings.seed)
            let checkpoint = Checkpoint(
                name: URL(fileURLWithPath: path).lastPathComponent, origin: "starter init", model: model,
                tokenizer: tokenizer,
                endTokens: [end])
            try checkpoint.save(to: path, replacing: replace)
            return .note(
                "\(path): \(model.parameters) parameters, vocabulary \(tokenizer.vocabularySize), untrained",
                [
                    ("directory", .string(path)), ("parameters", .int(model.parameters)),
                    ("vocabulary", .int(tokenizer.vocabularySize)),
                ])
        }
    }
}
