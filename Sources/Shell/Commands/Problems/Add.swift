import ArgumentParser
import Problems

struct Add: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "add", "Keep a solution or a problem of your own, or the rollouts of a run.",
        discussion: """
            What is given is a solution of the current problem; with --answer, or with --problem where the answer is \
            not \
            known, it is a new problem, and becomes the current one. It is a file's text, text in quotes (of several \
            words, so that it is told from a file's name), what standard input holds (-), or what you write in $EDITOR \
            (--edit).

            A solution is encoded by the actor's tokenizer, and rated as if the actor had written it; where it came \
            from is kept, and it does not count in the actor's success rate. A run's rollouts/STEP.jsonl brings its \
            problems and solutions as they were sampled, with what was known of the actor then: scored again, they are \
            read under those very numbers.
            """,
        examples: [
            "add mine.txt", #"add "3 + 4 = 7. The answer is 7.""#,
            #"add "Ann has 3 apples and buys 4. How many has she?" --answer 7"#, "add --edit",
            "add runs/critic-rl-1/rollouts/20.jsonl",
        ])

    @Argument(help: ArgumentHelp("A file, text, or - for standard input.", valueName: "file"))
    var source: Text?

    @Flag(help: "Write it in $EDITOR.")
    var edit = false

    @Option(help: ArgumentHelp("What is given is a new problem, and this its answer.", valueName: "answer"))
    var answer: Text?

    @Flag(help: "What is given is a new problem whose answer is not known.")
    var problem = false

    func run(_ context: CommandContext) throws -> Outcome {
        if problem, answer != nil {
            throw ShellError.refused("--problem says that no answer is known", hint: "give --answer alone")
        }
        let isProblem = problem || answer != nil
        if !isProblem, let source, source.string.hasSuffix(".jsonl") {
            return try SampledSolutions.keep(source.string, context)
        }
        // Before anything is read or written: an editor's text should not be lost.
        let current = isProblem ? nil : try context.current.required()
        let given = try GivenText(source?.string, edit: edit, name: isProblem ? "problem" : "solution", context)
        guard let given else { return .note("nothing was written", [("solutions", [])]) }
        if let current {
            return try OwnSolutions.keep(given.text, by: .file(given.origin), problem: current, context, like: nil)
        }
        return try OwnProblems.keep(given, answer: answer?.string, context)
    }
}

/// Problems whose text a person wrote.
enum OwnProblems {
    static func keep(_ given: GivenText, answer: String?, _ context: CommandContext) throws -> Outcome {
        let text = given.text.trimmingNewlines
        let stated = try Problem.stated(text, answer: answer, source: given.isTyped ? "typed" : given.origin)
        let kept = try context.workspace.keep([stated])[0]
        context.current.problem = kept
        return Outcome([("problem", kept.json)]) { kept.describe(on: $0) }
    }
}
