import Acting
import ArgumentParser
import Critics
import Problems
import Workspace

/// A solution or prefix as typed: `2`, `2.3`, and for scripts `last`, `last.3`, `last-1` (the one before).
struct Target: ExpressibleByArgument, Sendable, CustomStringConvertible {
    enum Solution: Equatable, Sendable {
        case id(Int)
        case last(back: Int)
    }

    let solution: Solution
    let step: Int?
    let description: String

    /// The newest solution: what commands that only look take unless another is named.
    static let last = Target(.last(back: 0), "last")

    private init(_ solution: Solution, _ description: String) {
        (self.solution, self.description, step) = (solution, description, nil)
    }

    init?(argument: String) {
        let parts = argument.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count) else { return nil }
        if parts.count == 2 {
            guard let step = Self.number(parts[1]) else { return nil }
            self.step = step
        } else {
            step = nil
        }
        if let id = Self.number(parts[0]), id > 0 {
            solution = .id(id)
        } else if parts[0] == "last" {
            solution = .last(back: 0)
        } else if parts[0].hasPrefix("last-"), let back = Self.number(parts[0].dropFirst(5)) {
            solution = .last(back: back)
        } else {
            return nil
        }
        description = argument
    }

    private static func number(_ text: Substring) -> Int? {
        guard (1...9).contains(text.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}

/// A solution with its problem and steps.
struct OpenedSolution {
    let problem: Problem
    let solution: Solution
    let steps: [Step]

    /// - Throws: what a missing id throws.
    init(_ target: Target, in workspace: Workspace) throws {
        let id: Int
        switch target.solution {
        case .id(let number): id = number
        case .last(let back):
            guard let found = try workspace.solutions.newestID(back: back) else {
                throw ShellError.refused(
                    "there is no solution \(target.description)",
                    hint: "`generate` makes solutions; `solutions` lists them")
            }
            id = found
        }
        try self.init(workspace.solutions.element(id), in: workspace)
    }

    init(_ solution: Solution, in workspace: Workspace) throws {
        self.solution = solution
        problem = try workspace.problems.element(solution.problem)
        steps = try workspace.steps(of: solution.id)
    }

    /// The prefix after `step`.
    func prefix(_ step: Int) throws -> SolutionPrefix {
        try SolutionPrefix(problem: problem, solution: solution, steps: steps, step: step)
    }

    /// The prefixes `target` means: the one it names, or those scored when none is named.
    func prefixes(_ target: Target, maximum: Int) throws -> [SolutionPrefix] {
        if let step = target.step { return [try prefix(step)] }
        return try SolutionPrefix.selected(problem: problem, solution: solution, steps: steps, maximum: maximum)
    }
}
