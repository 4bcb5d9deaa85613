import ArgumentParser
import Formats
import Foundation
import Generation
import Terminal
import Tokenizers

struct Tokenize: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "tokenize", "Print a text's token ids and pieces; special tokens are recognised, nothing is added.",
        examples: ["tokenize \"Hello there\"", "tokenize '<|im_end|>' --model judge"])

    @Argument(help: ArgumentHelp("The text; several words are joined by blanks.", valueName: "text"))
    var text: [Text]

    @Option(help: ArgumentHelp("Whose tokenizer (default: the actor's).", valueName: "model"))
    var model: Text?

    func run(_ context: CommandContext) throws -> Outcome {
        let model = try context.models.any(self.model?.string)
        let tokenizer = try model.tokenizer(for: "`tokenize`")
        let ids = tokenizer.encode(text.map(\.string).joined(separator: " "), recognisingSpecials: true)
        let pieces = ids.map(tokenizer.piece)
        return Outcome([("ids", .ids(ids)), ("pieces", .array(pieces.map { .string($0) }))]) { page in
            var table = Table([.init("id", right: true), .init("piece", giving: .cut)])
            for (id, piece) in zip(ids, pieces) {
                let isSpecial = tokenizer.specialIDs.contains(id)
                table.add([.init(String(id)), .init(piece) { isSpecial ? $0.accent($1) : $1 }])
            }
            page.table(table)
            page.line(page.style.faint("\(ids.count) tokens by \(model.name)"))
        }
    }
}

struct Logprobs: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "logprobs", "How likely a model finds each token of a text, with entropy and the likeliest alternatives.",
        discussion: "Nothing is added to the text: its first token has nothing before it, and no log-probability.",
        examples: ["logprobs \"The cat sat on the mat\"", "logprobs \"2 + 2 = 4\" --top 3 --model judge"])

    @Argument(help: ArgumentHelp("The text; several words are joined by blanks.", valueName: "text"))
    var text: [Text]

    @Option(help: ArgumentHelp("Alternatives shown.", valueName: "count"))
    var top: Int = 5

    @Option(help: ArgumentHelp("Which model (default: the actor).", valueName: "model"))
    var model: Text?

    func run(_ context: CommandContext) throws -> Outcome {
        try RangeCheck.require("--top", top, in: 0...100)
        let model = try context.models.writer(self.model?.string)
        let scoring = try model.text(for: "`logprobs`").scores(for: "`logprobs`"), tokenizer = scoring.tokenizer
        let ids = tokenizer.encode(text.map(\.string).joined(separator: " "), recognisingSpecials: true)
        guard !ids.isEmpty else { throw ShellError.refused("the text is empty") }
        if let begin = model.missingBeginning(of: ids) {
            context.console.remark(
                "note: \(model.name) was trained with \(begin) before every text; "
                    + "`logprobs \"\(begin)…\"` puts it there"
            )
        }
        let scores = try scoring.score(ids, from: 1, top: top, cancellation: context.console.cancellation)
        let tops: [JSONValue] = scores.map { score in
            .array(
                score.top.map {
                    .object([
                        ("id", .integer(Int64($0.id))), ("piece", .string(tokenizer.piece($0.id))),
                        ("logprob", .float($0.logprob)),
                    ])
                })
        }
        let total = scores.reduce(0.0) { $0 + Double($1.logprob) }
        let fields: [JSONObject.Member] = [
            ("ids", .ids(ids)), ("logprobs", .array([.null] + scores.map { .float($0.logprob) })),
            ("entropy", .array([.null] + scores.map { .float($0.entropy) })), ("top", .array([.null] + tops)),
            ("sum", .number(total)),
        ]
        return Outcome(fields) { page in
            page.table(Self.table(ids[0], scores, tokenizer))
            let perplexity = scores.isEmpty ? 1 : exp(-total / Double(scores.count))
            page.line(
                page.style.faint(
                    "sum \(String(format: "%.3f", total)), perplexity \(String(format: "%.2f", perplexity)) by "
                        + "\(model.name)"
                ))
        }
    }

    /// - Parameter first: the text's first token, which nothing foretells.
    private static func table(_ first: TokenID, _ scores: [TokenScore], _ tokenizer: Tokenizer) -> Table {
        var table = Table([
            .init("id", right: true), .init("token"), .init("logprob", right: true), .init("p", right: true),
            .init("entropy", right: true), .init("likeliest", giving: .cut),
        ])
        table.add([.init(String(first)), .init(tokenizer.piece(first)), "", "", "", ""])
        for score in scores {
            let alternatives = score.top.map {
                "\(tokenizer.piece($0.id)) \(String(format: "%.2f", exp(Double($0.logprob))))"
            }
            table.add([
                .init(String(score.id)), .init(tokenizer.piece(score.id)),
                .init(String(format: "%.3f", score.logprob)),
                .init(String(format: "%.3f", exp(Double(score.logprob)))),
                .init(String(format: "%.2f", score.entropy)),
                .init(alternatives.joined(separator: "  ")),
            ])
        }
        return table
    }
}
