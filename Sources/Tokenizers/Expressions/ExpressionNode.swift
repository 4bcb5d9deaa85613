/// What a regular expression says, as a tree.
indirect enum ExpressionNode {
    case empty
    /// One scalar of a set.
    case one(ScalarSet)
    case sequence([ExpressionNode])
    /// The first that leads to a match.
    case choice([ExpressionNode])
    /// - Parameter most: nil where there is no limit.
    case repeated(ExpressionNode, least: Int, most: Int?, Greed)
    /// Once matched, it gives nothing back.
    case atomic(ExpressionNode)
    case look(ExpressionNode, behind: Bool, negative: Bool)
    case anchor(Anchor)

    enum Greed { case greedy, lazy, possessive }

    enum Anchor: Sendable {
        case textStart, textEnd
        /// The end, or the line break before it: `\Z`.
        case lastLineEnd
        case lineStart, lineEnd, wordBorder, noWordBorder
    }

    /// Whether it can match without a scalar.
    var canBeEmpty: Bool {
        switch self {
        case .empty, .look, .anchor: true
        case .one: false
        case .sequence(let nodes): nodes.allSatisfy(\.canBeEmpty)
        case .choice(let nodes): nodes.contains(where: \.canBeEmpty)
        case .repeated(let node, let least, _, _): least == 0 || node.canBeEmpty
        case .atomic(let node): node.canBeEmpty
        }
    }

    /// The number of scalars that it matches, where that is always the same.
    var length: Int? {
        switch self {
        case .empty, .look, .anchor: return 0
        case .one: return 1
        case .sequence(let nodes):
            return nodes.reduce(0) { sum, node in sum.flatMap { sum in node.length.map { sum + $0 } } }
        case .choice(let nodes):
            guard let first = nodes.first?.length, nodes.allSatisfy({ $0.length == first }) else { return nil }
            return first
        case .repeated(let node, let least, let most, _):
            guard least == most else { return nil }
            return node.length.map { $0 * least }
        case .atomic(let node): return node.length
        }
    }
}
