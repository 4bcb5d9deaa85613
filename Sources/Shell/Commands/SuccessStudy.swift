import ArgumentParser
import Critics
import Formats
import Foundation
import Studies

struct SuccessStudy: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "success", "How often actors solve held-out problems, each beside the first.",
        discussion: """
            All actors solve the same problems under the same random numbers; a solution cut off counts as a failure. An actor given \
            as A,B,C is one training under several seeds: successes are averaged problem by problem. Intervals are 95 %, paired over \
            problems. On starter:jumps the problems are other ones than `problems load` gives and training learns from.
            """,
        examples: ["study success --actor starter --actor genac-1,genac-2,genac-3 --problems 1000"])

    @OptionGroup var set: StudySet

    @Option(help: ArgumentHelp("How many of them.", valueName: "count"))
    var problems = 500

    @Option(help: ArgumentHelp("Solutions of each problem.", valueName: "count"))
    var samples = 1

    @Option(help: ArgumentHelp("Actors (default: the one in use); each is set beside the first.", valueName: "model"))
    var actor: [Text] = []

    func run(_ context: CommandContext) throws -> Outcome {
        let session = context.session
        try RangeCheck.require("--samples", samples, in: 1...1000)
        let names = try actor.isEmpty ? [session.models.model(.actor).name] : actor.map(\.string)
        let contenders = try names.map { name in
            Success.Contender(name: name, runs: try name.split(separator: ",").map { try session.actor(session.models.find(String($0))) })
        }
        let chosen = try set.problems(problems, session).filter { $0.answer != nil }
        guard chosen.count > 1 else { throw ShellError.refused("\(set.set.string) has fewer than two problems with answers", hint: "success is told by answers") }
        var options = Success.Options()
        (options.samples, options.seed) = (samples, session.seed)
        let bar = context.progress("study", unit: "actors", total: contenders.reduce(0) { $0 + $1.runs.count })
        defer { bar.finish() }
        let rows = try Success(options: options).run(problems: chosen, actors: contenders, cancellation: context.cancellation) { bar.update($0) }
        return outcome(rows, problems: chosen.count)
    }

    private func outcome(_ rows: [Success.Row], problems: Int) -> Outcome {
        let json: [JSONValue] = rows.map { row in
            .object([
                ("actor", .string(row.name)), ("success", .number(row.rate)), ("success_by_run", .array(row.rates.map { .number($0) })),
                ("difference", .number(row.againstFirst?.mean)), ("low", .number(row.againstFirst?.interval.low)),
                ("high", .number(row.againstFirst?.interval.high)), ("tokens", .number(row.length)), ("cut_off", .number(row.cutOff)),
            ])
        }
        return Outcome([("problems", .int(problems)), ("samples", .int(samples)), ("rows", .array(json))]) { page in
            page.line("\(problems) problems, \(samples == 1 ? "one solution" : "\(samples) solutions") each")
            var table = Table([
                .init("actor"), .init("success", right: true), .init("by seed"), .init("less the first's", right: true), .init("95 %"),
                .init("tokens", right: true), .init("cut off", right: true),
            ])
            for row in rows {
                let seeds = row.rates.count > 1 ? row.rates.map { String(format: "%.3f", $0) }.joined(separator: " ") : ""
                table.add(
                    [.init(row.name), .init(String(format: "%.4f", row.rate)), .init(seeds)] + Study.cells(row.againstFirst, lessIsBetter: false)
                        + [.init(String(format: "%.1f", row.length)), .init(String(format: "%.1f %%", 100 * row.cutOff))])
            }
            page.table(table)
        }
    }
}
