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
            (--edit). Where standard input holds JSON Lines, its rows are problems, as `problems load -` takes them.

            A solution is encoded by the actor's tokenizer, and rated as if the actor had written it; where it came \
            from is kept, and it does not count in the actor's success rate. A run's rollouts/STEP.jsonl brings its \
            problems and solutions as they were sampled, with what was known of the actor then: scored again, they are \
            read under those very numbers.

            --rollouts reads the dumps of other trainers, in any form that `problems load` reads: verl (input, output, \
            gts, score), TRL (prompt, completion, its rewards), OpenRLHF (input, output, reward), and files of their \
            like. Completions of one prompt become solutions of one problem. They are graded here; what the dump says \
            of each is kept beside that, and is the outcome where the dump has no answer to grade by.
            """,
        examples: [
            "add mine.txt", #"add "3 + 4 = 7. The answer is 7.""#,
            #"add "Ann has 3 apples and buys 4. How many has she?" --answer 7"#, "add --edit",
            "add runs/critic-rl-1/rollouts/20.jsonl", "add verl/rollouts/100.jsonl --rollouts",
        ])

    @Argument(help: ArgumentHelp("A file, text, or - for standard input.", valueName: "file"))
    var source: Text?

    @Flag(help: "Write it in $EDITOR.")
    var edit = false

    @Option(help: ArgumentHelp("What is given is a new problem, and this its answer.", valueName: "answer"))
    var answer: Text?

    @Flag(help: "What is given is a new problem whose answer is not known.")
    var problem = false

    @Flag(help: "The file is a dump of rollouts by verl, TRL, OpenRLHF or their like.")
    var rollouts = false

    func run(_ context: CommandContext) throws -> Outcome {
        if problem, answer != nil {
            throw ShellError.refused("--problem says that no answer is known", hint: "give --answer alone")
        }
        let isProblem = problem || answer != nil
        if rollouts { return try dumped(context, isProblem: isProblem) }
        if !isProblem, let source, source.string.hasSuffix(".jsonl") {
            return try SampledSolutions.keep(source.string, context)
        }
        if let source, source.string == "-", !edit {
            let bytes = try StandardInput.rows(context)
            guard PipedProblems.areRows(bytes) else { return try keep(GivenText(piped: bytes), isProblem, context) }
            guard !isProblem else {
                throw ShellError.refused(
                    "standard input holds rows, which say their own answers", hint: "leave out --answer and --problem")
            }
            let (problems, files) = try PipedProblems.load(bytes)
            return try LoadProblems.keep(problems, files, context)
        }
        // Before anything is written: an editor's text should not be lost.
        if !isProblem { _ = try context.current.required() }
        let given = try GivenText(source?.string, edit: edit, name: isProblem ? "problem" : "solution", context)
        guard let given else { return .note("nothing was written", [("solutions", [])]) }
        return try keep(given, isProblem, context)
    }

    private func keep(_ given: GivenText, _ isProblem: Bool, _ context: CommandContext) throws -> Outcome {
        if isProblem { return try OwnProblems.keep(given, answer: answer?.string, context) }
        let problem = try context.current.required()
        return try OwnSolutions.keep(given.text, by: .file(given.origin), problem: problem, context, like: nil)
    }

    private func dumped(_ context: CommandContext, isProblem: Bool) throws -> Outcome {
        guard let source, !edit, !isProblem else {
            throw ShellError.refused(
                "--rollouts takes a file alone", hint: "such as `add rollouts/100.jsonl --rollouts`")
        }
        guard source.string != "-" else {
            return try StandardInput.asFile(StandardInput.rows(context)) {
                try DumpedSolutions($0, name: StandardInput.name, context).keep()
            }
        }
        return try DumpedSolutions(context.sets.home.file(source.string), name: source.string, context).keep()
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
