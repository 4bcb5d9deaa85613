import ArgumentParser

struct ApproximationStudy: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "approximation", "How near critics come to the truth, beside the best constant guess.",
        discussion: """
            Actors solve the problems of a set in turn; every prefix's truth is measured by fresh rollouts; each critic rates \
            the same prefixes. Squared errors are bias-corrected: the rollouts' own noise p(1-p)/(M-1) is taken off. Intervals \
            are 95 %, paired over prefixes and drawn by problem. A critic given as A,B,C is one training under several seeds: \
            the errors are averaged prefix by prefix. `exact` is the task's own solver with the actors' measured skill, the \
            ceiling of checking. On starter:jumps the problems are other ones than `problems load` gives, and the critic's \
            re-checked operations are counted.
            """,
        examples: ["study approximation --set starter:jumps:test --problems 100 --rollouts 64", "study approximation --critic before --critic sft-1,sft-2,sft-3 --critic exact"])

    @OptionGroup var setting: StudyOptions

    func run(_ context: CommandContext) throws -> Outcome {
        let study = try setting.read(context.session)
        let report = try study.approximate(context, rollouts: setting.rollouts)
        return ApproximationView(report: report, actors: study.actors, rival: "the one's above").outcome()
    }
}
