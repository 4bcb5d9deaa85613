/// Where files that hold solutions keep them: dumps of rollouts (verl, TRL, OpenRLHF) and labelled sets. Each list goes
/// from the most explicit name to the least; names are theirs in any case.
enum SolvedColumns {
    static let problems = ["input", "prompt", "problem", "question", "query"]
    static let solutions = [
        "output", "completion", "response", "generation", "generated_solution", "outputs", "completions", "responses",
        "generations", "reasoning", "model_output", "model_answer", "prediction", "pred", "predictions", "text",
        "solution",
    ]
    static let answers = [
        "gts", "reward_model.ground_truth", "ground_truth", "gt", "expected_answer", "final_answer", "gold_answer",
        "gold", "truth", "reference", "target", "answer", "label", "labels", "solution",
    ]
    /// What the file's own maker says of a solution. `label` is one where the answer stands elsewhere.
    static let marks = [
        "acc", "correct", "is_correct", "label", "previous_score", "accuracy_reward", "score", "reward", "rewards",
    ]

    /// Whether a column may be a reward: TRL names each by its function.
    static func isReward(_ column: String) -> Bool {
        let name = column.lowercased()
        return name.hasSuffix("_reward") || name.hasSuffix("_reward_func") || name.hasPrefix("reward_")
    }

    /// Whether a column may be used: the first name of a path.
    static func uses(_ column: String) -> Bool { roots.contains(column.lowercased()) || isReward(column) }

    private static let roots = Set(
        (problems + solutions + answers + marks).map { String($0.prefix { $0 != "." }) })
}
