/// What the norms of q and k go over, before RoPE turns them.
package enum QKNorm: Sendable, Equatable {
    /// There are none.
    case none
    /// Each head.
    case heads
    /// All heads at once.
    case whole
}

/// The norms of a row of heads: how many go over it, and how wide each is.
struct HeadNorm {
    let count, width: Int
}

extension Configuration {
    /// The norms of q's or k's `heads`; nil where the family has none.
    func headNorm(of heads: Int) -> HeadNorm? {
        switch architecture.qkNorm {
        case .none: nil
        case .heads: HeadNorm(count: heads, width: headDim)
        case .whole: HeadNorm(count: 1, width: heads * headDim)
        }
    }
}
