import Acting
import Critics
import Problems
import Workspace

/// Solutions of several problems whose prefixes an estimator is asked about: what it said before to the same question
/// is passed over.
struct JudgedSolutions {
    /// Several problems, each with its solutions.
    let problems: [(problem: Problem, solutions: [Solution])]

    init(_ choice: SeveralProblems, in workspace: Workspace) throws {
        problems = try choice.chosen(in: workspace).map { ($0, try workspace.solutions.of(problem: $0.id)) }
        guard problems.contains(where: { !$0.solutions.isEmpty }) else {
            throw ShellError.refused("these problems have no solutions", hint: "`generate --all` makes some")
        }
    }

    /// What is still to be asked of one solution.
    struct Open {
        let opened: OpenedSolution
        let prefixes: [SolutionPrefix]
    }

    /// What is to be asked of the selected prefixes of a solution, those left out that have an answer.
    static func open(_ solution: Solution, maximum: Int, answered: [Int: Valuation], in workspace: Workspace) throws
        -> Open
    {
        let opened = try OpenedSolution(solution, in: workspace)
        let wanted = opened.selected(maximum)
        return Open(opened: opened, prefixes: try wanted.filter { answered[$0] == nil }.map(opened.prefix))
    }

    /// `3 problems have no solutions`; nil where each has some.
    var without: String? {
        let count = problems.count { $0.solutions.isEmpty }
        return count == 0 ? nil : count == 1 ? "1 problem has no solution" : "\(count) problems have no solutions"
    }
}

extension OpenedSolution {
    /// The steps of the prefixes that are asked about when none is named.
    func selected(_ maximum: Int) -> [Int] { PrefixSelection.evenlySpaced(steps: steps.count, maximum: maximum) }
}

extension [TooLong] {
    /// `12 prefixes are too long for judge, which reads 512 tokens: 4.6 by 12, …`; nil where there are none.
    func line(_ reader: String) -> String? {
        guard let first else { return nil }
        return "\(count == 1 ? "1 prefix is" : "\(count) prefixes are") too long for \(reader), which reads "
            + "\(first.limit) tokens: \(first) by \(first.needed - first.limit)" + (count > 1 ? ", …" : "")
    }
}

/// How many of several solutions' prefixes were asked about.
struct PrefixCount {
    private(set) var possible = 0
    private(set) var selected = 0

    mutating func add(_ opened: OpenedSolution, maximum: Int) {
        possible += max(opened.steps.count, 1)
        selected += opened.selected(maximum).count
    }

    /// `400 of 1,200 prefixes, evenly spaced (critic.max_prefixes)`; nil where it is all.
    var line: String? {
        selected == possible ? nil : "\(selected) of \(possible) prefixes, evenly spaced (critic.max_prefixes)"
    }
}
