import ArgumentParser
import Formats
import Terminal

struct Samples: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "samples", "Look into a training step's rollouts: steps, values, the critic's chains, and what was left out.",
        discussion:
            "Of a running job, an ended one, or a run of another day. The last line sums up all rollouts of the step "
            + "(or of the problem).",
        examples: ["samples", "samples last 12 --problem 3", "samples genac-2 40 --limit 2 --full"])

    @Argument(help: ArgumentHelp("A job's number, a run, or last.", valueName: "job"))
    var job = Text("last")

    @Argument(help: ArgumentHelp("A step of training (default: the newest that is kept).", valueName: "step"))
    var step: Int?

    @Option(help: ArgumentHelp("Only rollouts of this problem.", valueName: "id"))
    var problem: Int?

    @Option(help: ArgumentHelp("So many rollouts (default: 4; with --json all).", valueName: "count"))
    var limit: Int?

    @Flag(help: "Print whole chains, and what actor and critic read.")
    var full = false

    func run(_ context: CommandContext) throws -> Outcome {
        if let limit, limit < 0 { throw ShellError.refused("--limit cannot be \(limit)", hint: "it counts rollouts") }
        let folder = RolloutFolder(run: try context.runs.id(job.string), in: context.workspace.runsDirectory)
        let (step, all) = try folder.rows(of: self.step), kept = try folder.steps
        let rows = try ofProblem(all, step)
        let shown = rows.prefix(limit ?? (context.options.json ? .max : 4))
        let summary = RolloutSummary(rows)
        return Outcome([
            ("run", .string(folder.run)), ("step", .int(step)), ("steps", .array(kept.map { .int($0) })),
            ("rows", .array(shown.map { .object($0.json) })), ("summary", summary.json),
        ]) { page in
            page.line(
                page.style.bold("run \(folder.run), step \(step)")
                    + page.style.faint("  (kept: \(RolloutFolder.listed(kept)))"))
            let view = RolloutView(page, full: full)
            for (index, row) in shown.enumerated() {
                if index == 0 || row.problem != shown[index - 1].problem { view.problem(row) }
                view.rollout(row, number: index + 1, of: rows.count)
            }
            if shown.count < rows.count {
                page.line(page.style.faint("… and \(rows.count - shown.count) more: --limit \(rows.count)"))
            }
            page.line(summary.text)
        }
    }

    private func ofProblem(_ rows: [RolloutRow], _ step: Int) throws -> [RolloutRow] {
        guard let problem else { return rows }
        let chosen = rows.filter { $0.problemID == problem }
        guard chosen.isEmpty else { return chosen }
        let ids = Set(rows.compactMap(\.problemID)).sorted().map(String.init).joined(separator: " ")
        throw ShellError.refused(
            "step \(step) has no rollout of problem \(problem)",
            hint: ids.isEmpty ? "its rollouts name no problem" : "it has: \(ids)")
    }
}
