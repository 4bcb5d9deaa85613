import Acting
import ArgumentParser
import Compute
import Critics
import Formats
import Foundation
import Generation
import Problems
import Prompts
import Studies
import Terminal

struct Traces: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "traces", "Write chains of thought to finetune a critic on.",
        examples: ["traces make --teacher exact --actor strong --actor weak --problems 500 traces.jsonl"],
        subcommands: [TracesMake.self])

    func run(_ context: CommandContext) throws -> Outcome { Outcome() }
}

extension TraceMaker.Filter: ExpressibleByArgument {
    /// `all` or `within:DISTANCE`.
    package init?(argument: String) { self.init(argument) }
}

struct TracesMake: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "make",
        "Have a teacher rate prefixes of actors' solutions, and keep the chains that agree with the measured truth.",
        discussion: """
            Each actor solves the problems once; every chosen prefix is measured by fresh rollouts (truth.rollouts); \
            the teacher, a loaded model or `exact` (the built-in task's solver, scoring by the actors' measured \
            skill), writes --per-prefix chains; those the filter keeps become rows {"prompt", "response"} for `train \
            sft`, with value, truth and actor beside them. Ctrl-C keeps the rows of what is finished.
            """,
        examples: [
            "traces make --teacher exact --actor strong --actor weak --problems 500 traces.jsonl",
            "traces make --teacher judge --set sessions/school.jsonl --per-prefix 4 --keep within:0.1 traces.jsonl",
        ])

    @Argument(help: ArgumentHelp("The file to write.", valueName: "file"))
    var file: Text

    @Option(help: ArgumentHelp("Who writes the chains: a loaded model, or exact.", valueName: "model"))
    var teacher: Text = Text("exact")

    @Option(
        help: ArgumentHelp(
            "Whose solutions are rated; may be given several times (default: the actor in use).", valueName: "model"))
    var actor: [Text] = []

    @Option(help: ArgumentHelp("The problems: a data set, as `problems load` takes it.", valueName: "set"))
    var set: Text = Text("starter:jumps:train")

    @Option(help: ArgumentHelp("How many of them.", valueName: "count"))
    var problems = 100

    @Option(help: ArgumentHelp("Chains written for each prefix.", valueName: "count"))
    var perPrefix = 1

    @Option(
        help: ArgumentHelp(
            "Which chains become rows: all, or within:DISTANCE of the measured truth.", valueName: "filter"))
    var keep: TraceMaker.Filter = .within(0.15)

    @Option(help: ArgumentHelp("Share of ICC fields left out at random.", valueName: "share"))
    var dropout: Double = 0.15

    @Option(
        help: ArgumentHelp(
            "Keep what is measured in studies/NAME: the same command goes on where it was stopped.", valueName: "name"))
    var name: Text?

    func run(_ context: CommandContext) throws -> Outcome {
        let desk = StudyDesk(context)
        guard (1...1_000_000).contains(problems), (1...256).contains(perPrefix), (0...1).contains(dropout) else {
            throw ShellError.refused(
                "--problems goes from 1 to 1000000, --per-prefix from 1 to 256, --dropout from 0 to 1")
        }
        let actors =
            try actor.isEmpty ? [desk.models.model(.actor)] : actor.map { try desk.models.find($0.string) }
        let chosen = try desk.solving.graded(
            desk.sets.problems(set.string, limit: problems, seed: desk.settings.seed), of: set.string, desk.sets,
            desk.console, why: "traces are kept by outcomes")
        let path = try Home.newRows(file.string)
        // Before the log is opened: the rates that prompts tell are part of its question.
        for model in actors where model.measured == nil {
            try desk.solving.measure(model, on: set.string, of: desk.sets, desk.console)
        }
        let log = try name.map { try keptMeasurements($0, desk, actors) }
        let bar = desk.console.progress("traces", unit: "problems", total: chosen.count * actors.count)
        defer { bar.finish() }
        var reports: [Report] = []
        for (index, model) in actors.enumerated() where !desk.console.cancellation.isCancelled {
            reports.append(
                try TraceWork(self, desk, model, log).run(chosen) { bar.update(index * chosen.count + $0) })
        }
        try AtomicFile.write(to: path) { sink in
            for row in reports.flatMap(\.yield.rows) { try sink.write(JSONValue.encoding(row).encoded() + [0x0A]) }
        }
        return outcome(reports, interrupted: desk.console.cancellation.isCancelled)
    }

    private func keptMeasurements(_ name: Text, _ desk: StudyDesk, _ actors: [LoadedModel]) throws -> StudyLog {
        let teachers = teacher.string == "exact" ? [] : [try desk.models.find(teacher.string)]
        let question: [JSONObject.Member] = [
            ("set", .string(set.string)), ("problems", .int(problems)), ("per_prefix", .int(perPrefix)),
            ("keep", .string(keep.description)),
            ("dropout", .number(dropout)), ("teacher", .string(teacher.string)),
            ("actors", .array(actors.map { .string($0.name) })),
        ]
        return try StudyKeeping.log("traces", in: name.string, desk, question: question, models: actors + teachers)
    }

    /// What one actor's solutions gave.
    struct Report {
        var actor: String
        var rate: Double?
        var yield: TraceMaker.Yield
    }

    private func outcome(_ reports: [Report], interrupted: Bool) -> Outcome {
        let rows = reports.reduce(0) { $0 + $1.yield.rows.count }, chains = reports.reduce(0) { $0 + $1.yield.chains }
        let actors: [JSONValue] = reports.map { report in
            .object([
                ("name", .string(report.actor)), ("success_rate", .number(report.rate)),
                ("prefixes", .int(report.yield.prefixes)),
                ("chains", .int(report.yield.chains)), ("parsed", .int(report.yield.parsed)),
                ("rows", .int(report.yield.rows.count)),
            ])
        }
        return Outcome([
            ("file", .string(file.string)), ("teacher", .string(teacher.string)), ("keep", .string(keep.description)),
            ("rows", .int(rows)),
            ("chains", .int(chains)), ("actors", .array(actors)),
        ]) { page in
            var table = Table([
                .init("actor"), .init("success", right: true), .init("prefixes", right: true),
                .init("chains", right: true),
                .init("parsed", right: true), .init("kept", right: true),
            ])
            for report in reports {
                let yield = report.yield
                table.add([
                    .init(report.actor), .init(report.rate.map { String(format: "%.2f", $0) } ?? "?"),
                    .init(String(yield.prefixes)),
                    .init(String(yield.chains)), .init(String(yield.parsed)), .init(String(yield.rows.count)),
                ])
            }
            page.table(table)
            page.line(
                "\(rows) rows in \(file), of \(chains) chains by \(teacher), kept: "
                    + "\(keep)\(interrupted ? "; interrupted" : "")"
            )
        }
    }
}

