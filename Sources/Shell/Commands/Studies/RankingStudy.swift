import ArgumentParser
import Studies

struct RankingStudy: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "ranking", "How well critics choose among an actor's next steps.",
        discussion: """
            At a state of each problem's solution the actor draws 16 next steps; duplicates are dropped, states with \
            fewer than three steps left out. The worth of each step is measured by fresh rollouts. Pools are the first \
            2, 4, 8 and 16 draws, where their steps differ in worth; top-1 is how often the first choice is of the \
            best, ties shared. Intervals are 95 %, paired over states. Critics and controls are given as in `study \
            approximation`; `likelihood` is the actor's own opinion.
            """,
        examples: [
            "study ranking --problems 300 --rollouts 64",
            "study ranking --critic likelihood --critic head --critic judge --critic exact",
        ])

    @OptionGroup var setting: StudyOptions
    @OptionGroup var rival: StudyRival

    func run(_ context: CommandContext) throws -> Outcome {
        let desk = StudyDesk(context)
        let parts = try rival.applied(to: setting.parts(desk))
        return try setting.keep("ranking", desk, parts: parts) { log in
            let bar = desk.console.progress(
                "study", unit: "problems", total: parts.reduce(0) { $0 + $1.problems.count })
            defer { bar.finish() }
            var done = 0
            let views = try parts.map { part in
                defer { done += part.problems.count }
                let report = try Ranking(rollouts: setting.rolloutCount, seed: desk.settings.seed).run(
                    problems: part.problems, subjects: part.subjects, critics: part.critics, log: log, part: part.name,
                    cancellation: desk.console.cancellation
                ) { bar.update(done + $0) }
                return RankingView(
                    part: part.name, report: report, actors: part.subjects.map(\.actor.name).joined(separator: ", "),
                    rival: rival.title)
            }
            return RankingView.result(views)
        }
    }
}
