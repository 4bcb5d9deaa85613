import Acting
import Compute
import Critics
import Formats
import Generation
import Problems
import Terminal
import Workspace

/// Solutions of one problem: sampled, shown and kept.
struct GenerateWork {
    private let drawing: Drawing
    private let console: Console
    private let problem: Problem
    private let count: Int
    /// Who rates what is written.
    private let critic: ScoreWork?
    /// What is continued; nil: nothing.
    private let prefix: SolutionPrefix?

    init(_ context: CommandContext, _ options: SamplingOptions, from target: Target?) throws {
        drawing = try Drawing(context, options)
        console = context.console
        count = try options.count(context.settings)
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

    private var actor: Actor { drawing.actor }

    /// Tokens that are written already.
    private var begun: Int { prefix?.ids.count ?? 0 }

    func run() throws -> Outcome {
        guard begun < actor.sampling.maxTokens else {
            throw ShellError.refused(
                "the prefix has \(begun) tokens, all that a solution may have", hint: "raise --max-tokens")
        }
        let samples = try drawing.samples(count, of: problem)
        let orders = samples.map { sample in
            let key = drawing.key(problem, sample)
            return prefix.map { Actor.Order(from: $0, key: key) } ?? Actor.Order(problem: problem, key: key)
        }
        let known = try drawing.mayRepeat(samples, of: problem).filter { $0.branch == prefix?.prefix }
        let ids = try expectedIDs(samples, known), start = ContinuousClock.now
        if let critic { return try runScored(critic, orders, known, ids, start) }
        let display = StreamDisplay(console, ids: ids, beginning: prefix?.written.text ?? "")
        var failure: ActingError?
        let written = try actor.write(
            orders, as: drawing.snapshot, cancellation: console.cancellation,
            onEvent: { display.show($0) }, onFailure: { failure = $0 })
        display.finish()
        let tokens = written.reduce(0) { $0 + $1.ids.count - begun }, seconds = elapsed(since: start)
        let drawn = try keep(written, known)
        if let failure {
            console.remark("the solutions are kept; those that were not graded have no outcome")
            throw failure
        }
        return outcome(drawn, tables: [], tokens: tokens, seconds: seconds)
    }

    /// What the solutions will be called, unless another process keeps some meanwhile.
    private func expectedIDs(_ samples: Range<UInt64>, _ known: [Solution]) throws -> [Int] {
        var next = (try drawing.workspace.solutions.newestID() ?? 0) + 1
        return samples.map { sample in
            if let id = known.first(where: { $0.sample == sample })?.id { return id }
            defer { next += 1 }
            return next
        }
    }

    /// `--score`: one solution after another, each rated while it is written.
    private func runScored(
        _ work: ScoreWork, _ orders: [Actor.Order], _ known: [Solution], _ ids: [Int],
        _ start: ContinuousClock.Instant
    ) throws -> Outcome {
        var drawn = Drawn()
        var tables: [ScoreTable] = []
        var tokens = 0
        for (order, id) in zip(orders, ids) where !console.cancellation.isCancelled {
            let live = LiveScoring(
                console: console, actor: actor, judge: work.judge, order: order, snapshot: drawing.snapshot, id: id)
            let (completion, valuations) = try live.write()
            let written = try actor.solution(id: 0, order, completion, as: drawing.snapshot, console.cancellation)
            let one = try keep([written], known)
            guard let solution = one.solutions.first else { continue }
            drawn.add(one)
            tokens += completion.ids.count
            let opened = try OpenedSolution(solution, in: drawing.workspace)
            tables.append(try work.complete(opened, live: solution.id == live.id ? valuations : [:]))
        }
        return outcome(drawn, tables: tables, tokens: tokens, seconds: elapsed(since: start))
    }

    /// What came of a draw, in the order of the samples.
    private struct Drawn {
        var solutions: [Solution] = []
        /// Those that were kept before.
        var repeated: [Solution] = []

        mutating func add(_ other: Drawn) {
            solutions += other.solutions
            repeated += other.repeated
        }
    }

    /// Of several, Ctrl-C keeps the finished ones; a single one is kept as far as it came. What is kept already, to the
    /// token, is not kept again.
    private func keep(_ written: [Solution], _ known: [Solution]) throws -> Drawn {
        func hasMore(_ solution: Solution) -> Bool {
            solution.ids.count > begun
                || solution.ids.isEmpty && solution.text.utf8.count > (prefix?.written.text.utf8.count ?? 0)
        }
        let worthy = written.filter { $0.finish != .cancelled || (written.count == 1 && hasMore($0)) }
        let before = worthy.map { new in
            known.first { ($0.sample, $0.ids, $0.text) == (new.sample, new.ids, new.text) }
        }
        let new = zip(worthy, before).filter { $0.1 == nil }.map { (solution: $0.0, problem: problem) }
        let fresh = try drawing.keep(new)
        var next = fresh.makeIterator()
        return Drawn(solutions: before.compactMap { $0 ?? next.next() }, repeated: before.compactMap { $0 })
    }

    private func outcome(_ drawn: Drawn, tables: [ScoreTable], tokens: Int, seconds: Double) -> Outcome {
        let solutions = drawn.solutions, repeated = drawn.repeated
        let rate = seconds > 0 ? Double(tokens) / seconds : 0
        var fields: [JSONObject.Member] = [
            ("problem", .int(problem.id)), ("seed", .integer(Int64(bitPattern: drawing.seed))),
            ("solutions", .array(solutions.map(\.json))), ("kept_before", .int(repeated.count)),
            ("tokens_per_second", .number(rate)),
        ]
        if critic != nil { fields.append(("scores", .array(tables.map(\.json)))) }
        let (problem, seed) = (problem, drawing.seed)
        return Outcome(fields) { page in
            var table = Table([
                .init("solution"), .init("answer", giving: .cut), .init("outcome"), .init("tokens", right: true),
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
            if !repeated.isEmpty {
                let ids = repeated.map { String($0.id) }.joined(separator: ", ")
                page.line("kept before, to the token, and not kept again: \(ids)")
            }
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
        case (.undecided?, _): Table.Cell("undecided") { $0.warning($1) }
        case (nil, let outcome?) where reward != nil: Table.Cell(outcome == 1 ? "right, they say" : "wrong, they say")
        default: "-"
        }
    }
}
