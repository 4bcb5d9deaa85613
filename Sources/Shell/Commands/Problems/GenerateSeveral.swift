import Acting
import Critics
import Formats
import Problems
import Terminal
import Workspace

/// So many solutions of each of several problems by one actor: those that it drew before under the same seed and
/// options count, the rest is drawn.
struct GenerateSeveral {
    private let drawing: Drawing
    private let console: Console
    private let problems: [Problem]
    private let count: Int

    init(_ context: CommandContext, _ options: SamplingOptions, _ choice: SeveralProblems) throws {
        guard !options.score else {
            throw ShellError.refused(
                "--score rates the solutions of one problem as they are written",
                hint: "`score --all` rates those of several")
        }
        drawing = try Drawing(context, options)
        console = context.console
        problems = try choice.chosen(in: context.workspace)
        count = try options.count(context.settings)
    }

    /// A solution that is still to be drawn.
    private struct Missing {
        let problem: Problem
        /// Nil: the next that is free.
        let sample: UInt64?
    }

    func run() throws -> Outcome {
        let kept = try draws(), (room, tooLong) = try fitting(), start = ContinuousClock.now
        let missing = room.flatMap { self.missing(of: $0, kept[$0.id] ?? []) }
        var tokens = 0
        // As many as the engine decodes at once.
        let rounds = Rounds(console: console, label: "generate", unit: "solutions", atOnce: 64)
        try rounds.go(over: missing, before: room.count * count - missing.count) { part, progress in
            let orders = try self.orders(part), bound = orders.count * drawing.actor.sampling.maxTokens
            var done = 0
            var failure: ActingError?
            let written = try drawing.actor.write(
                orders, as: drawing.snapshot, cancellation: console.cancellation,
                onEvent: { _ in
                    done += 1
                    progress(done, bound)
                }, onFailure: { failure = $0 })
            tokens += done
            let finished = zip(orders, written).filter { $0.1.finish != .cancelled }
            try drawing.keep(finished.map { (solution: $0.1, problem: $0.0.problem) })
            // What was graded before is kept; a program that fails would fail the next problems too.
            if let failure { throw failure }
        }
        return try report(missing.count, tokens: tokens, seconds: elapsed(since: start), tooLong)
    }

    /// What is kept of each problem, by its id; under a given seed only the numbers that the command is about.
    private func draws() throws -> [Int: [Draw]] {
        let kept = try drawing.workspace.solutions.draws(by: drawing.snapshot, seed: drawing.seed)
        guard drawing.countsFromZero else { return kept }
        return kept.mapValues { draws in draws.filter { $0.sample < UInt64(count) } }
    }

    private func missing(of problem: Problem, _ kept: [Draw]) -> [Missing] {
        guard drawing.countsFromZero else {
            return (0..<max(0, count - kept.count)).map { _ in Missing(problem: problem, sample: nil) }
        }
        let known = Swift.Set(kept.map(\.sample))
        return (0..<UInt64(count)).filter { !known.contains($0) }.map { Missing(problem: problem, sample: $0) }
    }

    /// The problems that leave room for a whole solution, and those that do not.
    private func fitting() throws -> (room: [Problem], tooLong: [(problem: Int, needed: Int)]) {
        let actor = drawing.actor
        guard let limit = actor.model.contextLength else { return (problems, []) }
        var room: [Problem] = [], tooLong: [(problem: Int, needed: Int)] = []
        for problem in problems {
            let prompt = try actor.builder.actor(actor.template, problem: problem).ids.count
            let needed = prompt + actor.sampling.maxTokens
            if needed > limit { tooLong.append((problem.id, needed)) } else { room.append(problem) }
        }
        return (room, tooLong)
    }

    /// Numbers are given out batch by batch, so that what is never drawn takes none.
    private func orders(_ part: [Missing]) throws -> [Actor.Order] {
        let free = part.filter { $0.sample == nil }.map(\.problem)
        var next = try drawing.nextSamples(free).makeIterator()
        if drawing.countsFromZero { try drawing.markDrawn(count, of: part.map(\.problem)) }
        return part.compactMap { one in
            (one.sample ?? next.next()).map {
                Actor.Order(problem: one.problem, key: drawing.key(one.problem, $0))
            }
        }
    }

    private func report(
        _ asked: Int, tokens: Int, seconds: Double, _ tooLong: [(problem: Int, needed: Int)]
    ) throws -> Outcome {
        let kept = try draws()
        let rows = problems.map { problem in
            let own = kept[problem.id] ?? []
            return SeveralReport.Row(
                problem: problem, tally: Tally(own.map(\.outcome)),
                fields: [("solutions", .array(own.map { .int($0.id) }))])
        }
        let rate = seconds > 0 ? Double(tokens) / seconds : 0, seed = Int64(bitPattern: drawing.seed)
        let speed =
            asked == 0 ? "nothing was left to draw" : "\(tokens) tokens in \(Span.text(seconds)), \(Int(rate)) tokens/s"
        var totals = ["by \(drawing.actor.name), seed \(seed); \(speed)"]
        if let first = tooLong.first, let limit = drawing.actor.model.contextLength {
            totals.append(
                "\(tooLong.count) too long for \(drawing.actor.name), which reads \(limit) tokens, and passed over: "
                    + "problem \(first.problem) needs \(first.needed)" + (tooLong.count > 1 ? ", …" : ""))
        }
        let long = tooLong.map { JSONValue.object([("problem", .int($0.problem)), ("needed", .int($0.needed))]) }
        return try SeveralReport(
            columns: [], rows: rows, totals: totals,
            fields: [
                ("seed", .integer(seed)), ("actor", .string(drawing.actor.name)), ("tokens_per_second", .number(rate)),
                ("too_long", .array(long)),
            ]
        ).outcome(console)
    }
}
