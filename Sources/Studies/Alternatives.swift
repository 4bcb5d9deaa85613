import Acting
import Compute
import Critics
import Generation
import Problems

/// Next steps that an actor might write at one state of a solution, drawn from it and from nowhere else.
struct Alternatives {
    /// Distinct, in the order in which they were first drawn; each ends with its alternative.
    private(set) var prefixes: [SolutionPrefix] = []
    /// For each draw the place of its step in `prefixes`.
    private(set) var draws: [Int] = []

    /// - Parameters:
    ///   - state: the beginning that all have in common.
    ///   - count: how many are drawn; duplicates are kept once.
    /// - Throws: what the actor throws; `GenerationError.cancelled` when cancelled.
    init(at state: SolutionPrefix, by actor: Actor, count: Int, key: RandomKey, cancellation: Cancellation) throws {
        let orders = (0..<count).map { draw in
            var own = key
            own.sample = UInt64(draw)
            return Actor.Order(from: state, key: own)
        }
        for drawn in try actor.solve(orders, as: state.solution.actor, cancellation: cancellation) {
            try add(drawn, to: state)
        }
    }

    private mutating func add(_ drawn: Actor.Solved, to state: SolutionPrefix) throws {
        guard state.step < drawn.steps.count else { return }
        var solution = drawn.solution
        solution.id = state.problem.id &* 1000 &+ prefixes.count
        let next = try SolutionPrefix(
            problem: state.problem, solution: solution, steps: drawn.steps, step: state.step + 1)
        if let known = prefixes.firstIndex(where: { $0.written == next.written }) { return draws.append(known) }
        draws.append(prefixes.count)
        prefixes.append(next)
    }
}
