import Acting
import Compute
import Critics
import Formats
import Foundation
import Problems
import Prompts
import Terminal
import Workspace

/// One critic rating all solutions of several problems.
struct ScoreSeveral {
    private let work: ScoreWork
    private let workspace: Workspace
    private let judged: JudgedSolutions
    private let question: String
    private let told: ICC

    init(_ context: CommandContext, _ work: ScoreWork, _ choice: SeveralProblems) throws {
        self.work = work
        workspace = context.workspace
        judged = try JudgedSolutions(choice, in: context.workspace)
        question = try Self.question(work)
        told = work.judging.told(work.model)
    }

    /// Weights, template, and how it is asked; what its prompts tell of the actor stands beside each rating.
    private static func question(_ work: ScoreWork) throws -> String {
        let template = work.judge.template, options = (work.judge as? GenerativeCritic)?.options
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let asked = try options.map { String(decoding: try encoder.encode($0), as: UTF8.self) } ?? "value head"
        var hash = StableHash()
        for byte in template.text.utf8 { hash.add(UInt64(byte)) }
        return
            "\(work.judge.name) \(work.model.fingerprint), \(template.name) \(String(hash.value, radix: 16)), \(asked)"
    }

    private func answers(_ solution: Solution) throws -> [Int: Valuation] {
        let told = told.values(for: solution.actor)
        return try work.valuations.answers(to: question, about: solution.id, isTruth: false).filter {
            $0.value.icc == told
        }
    }

    func run() throws -> Outcome {
        let maximum = work.judging.maxPrefixes, all = judged.problems.flatMap(\.solutions)
        let items = try all.map { solution in
            try JudgedSolutions.open(solution, maximum: maximum, answered: answers(solution), in: workspace)
        }.filter { !$0.prefixes.isEmpty }
        var tooLong: [TooLong] = []
        let rounds = Rounds(console: work.console, label: "score", unit: "solutions", atOnce: 16)
        try rounds.go(over: items, before: all.count - items.count) { part, progress in
            let (rated, long) = try work.judge.valuesWhereRoom(
                for: part.flatMap(\.prefixes), cancellation: work.console.cancellation, progress: progress)
            tooLong += long
            try work.valuations.keep(
                rated.map { valuation in
                    var valuation = valuation
                    valuation.question = question
                    return valuation
                }, isTruth: false)
        }
        return try report(maximum, tooLong)
    }

    private func report(_ maximum: Int, _ tooLong: [TooLong]) throws -> Outcome {
        var total = Ratings(), rows: [SeveralReport.Row] = [], count = PrefixCount()
        for (problem, solutions) in judged.problems where !solutions.isEmpty {
            var ratings = Ratings()
            for solution in solutions {
                let truths = try work.valuations.truth(of: solution.id)
                let answers = try answers(solution), opened = try OpenedSolution(solution, in: workspace)
                for step in opened.selected(maximum) {
                    if let rating = answers[step] { try ratings.add(rating, truths[step]) }
                }
                count.add(opened, maximum: maximum)
            }
            total.add(ratings)
            rows.append(
                .init(
                    problem: problem, tally: Tally(solutions.map(\.outcome)), cells: ratings.cells,
                    fields: ratings.fields))
        }
        let lines = [
            total.line(by: work.judge.name), count.line, tooLong.line(work.judge.name), judged.without,
        ].compactMap { $0 }
        let all: [JSONObject.Member] =
            [("critic", .string(work.judge.name))] + (try work.judging.prompt(work.model)).fields
            + [
                ("all", .object(total.fields)), ("not_selected", .int(count.possible - count.selected)),
                ("too_long", .int(tooLong.count)),
            ]
        return try SeveralReport(columns: Ratings.columns, rows: rows, totals: lines, fields: all).outcome(work.console)
    }
}

/// What a critic said of some prefixes.
private struct Ratings {
    private var prefixes = 0
    private var values: [Double] = []
    /// Against the truth where that was measured by two rollouts or more, less what the rollouts' own noise adds.
    private var errors: [Double] = []
    /// Chains by how they got their values.
    private var chains: [Chain.Status: Int] = [:]

    mutating func add(_ valuation: Valuation, _ truth: Valuation?) throws {
        prefixes += 1
        for chain in valuation.chains { chains[chain.status, default: 0] += 1 }
        guard let value = valuation.value else { return }
        values.append(value)
        guard let truth, let rate = truth.value, let rollouts = truth.rollouts?.count, rollouts > 1 else { return }
        errors.append(try Calibration.squaredError(value, against: MeasuredRate(rate: rate, rollouts: rollouts)))
    }

    mutating func add(_ other: Ratings) {
        prefixes += other.prefixes
        values += other.values
        errors += other.errors
        chains.merge(other.chains, uniquingKeysWith: +)
    }

    private func mean(_ numbers: [Double]) -> Double? {
        numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
    }

    static let columns: [Table.Column] = [
        .init("prefixes", right: true), .init("value", right: true), .init("MSE", right: true), .init("chains"),
    ]

    var cells: [Table.Cell] {
        [
            .init(String(prefixes)), .init(mean(values).map { String(format: "%.2f", $0) } ?? "-"),
            .init(mean(errors).map { String(format: "%.3f", $0) } ?? ""), .init(statuses),
        ]
    }

    private var statuses: String {
        chains.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key.rawValue)" }
            .joined(separator: ", ")
    }

    var fields: [JSONObject.Member] {
        [
            ("prefixes", .int(prefixes)), ("value", .number(mean(values))), ("mse", .number(mean(errors))),
            ("with_truth", .int(errors.count)),
            (
                "chains",
                .object(chains.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key.rawValue, .int($0.value)) })
            ),
        ]
    }

    func line(by critic: String) -> String {
        let value =
            mean(values).map { String(format: "mean value %.2f of %d prefixes", $0, values.count) } ?? "no value"
        let error =
            mean(errors).map { String(format: "mean squared error %.4f against the truth of %d", $0, errors.count) }
            ?? "no truth measured (`truth --all`)"
        return "\(critic): \(value); \(error)" + (statuses.isEmpty ? "" : "; \(statuses)")
    }
}
