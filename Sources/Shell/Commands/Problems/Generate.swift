import Acting
import ArgumentParser
import Compute
import Critics
import Formats
import Generation
import Problems
import Terminal
import Workspace

/// Options of sampling, shared by `generate` and `branch`; what is not given comes from the settings `rollout.*`.
struct SamplingOptions: ParsableArguments {
    @Option(name: .customShort("n"), help: ArgumentHelp("How many solutions (rollout.n).", valueName: "count"))
    var count: Int?

    @Option(help: ArgumentHelp("0 takes the likeliest token (rollout.temperature).", valueName: "number"))
    var temperature: Double?

    @Option(help: ArgumentHelp("Sample among the likeliest with this probability together.", valueName: "number"))
    var topP: Double?

    @Option(help: ArgumentHelp("Sample among the k likeliest tokens; 0 is off.", valueName: "count"))
    var topK: Int?

    @Option(
        help: ArgumentHelp("Sample among tokens at least this likely relative to the likeliest.", valueName: "number"))
    var minP: Double?

    @Option(help: ArgumentHelp("Tokens in a whole solution at most (rollout.response_length).", valueName: "count"))
    var maxTokens: Int?

    @Option(help: ArgumentHelp("Text that ends a solution; may be given several times.", valueName: "text"))
    var stop: [Text] = []

    @Flag(help: "Have the critic rate each step as it ends; solutions are then written one after another.")
    var score = false

    func sampling(_ standard: Sampling) throws -> Sampling {
        var sampling = standard
        if let temperature {
            sampling.temperature = try checked("--temperature", temperature, 0...10)
            guard temperature == 0 || temperature >= Sampling.temperatures.lowerBound else {
                throw ShellError.refused(
                    "--temperature cannot be \(temperature)",
                    hint: "0 takes the likeliest token; else it goes from 1e-6 to 10")
            }
        }
        if let topP { sampling.topP = try checked("--top-p", topP, 0...1) }
        if let topK { sampling.topK = Int(try checked("--top-k", Double(topK), 0...1e6)) }
        if let minP { sampling.minP = try checked("--min-p", minP, 0...1) }
        if let maxTokens { sampling.maxTokens = Int(try checked("--max-tokens", Double(maxTokens), 1...1e6)) }
        if !stop.isEmpty { sampling.stop = stop.map(\.string) }
        return sampling
    }

    private func checked(_ option: String, _ value: Double, _ range: ClosedRange<Double>) throws -> Double {
        try RangeCheck.require(option, value, in: range)
        return value
    }
}

struct Generate: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "generate", "Let the actor solve the current problem; solutions are graded and kept.",
        examples: [
            "generate -n 4", "generate -n 1 --temperature 0", "generate --from 2.3 -n 8 --score",
            #"generate --stop $'\n\n'"#,
        ])

    @OptionGroup var options: SamplingOptions

    @Option(help: ArgumentHelp("Continue from this prefix instead of from nothing.", valueName: "prefix"))
    var from: Target?

    func run(_ context: CommandContext) throws -> Outcome {
        try GenerateWork(context, options, from: from).run()
    }
}

struct Branch: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "branch", "Continue from a prefix: generate --from.", examples: ["branch 2.3 -n 8"])

    @Argument(help: ArgumentHelp("A prefix, such as 2.3.", valueName: "prefix"))
    var prefix: Target

    @OptionGroup var options: SamplingOptions

    func run(_ context: CommandContext) throws -> Outcome {
        try GenerateWork(context, options, from: prefix).run()
    }
}

/// Sampling, showing and keeping solutions.
private struct GenerateWork {
    let solving: Solving
    let workspace: Workspace
    let seed: UInt64
    let console: Console
    let model: LoadedModel
    let actor: Actor
    let problem: Problem
    let count: Int
    /// Who rates what is written.
    let critic: ScoreWork?
    /// What is continued; nil: nothing.
    let prefix: SolutionPrefix?

    init(_ context: CommandContext, _ options: SamplingOptions, from target: Target?) throws {
        (solving, workspace) = (context.solving, context.workspace)
        (seed, console) = (context.settings.seed, context.console)
        model = try context.models.model(.actor)
        var actor = try context.solving.actor(model)
        actor.sampling = try options.sampling(context.settings.sampling)
        self.actor = actor
        count = options.count ?? context.settings.integer("rollout.n")
        try RangeCheck.require("-n", count, in: 1...4096)
        critic = options.score ? try Self.critic(context) : nil
        guard let target else {
            (problem, prefix) = (try context.current.required(), nil)
            return
        }
        let opened = try OpenedSolution(target, in: context.workspace)
        let prefix = try opened.prefix(target.step ?? 0)
        guard !prefix.isFullResponse || opened.solution.finish == .length else {
            throw ShellError.refused(
                "solution \(opened.solution.id) ends there",
                hint: "branch from an earlier step: `show \(opened.solution.id)` lists them")
        }
        (problem, self.prefix) = (opened.problem, prefix)
    }

    private static func critic(_ context: CommandContext) throws -> ScoreWork {
        let model = try context.models.model(.critic)
        return ScoreWork(
            model: model, judge: try context.judging.critic(model, readout: context.judging.shellReadout(model)),
            judging: context.judging,
            valuations: context.valuations, console: context.console)
    }

