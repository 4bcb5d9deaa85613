import ArgumentParser
import Critics
import Plots
import Studies

struct ApproximationStudy: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "approximation", "How near critics come to the truth, beside the best constant guess.",
        discussion: """
            Actors solve the problems of a set in turn; every prefix's truth is measured by fresh rollouts; each \
            critic rates the same prefixes. Squared errors are bias-corrected: the rollouts' own noise p(1-p)/(M-1) is \
            taken off. Intervals are 95 %, paired over prefixes and drawn by problem. A critic given as A,B,C is one \
            training under several seeds: the errors are averaged prefix by prefix. Three names are controls: `rate` \
            says of every prefix the actor's measured success rate (critics are told it too, unless `icc set` gives \
            another), `likelihood` the probability with which the actor wrote it (it ranks, it does not estimate), and \
            `exact` is the task's own solver with the actors' measured skill, the ceiling of checking. AUC is how well \
            right beginnings are told from wrong ones. On starter:jumps the problems are other ones than `problems \
            load` gives, and the critic's re-checked operations are counted.
            """,
        examples: [
            "study approximation --problems 100 --rollouts 64",
            "study approximation --critic before --critic sft-1,sft-2,sft-3 --critic exact",
            "study approximation --shift none --shift longer --shift jumps --shift both",
        ])

    @OptionGroup var setting: StudyOptions
    @OptionGroup var rival: StudyRival

    func run(_ context: CommandContext) throws -> Outcome {
        let desk = StudyDesk(context)
        return try setting.approximate(
            "approximation", desk, parts: rival.applied(to: setting.parts(desk)), rival: rival.title)
    }
}

extension StudyOptions {
    /// A study of approximation: measured, kept, and told.
    /// - Parameters:
    ///   - controls: those of the parts' critics that the study only shows.
    ///   - rival: whose error the last differences leave off.
    ///   - picture: what is drawn of the parts beside the errors and the reliability.
    func approximate(
        _ study: String, _ desk: StudyDesk, parts: [Part], controls: [String] = [], rival: String,
        picture: (([ApproximationView]) -> SVGPlot)? = nil
    ) throws -> Outcome {
        var options = Approximation.Options()
        (options.rollouts, options.seed) = (rolloutCount, desk.settings.seed)
        options.maxPrefixes = desk.settings.integer("critic.max_prefixes")
        return try keep(study, desk, parts: parts, controls: controls) { log in
            let bar = desk.console.progress(
                "study", unit: "problems", total: parts.reduce(0) { $0 + $1.problems.count })
            defer { bar.finish() }
            var done = 0
            let reports = try parts.map { part in
                defer { done += part.problems.count }
                return try Approximation(options: options).run(
                    problems: part.problems, subjects: part.subjects, critics: part.critics, log: log, part: part.name,
                    cancellation: desk.console.cancellation
                ) { bar.update(done + $0) }
            }
            let views = zip(parts, reports).map {
                ApproximationView(
                    part: $0.name, report: $1, actors: $0.subjects.map(\.actor.name).joined(separator: ", "),
                    rival: rival)
            }
            var result = ApproximationView.result(study, views)
            if let picture { result.pictures.append(("\(study).svg", picture(views))) }
            return result
        }
    }
}