/// Traces from one actor's solutions.
private struct TraceWork {
    let command: TracesMake
    let desk: StudyDesk
    let model: LoadedModel
    let log: StudyLog?

    /// Problems solved and measured together.
    private static let batch = 16

    init(_ command: TracesMake, _ desk: StudyDesk, _ model: LoadedModel, _ log: StudyLog?) {
        (self.command, self.desk, self.model, self.log) = (command, desk, model, log)
    }

    func run(_ problems: [Problem], progress: (Int) -> Void) throws -> TracesMake.Report {
        let actor = try desk.solving.actor(model)
        let snapshot = actor.snapshot(
            rate: model.measured.map { SuccessRate(value: $0.rate, source: .measured($0.rollouts)) })
        let maker = try maker(actor)
        var report = TracesMake.Report(actor: model.name, rate: model.measured?.rate, yield: .init())
        for first in stride(from: 0, to: problems.count, by: Self.batch) where !desk.console.cancellation.isCancelled {
            progress(first)
            do {
                let part = try log.kept("\(model.name) \(first)") {
                    let some = problems[first..<min(first + Self.batch, problems.count)]
                    return try maker.rows(
                        from: prefixes(some, actor, snapshot), cancellation: desk.console.cancellation)
                }
                report.yield.rows += part.rows
                report.yield.prefixes += part.prefixes
                report.yield.chains += part.chains
                report.yield.parsed += part.parsed
            } catch GenerationError.cancelled {
                break
            }
        }
        return report
    }

    private func prefixes(_ problems: ArraySlice<Problem>, _ actor: Actor, _ snapshot: ActorSnapshot) throws
        -> [SolutionPrefix]
    {
        let orders = problems.map { problem in
            Actor.Order(
                problem: problem,
                key: RandomKey(seed: desk.settings.seed, purpose: .sampling, problem: UInt64(problem.id)))
        }
        return try actor.solve(orders, as: snapshot, cancellation: desk.console.cancellation).flatMap { solved in
            var solution = solved.solution
            solution.id = solved.problem.id
            return try SolutionPrefix.selected(
                problem: solved.problem, solution: solution, steps: solved.steps,
                maximum: desk.settings.integer("critic.max_prefixes"))
        }
    }

    private func maker(_ actor: Actor) throws -> TraceMaker {
        let seed = desk.settings.seed
        let told = desk.judging.icc, rate = command.dropout
        let icc: @Sendable (SolutionPrefix) -> ICC = { prefix in
            told.dropping(rate: rate, key: RandomKey(seed: seed, purpose: .dropout, problem: UInt64(prefix.problem.id)))
        }
        var options = MonteCarlo.Options()
        (options.rollouts, options.seed) = (desk.settings.integer("truth.rollouts"), seed)
        let truth = MonteCarlo(actor: actor, options: options)
        if command.teacher.string == "exact" {
            let task = try desk.solving.exactTask
            let exact = task.exactCritic(
                skills: [actor.name: try desk.solving.tally(actor, at: task)], samples: command.perPrefix,
                jitter: 0.5, seed: seed)
            let template = try desk.templates.library.load(.critic, task.templateName)
            return TraceMaker(
                teacher: exact, truth: truth, filter: command.keep, builder: model.builder, template: template, icc: icc
            )
        }
        let teacher = try desk.models.find(command.teacher.string)
        guard !teacher.isValueModel else {
            throw ShellError.refused(
                "\(teacher.name) is a value head and writes no chains", hint: "name a generative critic, or exact")
        }
        let critic = try desk.judging.generativeCritic(teacher, samples: command.perPrefix, icc: icc)
        return TraceMaker(
            teacher: critic, truth: truth, filter: command.keep, builder: teacher.builder, template: critic.template,
            icc: icc)
    }
}
