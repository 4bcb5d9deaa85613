/// Rows of the largest forward and backward pass over a step's solutions. A pass takes solutions until their tokens
/// reach `data.max_token_len_per_gpu`; what those of one problem have in common before them is computed once
/// (`TokenTree`).
package struct PassRows {
    /// Solutions of a step, and how many of them in a row are of one problem and read the same before they begin.
    let solutions: Int, together: Int
    private let limit: Int

    package init(solutions: Int, together: Int, limit: Int) {
        (self.solutions, self.together, self.limit) = (solutions, together, limit)
    }

    /// - Parameter sharing: whether a problem's solutions are all read after the same words; those of several frozen
    ///   actors are not.
    init(_ data: DataSettings, _ rollout: RolloutSettings, sharing: Bool) {
        self.init(solutions: data.batch * rollout.n, together: sharing ? rollout.n : 1, limit: data.passTokens)
    }

    /// Beginnings that the solutions of a step share among them.
    var beginnings: Int { (solutions + together - 1) / together }

    /// - Parameters:
    ///   - before: tokens before a solution.
    ///   - own: tokens of a solution, and of all that is a solution's own after it.
    package func most(before: Int, own: Int) -> Int {
        let length = max(before + own, 1)
        // Shorter solutions than the longest fill a pass as well; one that is longer than the limit is a pass of its
        // own.
        let tokens = max(min(limit, solutions * length), length), members = tokens / length
        // So many in a row begin in the midst of one problem's and may end in the midst of another's.
        let read = min((members + together - 2) / together + 1, members, beginnings)
        return tokens - (members - read) * before
    }
}
