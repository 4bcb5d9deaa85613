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

    /// Members whose text is a solution: only what it marks is an answer.
    static let solutions: Set = ["solution", "question.ground_truth_solution"]

    /// What NuminaMath says in place of an answer.
    static let noAnswers: Set = ["proof", "notfound"]

    /// All answers, for a problem that the user names.
    static let answers = all.flatMap(\.answers)

    /// Whether a column may be used: the first name of a path.
    static func uses(_ column: String) -> Bool { roots.contains(column.lowercased()) }

    private static let roots = Set(all.flatMap { $0.problems + $0.answers }.map { String($0.prefix { $0 != "." }) })
}
