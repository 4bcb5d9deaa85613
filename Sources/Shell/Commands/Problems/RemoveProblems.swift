import ArgumentParser
import Formats
import Workspace

struct RemoveProblems: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "remove", "Remove problems with their solutions, and what those were found worth.",
        discussion: """
            A person who types is asked first when solutions go too; a script is not. What was removed cannot be \
            brought back, its numbers are not given again, and an actor's success rate no longer counts the solutions. \
            Runs and studies keep copies of what they read and are not touched.
            """,
        examples: ["problems remove 3", "problems remove 4 7-12"])

    @Argument(help: ArgumentHelp("Problems' ids, or ranges of them.", valueName: "problem"))
    var problems: [NumberRange]

    func run(_ context: CommandContext) throws -> Outcome {
        let kept = try context.workspace.problems.ids()
        let ids = problems.flatMap { range -> [Int] in
            let meant = kept.filter { (range.low...range.high).contains($0) }
            // A range means those that are there; what names none of them names what is not there.
            return meant.isEmpty ? [range.low] : meant
        }
        return try RemovalWork(context).remove(ids)
    }
}

struct ClearProblems: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "clear", "Remove all problems, solutions and valuations of the workspace.",
        discussion: """
            As `problems remove` of every problem. Runs and studies keep copies of what they read and are not touched.
            """, examples: ["problems clear"])

    func run(_ context: CommandContext) throws -> Outcome { try RemovalWork(context).remove(nil) }
}

/// Asking, removing and saying what went.
private struct RemovalWork {
    let workspace: Workspace
    let current: CurrentProblem
    let isInteractive: Bool
    let console: Console

    init(_ context: CommandContext) {
        (workspace, current, console) = (context.workspace, context.current, context.console)
        isInteractive = context.options.isInteractive
    }

    /// - Parameter ids: nil: everything.
    func remove(_ ids: [Int]?) throws -> Outcome {
        let planned = try workspace.removal(of: ids)
        if isInteractive, planned.solutions > 0 {
            guard try Confirmation.ask("remove \(planned.inWords)?", console) else {
                return .note("nothing was removed", Removal().fields)
            }
        }
        let removed = try workspace.remove(problems: ids)
        if let id = current.problem?.id, ids?.contains(id) ?? true { current.problem = nil }
        return Outcome(removed.fields) { page in
            page.line(removed == Removal() ? "no problems are kept" : "removed \(removed.inWords)")
        }
    }
}

extension Removal {
    fileprivate var fields: [JSONObject.Member] {
        [
            ("problems", .int(problems)), ("solutions", .int(solutions)), ("valuations", .int(valuations)),
            ("truths", .int(truths)),
        ]
    }

    /// `2 problems with 5 solutions, 40 valuations and 3 truths`.
    fileprivate var inWords: String {
        func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
        let all = [(solutions, "solution"), (valuations, "valuation"), (truths, "truth")]
        let hanging = all.filter { $0.0 > 0 }.map { counted($0.0, $0.1) }
        let these = counted(problems, "problem")
        guard let last = hanging.last else { return these }
        let others = hanging.dropLast().joined(separator: ", ")
        return "\(these) with \(others.isEmpty ? last : "\(others) and \(last)")"
    }
}
