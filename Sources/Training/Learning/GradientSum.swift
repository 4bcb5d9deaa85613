import CKernels
import Compute
import Transformer

extension Learner {
    /// Sums an update's gradients over its units, a problem's rollouts each (sft: rows), in an order that no packing
    /// changes: the units of each of ``World/portions`` portions are summed from zero in their order, then the portions
    /// in theirs. So what a pass holds may not mix units.
    /// - Parameter backward: adds a unit's gradients to the model's.
    func sumGradients<Unit>(of units: [Unit], _ backward: (Unit) throws -> Void) throws {
        model.clearGradients()
        let size = max(1, (units.count + World.portions - 1) / World.portions)
        for first in stride(from: 0, to: units.count, by: size) {
            if first > 0 { try setAside(isFirst: first == size) }
            for unit in units[first..<min(first + size, units.count)] { try backward(unit) }
        }
        if units.count > size { try takeBack() }
    }

    /// Moves the gradients of a portion to the sum of those before.
    private func setAside(isFirst: Bool) throws {
        let sum = try self.sum ?? FloatBuffer(count: model.gradients.count)
        self.sum = sum
        if isFirst { sum.pointer.update(repeating: 0, count: sum.count) }
        Self.add(model.gradients, to: sum)
        model.clearGradients()
    }

    /// Adds the last portion to those before, and hands the sum to the model.
    private func takeBack() throws {
        try setAside(isFirst: false)
        if let sum { Self.add(sum, to: model.gradients) }
    }

    private static func add(_ from: FloatBuffer, to: FloatBuffer) {
        overTiles(from.count, of: AdamW.tile) { _, range in
            ck_add(range.count, from.pointer + range.lowerBound, to.pointer + range.lowerBound)
        }
    }
}

extension [JudgedRollout] {
    /// Each problem's rollouts, in their order.
    var byProblem: [[JudgedRollout]] {
        var problems: [[JudgedRollout]] = []
        for judged in self {
            if problems.last?.last?.rollout.problem.id != judged.rollout.problem.id { problems.append([]) }
            problems[problems.count - 1].append(judged)
        }
        return problems
    }
}
