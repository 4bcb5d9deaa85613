import ArgumentParser

struct Generate: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "generate", "Let the actor solve the current problem; solutions are graded and kept.",
        discussion: """
            With --all or --problems it solves many, until each has -n solutions of this actor under this seed and \
            these \
            options. What is kept already counts, so whatever ended the command, the same one goes on.
            """,
        examples: [
            "generate -n 4", "generate -n 1 --temperature 0", "generate --from 2.3 -n 8 --score",
            "generate -n 2 --seed 5", "generate --all -n 4", "generate --problems 3-20 -n 4",
            #"generate --stop $'\n\n'"#,
        ])

    @OptionGroup var options: SamplingOptions

    @OptionGroup var several: SeveralProblems

    @Option(help: ArgumentHelp("Continue from this prefix instead of from nothing.", valueName: "prefix"))
    var from: Target?

    func run(_ context: CommandContext) throws -> Outcome {
        guard several.isGiven else { return try GenerateWork(context, options, from: from).run() }
        guard from == nil else {
            throw ShellError.refused("--from goes on with one solution", hint: "leave --all and --problems out")
        }
        return try GenerateSeveral(context, options, several).run()
    }
}

struct Branch: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "branch", "Continue from a prefix: generate --from.", examples: ["branch 2.3 -n 8", "branch 2.3 --seed 5"])

    @Argument(help: ArgumentHelp("A prefix, such as 2.3.", valueName: "prefix"))
    var prefix: Target

    @OptionGroup var options: SamplingOptions

    func run(_ context: CommandContext) throws -> Outcome {
        try GenerateWork(context, options, from: prefix).run()
    }
}