    /// Tokens that are written already.
    private var begun: Int { prefix?.ids.count ?? 0 }

    func run() throws -> Outcome {
        guard begun < actor.sampling.maxTokens else {
            throw ShellError.refused(
                "the prefix has \(begun) tokens, all that a solution may have", hint: "raise --max-tokens")
        }
        let snapshot = try solving.snapshot(of: model, actor.sampling)
        let orders = solving.nextSamples(count, of: problem.id).map { sample in
            let key = RandomKey(seed: seed, purpose: .sampling, problem: UInt64(problem.id), sample: sample)
            return prefix.map { Actor.Order(from: $0, key: key) } ?? Actor.Order(problem: problem, key: key)
        }
        let firstID = (try workspace.solutions.newestID() ?? 0) + 1
        let start = ContinuousClock.now
        if let critic { return try runScored(critic, orders, snapshot, firstID: firstID, start) }
        let display = StreamDisplay(
            console, count: count, firstID: firstID, beginning: prefix?.written.text ?? "")
        let written = try actor.write(orders, as: snapshot, cancellation: console.cancellation) { display.show($0) }
        display.finish()
        let seconds = elapsed(since: start)
        return outcome(
            try keep(written), tables: [], tokens: written.reduce(0) { $0 + $1.ids.count - begun },
            seconds: seconds)
    }

    /// `--score`: one solution after another, each rated while it is written.
    private func runScored(
        _ work: ScoreWork, _ orders: [Actor.Order], _ snapshot: ActorSnapshot, firstID: Int,
        _ start: ContinuousClock.Instant
    ) throws -> Outcome {
        var kept: [Solution] = []
        var tables: [ScoreTable] = []
        var tokens = 0
        for (index, order) in orders.enumerated() where !console.cancellation.isCancelled {
            let live = LiveScoring(
                console: console, actor: actor, judge: work.judge, order: order, snapshot: snapshot,
                id: firstID + index)
            let (completion, valuations) = try live.write()
            guard
                let solution = try keep([actor.solution(id: 0, order, completion, as: snapshot, console.cancellation)])
                    .first
            else {
                continue
            }
            kept.append(solution)
            tokens += completion.ids.count
            let opened = try OpenedSolution(solution, in: workspace)
            tables.append(try work.complete(opened, live: solution.id == live.id ? valuations : [:]))
        }
        return outcome(kept, tables: tables, tokens: tokens, seconds: elapsed(since: start))
    }

    /// Of several, Ctrl-C keeps the finished ones; a single one is kept as far as it came.
    private func keep(_ written: [Solution]) throws -> [Solution] {
        func hasMore(_ solution: Solution) -> Bool {
            solution.ids.count > begun
                || solution.ids.isEmpty && solution.text.utf8.count > (prefix?.written.text.utf8.count ?? 0)
        }
        let worthy = written.filter { $0.finish != .cancelled || (written.count == 1 && hasMore($0)) }
        return try workspace.keep(worthy.map { (solution: $0, steps: try actor.steps(of: $0, problem)) })
    }

    private func outcome(_ solutions: [Solution], tables: [ScoreTable], tokens: Int, seconds: Double)
        -> Outcome
    {
        let rate = seconds > 0 ? Double(tokens) / seconds : 0
        var fields: [JSONObject.Member] = [
            ("problem", .int(problem.id)), ("seed", .integer(Int64(bitPattern: seed))),
            ("solutions", .array(solutions.map(\.json))), ("tokens_per_second", .number(rate)),
        ]
        if critic != nil { fields.append(("scores", .array(tables.map(\.json)))) }
        let problem = problem
        return Outcome(fields) { page in
            var table = Table([
                .init("solution"), .init("answer", flexible: true), .init("outcome"), .init("tokens", right: true),
                .init("finish"),
            ])
            for solution in solutions {
                table.add([
                    .init(String(solution.id)) { $0.bold($1) }, .init(solution.extracted ?? "-"), solution.outcomeCell,
                    .init(solution.tokenCount), .init(solution.finish.rawValue),
                ])
            }
            page.table(table)
            let graded = solutions.compactMap(\.outcome)
            let late = solutions.count { $0.status == .timedOut }
            let share =
                (graded.isEmpty ? "" : ", \(graded.filter { $0 == 1 }.count) of \(graded.count) right")
                + (late == 0 ? "" : ", \(late) not graded in time")
            page.line(
                page.style.faint(
                    "problem \(problem.id)\(share); \(tokens) tokens in \(Span.text(seconds)), \(Int(rate)) tokens/s, "
                        + "seed \(seed)"
                ))
            for table in tables { table.render(page) }
        }
    }
}

func elapsed(since start: ContinuousClock.Instant) -> Double {
    (ContinuousClock.now - start).inSeconds
}

extension Solution {
    var outcomeCell: Table.Cell {
        switch (status, outcome) {
        case (.right?, _): Table.Cell("right") { $0.good($1) }
        case (.wrong?, _): Table.Cell("wrong") { $0.bad($1) }
        case (.unparsable?, _): Table.Cell("unparsable") { $0.warning($1) }
        case (.timedOut?, _): Table.Cell("timed out") { $0.warning($1) }
        case (nil, let outcome?) where reward != nil: Table.Cell(outcome == 1 ? "right, they say" : "wrong, they say")
        default: "-"
        }
    }
}
