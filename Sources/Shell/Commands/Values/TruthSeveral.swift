import Acting
import Critics
import Formats
import Foundation
import Problems
import Terminal
import Workspace

/// What the prefixes of all solutions of several problems are worth, each continued by the actor that wrote it.
struct TruthSeveral {
    private let context: CommandContext
    private let judged: JudgedSolutions
    private let options: MonteCarlo.Options
    private let maximum: Int
    /// The loaded actors, by name, with the question that their continuations answer.
    private var actors: [String: (actor: Actor, question: String)] = [:]
    /// Solutions by actors that are not loaded, by name.
    private var absent: [String: Int] = [:]

    init(_ context: CommandContext, _ options: MonteCarlo.Options, _ choice: SeveralProblems) throws {
        self.context = context
        self.options = options
        maximum = context.settings.integer("critic.max_prefixes")
        judged = try JudgedSolutions(choice, in: context.workspace)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let asked = String(decoding: try encoder.encode(options), as: UTF8.self)
        for solution in judged.problems.flatMap(\.solutions) where actors[solution.actor.name] == nil {
            let name = solution.actor.name
            guard let model = context.models.all.first(where: { $0.name == name && !$0.isValueModel }) else {
                absent[name, default: 0] += 1
                continue
            }
            let actor = try context.solving.actor(model), reward = actor.reward.map { ", \($0.command)" } ?? ""
            actors[name] = (actor, "\(name) \(model.fingerprint), \(asked)\(reward)")
        }
        guard !actors.isEmpty else {
            throw ShellError.refused(
                "none of the actors is loaded: \(absent.keys.sorted().joined(separator: ", "))",
                hint: "`load actor SOURCE --as NAME` under its name; `truth SOLUTION` has another continue a solution")
        }
    }

    private func isGraded(_ problem: Problem) -> Bool { problem.answer != nil || context.solving.reward != nil }

    private func answers(_ solution: Solution) throws -> [Int: Valuation] {
        guard let question = actors[solution.actor.name]?.question else { return [:] }
        return try context.valuations.answers(to: question, about: solution.id, isTruth: true)
    }

    func run() throws -> Outcome {
        let graded = judged.problems.filter { isGraded($0.problem) }.flatMap(\.solutions)
        let all = graded.filter { actors[$0.actor.name] != nil }
        let items = try all.map { solution in
            try JudgedSolutions.open(
                solution, maximum: maximum, answered: answers(solution), in: context.workspace)
        }.filter { !$0.prefixes.isEmpty }
        var tooLong: [TooLong] = []
        let rounds = Rounds(console: context.console, label: "truth", unit: "solutions", atOnce: 8)
        try rounds.go(over: items, before: all.count - items.count) { part, progress in
            for group in Self.groups(part) { tooLong += try measure(group, progress) }
        }
        return try report(tooLong)
    }

    /// Those that one actor continues under one sampling, in their order.
    private static func groups(_ items: [JudgedSolutions.Open]) -> [[JudgedSolutions.Open]] {
        var groups: [[JudgedSolutions.Open]] = []
        for item in items {
            let actor = item.opened.solution.actor
            let place = groups.firstIndex { group in
                let other = group[0].opened.solution.actor
                return other.name == actor.name && other.sampling == actor.sampling
            }
            if let place { groups[place].append(item) } else { groups.append([item]) }
        }
        return groups
    }

    private func measure(
        _ group: [JudgedSolutions.Open], _ progress: @escaping @Sendable (Int, Int) -> Void
    ) throws -> [TooLong] {
        let solution = group[0].opened.solution, cancellation = context.console.cancellation
        guard let known = actors[solution.actor.name], !cancellation.isCancelled else { return [] }
        var actor = known.actor
        actor.sampling = solution.actor.sampling
        let estimator = MonteCarlo(name: actor.name, actor: actor, options: options)
        let (measured, tooLong) = try estimator.valuesWhereRoom(
            for: group.flatMap(\.prefixes), cancellation: cancellation, progress: progress)
        try context.valuations.keep(
            measured.map { valuation in
                var valuation = valuation
                // What was cancelled may be of fewer rollouts: it is kept, and measured again by the next command.
                valuation.question = cancellation.isCancelled ? nil : known.question
                return valuation
            }, isTruth: true)
        return tooLong
    }

    private func report(_ tooLong: [TooLong]) throws -> Outcome {
        var rows: [SeveralReport.Row] = [], count = PrefixCount(), measured = 0
        for (problem, solutions) in judged.problems where !solutions.isEmpty {
            var bare: [String: Valuation] = [:], prefixes = 0
            for solution in solutions where actors[solution.actor.name] != nil {
                let answers = try answers(solution), opened = try OpenedSolution(solution, in: context.workspace)
                prefixes += opened.selected(maximum).count { answers[$0] != nil }
                bare[solution.actor.name] = answers[0] ?? bare[solution.actor.name]
                count.add(opened, maximum: maximum)
            }
            measured += prefixes
            rows.append(row(problem, solutions, prefixes, bare.sorted { $0.key < $1.key }))
        }
        let unanswered = judged.problems.count { !isGraded($0.problem) }
        let lines =
            [
                "\(measured) prefixes measured, M = \(options.rollouts)", count.line,
                unanswered > 0 ? "\(unanswered) problems without an answer passed over" : nil,
            ]
            + absent.sorted { $0.key < $1.key }.map {
                "\($0.value) solutions by \($0.key) passed over: it is not loaded"
            } + [tooLong.line("the actor"), judged.without]
        return try SeveralReport(
            columns: [.init("bare problem"), .init("prefixes", right: true)], rows: rows,
            totals: lines.compactMap { $0 },
            fields: [
                ("rollouts", .int(options.rollouts)), ("prefixes", .int(measured)),
                ("not_selected", .int(count.possible - count.selected)), ("too_long", .int(tooLong.count)),
                ("unanswered", .int(unanswered)),
                ("not_loaded", .object(absent.sorted { $0.key < $1.key }.map { ($0.key, .int($0.value)) })),
            ]
        ).outcome(context.console)
    }

    /// - Parameter bare: what the problem alone is worth, by the actor's name.
    private func row(
        _ problem: Problem, _ solutions: [Solution], _ prefixes: Int, _ bare: [(key: String, value: Valuation)]
    ) -> SeveralReport.Row {
        let words = bare.map { name, valuation in
            let value = valuation.value.map { String(format: "%.2f", $0) } ?? "-"
            let interval = valuation.rollouts.map { String(format: " (%.2f-%.2f)", $0.interval.low, $0.interval.high) }
            return value + (interval ?? "") + (actors.count > 1 ? " \(name)" : "")
        }
        let values = bare.map { name, valuation in
            JSONValue.object([
                ("actor", .string(name)), ("value", .number(valuation.value)),
                ("low", .number(valuation.rollouts?.interval.low)),
                ("high", .number(valuation.rollouts?.interval.high)),
                ("rollouts", .int(valuation.rollouts?.count ?? 0)),
            ])
        }
        return SeveralReport.Row(
            problem: problem, tally: Tally(solutions.map(\.outcome)),
            cells: [.init(words.joined(separator: ", ")), .init(String(prefixes))],
            fields: [("bare", .array(values)), ("prefixes", .int(prefixes))])
    }
}
