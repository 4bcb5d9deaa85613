import Acting
import ArgumentParser
import Critics
import Formats
import Foundation
import Plots
import Problems
import Prompts
import Terminal

struct Score: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "score", "Have the critic rate a solution's prefixes: a chain of thought and an integer 0-10 for each.",
        examples: ["score 2", "score 2.3 --chain", "score last --samples 4 --readout expected --critic judge"])

    @Argument(help: ArgumentHelp("A solution or prefix.", valueName: "prefix"))
    var target: Target

    @Option(help: ArgumentHelp("Which critic (default: the one in use).", valueName: "model"))
    var critic: [Text] = []

    @Option(help: ArgumentHelp("Chains per prefix (critic.num_samples).", valueName: "count"))
    var samples: Int?

    @Option(help: ArgumentHelp("parsed or expected (critic.value_readout).", valueName: "readout"))
    var readout: GenerativeCritic.Readout?

    @Flag(help: "Print the critic's reasoning.")
    var chain = false

    func run(_ context: CommandContext) throws -> Outcome {
        guard critic.count <= 1 else {
            throw ShellError.refused("score takes one critic", hint: "score with each in turn")
        }
        if let samples { try RangeCheck.require("--samples", samples, in: 1...256) }
        let session = context.session
        let model = try critic.first.map { try session.models.find($0.string) } ?? session.models.model(.critic)
        let judge = try session.critic(model, samples: samples, readout: readout)
        let table = try ScoreWork(context, model, judge, showsChains: chain).score(target)
        return Outcome(table.fields) { table.render($0) }
    }
}

extension GenerativeCritic.Readout: ExpressibleByArgument {}

/// One critic rating prefixes, with a progress bar.
struct ScoreWork {
    let context: CommandContext
    let model: LoadedModel
    /// `model`, as it is asked.
    let judge: any Critic
    var showsChains = false

    init(_ context: CommandContext, _ model: LoadedModel, _ judge: any Critic, showsChains: Bool = false) {
        (self.context, self.model, self.judge, self.showsChains) = (context, model, judge, showsChains)
    }

    /// A solution rated while it was written: what of that still holds for its final steps, and the rest rated now.
    func complete(_ opened: OpenedSolution, live: [Int: Valuation]) throws -> ScoreTable {
        let holding = live.filter { step, valuation in
            step == 0 || (step < opened.steps.count && opened.steps[step - 1].tokens.upperBound == valuation.end)
        }
        let wanted = PrefixSelection.evenlySpaced(
            steps: opened.steps.count, maximum: context.session.settings.integer("critic.max_prefixes"))
        let missing = try wanted.filter { holding[$0] == nil }.map(opened.prefix)
        let rest = missing.isEmpty || context.cancellation.isCancelled ? [] : try rate(missing)
        return try table(opened, rated: (Array(holding.values) + rest).sorted { $0.prefix < $1.prefix })
    }

    func score(_ target: Target) throws -> ScoreTable {
        let opened = try context.session.open(target)
        let prefixes = try opened.prefixes(
            target, maximum: context.session.settings.integer("critic.max_prefixes"))
        return try table(opened, rated: try rate(prefixes))
    }

    private func rate(_ prefixes: [SolutionPrefix]) throws -> [Valuation] {
        let bar = ProgressRelay(context, label: "score")
        defer { bar.finish() }
        return try judge.values(for: prefixes, cancellation: context.cancellation, progress: bar.relay)
    }

    /// Keeps the valuations and lays them out. All were told the same fields, those of the solution's actor.
    private func table(_ opened: OpenedSolution, rated valuations: [Valuation]) throws -> ScoreTable {
        let session = context.session
        try session.keep(valuations, isTruth: false)
        let told = valuations.first?.icc ?? session.told(model).values(for: opened.solution.actor)
        return ScoreTable(
            opened: opened, critic: judge.name, prompt: try session.prompt(model, .critic), valuations: valuations,
            truth: try session.truth(of: opened.solution.id), icc: ToldField.all(told, by: judge),
            showsChains: showsChains)
    }
}

