import ArgumentParser
import Critics
import Formats
import Problems
import Studies

struct SuccessStudy: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "success", "How often actors solve held-out problems, each beside the first.",
        discussion: """
            All actors solve the same problems under the same random numbers; a solution cut off counts as a failure. \
            An actor given as A,B,C is one training under several seeds: successes are averaged problem by problem. \
            Intervals are 95 %, paired over problems. On starter:jumps the problems are other ones than `problems \
            load` gives and training learns from.
            """,
        examples: ["study success --actor starter --actor genac-1,genac-2,genac-3 --problems 1000"])

    @OptionGroup var setting: SuccessOptions

    func run(_ context: CommandContext) throws -> Outcome {
        let desk = StudyDesk(context)
        let splits = try setting.set.splits(setting.problems, desk)
        return try setting.measure("success", desk, sets: splits.map { ($0.name, $0.problems) })
    }
}

/// What studies of actors ask for alike.
struct SuccessOptions: ParsableArguments {
    @OptionGroup var set: StudySet

    @Option(help: ArgumentHelp("How many problems of each set.", valueName: "count"))
    var problems = 500

    @Option(help: ArgumentHelp("Solutions of each problem.", valueName: "count"))
    var samples = 1

    @Option(help: ArgumentHelp("Actors (default: the one in use); each is set beside the first.", valueName: "model"))
    var actor: [Text] = []

    @OptionGroup var keeping: StudyKeeping

    func measure(_ study: String, _ desk: StudyDesk, sets: [(name: String, problems: [Problem])]) throws
        -> Outcome
    {
        try RangeCheck.require("--samples", samples, in: 1...1000)
        let names = try actor.isEmpty ? [desk.models.model(.actor).name] : actor.map(\.string)
        let models = try names.map { try $0.split(separator: ",").map { try desk.models.find(String($0)) } }
        let contenders = try zip(names, models).map {
            Success.Contender(name: $0, runs: try $1.map { try desk.solving.actor($0) })
        }
        let sets = try sets.map { one in
            let problems = try desk.solving.graded(
                one.problems, of: set.set.string, desk.sets, desk.console, why: "success is told by answers")
            return (name: one.name, problems: problems)
        }
        guard sets.allSatisfy({ $0.problems.count > 1 }) else {
            throw ShellError.refused(
                "\(set.set.string) has fewer than two problems with answers", hint: "success is told by answers")
        }
        var options = Success.Options()
        (options.samples, options.seed) = (samples, desk.settings.seed)
        let question: [JSONObject.Member] =
            set.question.map { ($0.key, .string($0.value)) } + [
                ("problems", .int(problems)), ("samples", .int(samples)), ("actors", .array(names.map { .string($0) })),
            ]
        return try keeping.keep(
            study, desk, measures: (sets.count * models.joined().count, "actor's set"), question: question,
            models: models.flatMap { $0 }
        ) { log in
            let bar = desk.console.progress("study", unit: "actors", total: sets.count * models.joined().count)
            defer { bar.finish() }
            let report = try Success(options: options).run(
                sets: sets, actors: contenders, log: log, cancellation: desk.console.cancellation
            ) { bar.update($0) }
            return SuccessView(report: report, samples: samples).result(study)
        }
    }
}
