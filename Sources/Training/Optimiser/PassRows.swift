/// Rows of the largest forward and backward pass over a step's solutions. A pass takes solutions until their tokens reach
/// `data.max_token_len_per_gpu`; what those of one problem have in common before them is computed once (`TokenTree`).
struct PassRows {
    /// Solutions of a step, and how many of them in a row are of one problem and read the same before they begin.
    let solutions: Int, together: Int
    private let limit: Int

    /// - Parameter sharing: whether a problem's solutions are all read after the same words; those of several frozen actors are not.
    init(_ recipe: Recipe, sharing: Bool) {
        solutions = recipe.integer("data.train_batch_size") * recipe.integer("rollout.n")
        together = sharing ? recipe.integer("rollout.n") : 1
        limit = recipe.integer("data.max_token_len_per_gpu")
    }

    /// - Parameters:
    ///   - before: tokens before a solution.
    ///   - own: tokens of a solution, and of all that is a solution's own after it.
    func most(before: Int, own: Int) -> Int {
        let most = max(1, min(solutions, limit / max(before + own, 1)))
        // So many in a row begin in the midst of one problem's and may end in the midst of another's.
        let problems = min((most + together - 2) / together + 1, most, (solutions + together - 1) / together)
        return problems * before + most * own
    }
}