/// Carries an estimator's progress, in tokens, to the bar. Estimators call it on the thread that called them, or on
/// one of their own while that one waits; a lock keeps them apart.
final class ProgressRelay: @unchecked Sendable {
    private let context: CommandContext
    private let label: String
    private let lock = NSLock()
    private var bar: ProgressBar?

    init(_ context: CommandContext, label: String) {
        self.context = context
        self.label = label
    }

    var relay: @Sendable (Int, Int) -> Void {
        { [self] done, total in
            lock.withLock {
                if bar == nil { bar = context.progress(label, unit: "tokens", total: total) }
                bar?.update(done)
            }
        }
    }

    func finish() { lock.withLock { bar?.finish() } }
}

/// One critic's values of one solution's prefixes.
struct ScoreTable {
    let opened: OpenedSolution
    let critic: String
    let prompt: PromptInUse
    let valuations: [Valuation]
    let truth: [Int: Valuation]
    let icc: [ToldField]
    let showsChains: Bool

    var fields: [JSONObject.Member] {
        [
            ("solution", .int(opened.solution.id)), ("author", .text(opened.solution.author?.description)),
            ("critic", .string(critic)),
        ] + prompt.fields + [("icc", .array(icc.map(\.json))), ("prefixes", .array(valuations.map(\.json)))]
    }

    var json: JSONValue { .object(fields) }

    func render(_ page: Page) {
        let author = opened.solution.author.map { ", \(TextWidth.visible($0.description, keepingLines: false))," } ?? ""
        page.line(
            page.style.bold("solution \(opened.solution.id)") + "\(author) rated by \(critic)"
                + page.style.faint("  (template \(prompt.name); ICC: \(fieldsTold))"))
        var table = Table([
            .init("prefix"), .init("value", right: true), .init("change", right: true), .init("0        1"),
            .init("truth", right: true),
            .init("status"), .init("step", flexible: true),
        ])
        var before: Double?
        for valuation in valuations {
            let value = valuation.value
            let change = value.flatMap { value in before.map { value - $0 } }
            before = value ?? before
            table.add([
                .init("\(valuation.prefix)"), .init(value.map { String(format: "%.2f", $0) } ?? "-"),
                .init(change.map { String(format: "%+.2f", $0) } ?? "") { style, text in
                    text.hasPrefix("-") ? style.bad(text) : style.good(text)
                },
                .init(value.map { Bar.text($0) } ?? "") { $0.accent($1) },
                .init(truth[valuation.prefix.step]?.value.map { String(format: "%.2f", $0) } ?? ""),
                .init(status(valuation)),
                .init(valuation.text.trimmingNewlines),
            ])
        }
        page.table(table)
        if let outcome = opened.solution.outcome {
            let answer = TextWidth.visible(opened.solution.extracted ?? "none", keepingLines: false)
            page.line(page.style.faint("outcome \(Chart.number(outcome)), answer \(answer)"))
        }
        if showsChains { renderChains(page) }
    }

    private var fieldsTold: String {
        let told = icc.filter(\.isTold).map(\.value.name.description)
        return told.isEmpty ? "none" : told.joined(separator: ", ")
    }

    private func status(_ valuation: Valuation) -> String {
        let counts = Dictionary(grouping: valuation.chains, by: \.status).mapValues(\.count)
        if counts.count == 1, let only = valuation.chains.first { return only.status.rawValue }
        return counts.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key.rawValue)" }.joined(
            separator: ", ")
    }

    private func renderChains(_ page: Page) {
        for valuation in valuations {
            for (index, chain) in valuation.chains.enumerated() {
                let which = valuation.chains.count > 1 ? ", chain \(index + 1)" : ""
                let score = chain.score.map { "score \($0)" } ?? "no score"
                page.line(
                    page.style.bold("\(valuation.prefix)\(which)")
                        + page.style.faint(
                            "  \(score), \(chain.status.rawValue)\(chain.failure.map { ": \($0.rawValue)" } ?? "")"))
                page.quoted(chain.text.trimmingNewlines, indent: 2)
                if let distribution = chain.distribution {
                    let peak = distribution.max() ?? 1
                    page.line(
                        "  p(0…10) " + Bar.sparkline(distribution)
                            + page.style.faint("  peak \(String(format: "%.2f", peak))"))
                }
            }
        }
    }
}
