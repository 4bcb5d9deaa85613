import Acting
import Compute
import Critics
import Formats
import Foundation
import Generation
import Problems
import Prompts

/// Rollouts that were sampled before, `data.rollouts`: a step takes one file, so that credits can be compared on
/// identical data and a single step can be looked into. Log-probabilities, outcomes and what critics are told are those
/// kept in the file.
final class ReplayedRollouts: RolloutStream {
    private let files: [String]
    private let steps: [[Rollout]]

    let rates: [JSONObject.Member] = []
    var state: JSONObject { JSONObject([("rollouts", sum)]) }

    /// - Throws: ``TrainingError/badRollout(file:line:what:)``, also for rollouts of another temperature or another
    ///   vocabulary.
    /// - Parameter actor: the one that is to learn from them.
    init(_ files: [String], _ request: RolloutRequest, actor: Actor) throws {
        self.files = files
        steps = try files.map { file in
            let rows = try SampledRow.read(file)
            guard !rows.isEmpty else { throw TrainingError.noRows(file: file) }
            return try rows.enumerated().map { place, one in
                try Self.check(one.row, actor, request, file: file, line: one.line)
                return try Rollout(one.row, actor, request, place: place)
            }
        }
    }

    func checkGroups() throws { try zip(files, steps).forEach { try Self.checkGroups($1, file: $0) } }

    private static func checkGroups(_ rollouts: [Rollout], file: String) throws {
        let sizes = Dictionary(grouping: rollouts, by: \.problem.id).mapValues(\.count)
        guard let place = rollouts.firstIndex(where: { sizes[$0.problem.id] == 1 }) else { return }
        throw TrainingError.badRollout(
            file: file, line: place + 1,
            what: "problem \(rollouts[place].problem.id) has no other solution to be set beside")
    }

    private static func check(_ row: SampledRow, _ actor: Actor, _ request: RolloutRequest, file: String, line: Int)
        throws
    {
        func bad(_ what: String) -> TrainingError { .badRollout(file: file, line: line, what: what) }
        let solution = row.solution, temperature = request.rollout.sampling.temperature
        guard let logprobs = solution.logprobs, !solution.ids.isEmpty else { throw bad("the rollout has no tokens") }
        guard logprobs.allSatisfy({ $0.isFinite && $0 <= 0 }) else {
            throw bad("a log-probability of the rollout is not one")
        }
        guard solution.actor.sampling.temperature == temperature else {
            throw bad(
                "it was sampled at temperature \(solution.actor.sampling.temperature), and rollout.temperature is "
                    + "\(temperature)"
            )
        }
        let words = try actor.model.tokens(for: "data.rollouts")
        guard solution.ids.allSatisfy({ $0 >= 0 && $0 < words.tokenizer.vocabularySize }) else {
            throw bad("\(actor.name) does not have the rollout's tokens")
        }
        guard String(decoding: words.writtenBytes(solution.ids), as: UTF8.self) == solution.text else {
            throw bad("to \(actor.name) the rollout's ids do not say what its output does")
        }
    }

    func totalSteps(asked: Int) -> Int { asked > 0 ? min(asked, steps.count) : steps.count }

    func sample(step: Int, by actors: [Actor]) throws -> [Rollout] { steps[step] }

    func learn(outcomes rollouts: [Rollout]) {}

    func restore(_ state: JSONObject, from folder: String) throws {
        try state.check("rollouts", is: sum, "the rollouts (data.rollouts)", in: folder)
    }

    /// Changes with any token of any rollout.
    private lazy var sum: JSONValue = {
        var hash = StableHash()
        for rollout in steps.joined() {
            hash.add(UInt64(rollout.solution.ids.count))
            for id in rollout.solution.ids { hash.add(UInt64(UInt32(bitPattern: id))) }
        }
        return .string(String(hash.value, radix: 16))
    }()

    var longestPrompt: Int { steps.joined().map(\.solved.prompt.ids.count).max() ?? 0 }

    func longestCriticPrompt(_ builder: PromptBuilder, _ template: PromptTemplate) throws -> Int {
        try steps.joined().map { rollout in
            let icc = ICC().values(for: rollout.solution.actor)
            return try builder.critic(template, problem: rollout.problem.text, solutions: [""], icc: icc)[0].ids.count
        }.max() ?? 0
    }

    var longestSolution: Int { steps.joined().map(\.solution.ids.count).max() ?? 0 }
}

extension Rollout {
    fileprivate init(_ row: SampledRow, _ actor: Actor, _ request: RolloutRequest, place: Int) throws {
        var icc = ICC()
        for field in row.iccOff where icc.names.contains(field) { try icc.turn(field, on: false) }
        try self.init(actor.solved(row.solution, of: row.problem), by: 0, place: place, icc: icc, request)
    }
}
