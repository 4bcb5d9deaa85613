/// Where the data sets that people have keep a problem and its answer. A row is read by the first shape whose problem
/// it has, and the answer is the first of that shape's answers that is there and says one. Names are theirs in any case
/// (`Problem`, `ID`).
struct KnownColumns {
    /// Where the shape is found.
    let dataSets: String
    /// The problem; where there are several, each is one of its own, and a row that has two of them is ambiguous.
    let problems: [String]
    /// From the most explicit to the least.
    let answers: [String]

    static let all = [
        KnownColumns(
            dataSets: "verl, DAPO-Math, SkyRL",
            problems: ["prompt"], answers: ["reward_model.ground_truth", "reward_spec.ground_truth"]),
        KnownColumns(
            dataSets: "PRM800K",
            problems: ["question.problem"],
            answers: ["question.ground_truth_answer", "question.ground_truth_solution"]),
        KnownColumns(
            dataSets: "CHAMP",
            problems: ["_text"], answers: ["_answer"]),
        KnownColumns(
            dataSets: """
                GSM8K, MATH, MATH-500, AIME, OpenMathInstruct, NuminaMath, DeepScaleR, ProcessBench, reasoning-gym
                """,
            problems: ["problem", "question", "prompt"],
            answers: ["expected_answer", "final_answer", "ground_truth", "answer", "solution"]),
    ]

    /// What models are taught by, where a row has none of ``all``: dialogues, of which the last answer is a solution
    /// (as `messages` have them, and ShareGPT), and Alpaca's instructions.
    static let teaching = [
        KnownColumns(dataSets: "messages, ShareGPT", problems: dialogues, answers: all.flatMap(\.answers)),
        KnownColumns(dataSets: "Alpaca", problems: ["instruction"], answers: ["output"]),
    ]

    /// Members that may end with what an assistant answered.
    static let dialogues = ["messages", "conversations", "conversation"]

    /// Alpaca's, which the instruction is about.
    static let instruction = "instruction", instructionInput = "input"

    /// Members whose text is a solution: only what it marks is an answer.
    static let solutions: Set = ["solution", "question.ground_truth_solution", "output"]

    /// What NuminaMath and tables say in place of an answer, in lower case.
    static let noAnswers: Set = ["proof", "notfound", "n/a", "none", "null", "unknown"]

    /// All answers, for a problem that the user names.
    static let answers = all.flatMap(\.answers)

    /// Whether a column may be used, among those of a file: the first name of a path.
    static func uses(_ column: String, of columns: [String]) -> Bool {
        let name = column.lowercased()
        guard !roots.contains(name) else { return true }
        // A dialogue beside a problem is long, and says nothing that is wanted.
        return teachingRoots.contains(name) && !columns.contains { problemRoots.contains($0.lowercased()) }
    }

    private static let roots = firstNames(all.flatMap { $0.problems + $0.answers })
    private static let problemRoots = firstNames(all.flatMap(\.problems))
    private static let teachingRoots = firstNames(teaching.flatMap { $0.problems + $0.answers } + [instructionInput])

    private static func firstNames(_ paths: [String]) -> Set<String> {
        Set(paths.map { String($0.prefix { $0 != "." }) })
    }
}
