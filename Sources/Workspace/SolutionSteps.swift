import Problems

/// A solution's steps, cut by the tokenizer that sampled it: kept, because that model need not be loaded later.
struct SolutionSteps: Codable {
    var solution: Int
    var steps: [Step]
}

extension Workspace {
    /// Keeps solutions with their steps, under new ids in the order given.
    package func keep(_ solutions: [(solution: Solution, steps: [Step])]) throws -> [Solution] {
        let kept = try self.solutions.add(count: solutions.count) { index, id in
            var solution = solutions[index].solution
            solution.id = id
            return solution
        }
        _ = try stepShelf.add(count: kept.count) { index, _ in
            SolutionSteps(solution: kept[index].id, steps: solutions[index].steps)
        }
        return kept
    }

    /// The steps of a solution; none when it is not known.
    package func steps(of solution: Int) throws -> [Step] {
        try stepShelf.all().last { $0.solution == solution }?.steps ?? []
    }
}
