/// An expression and where it stands. `depth` bounds the recursion of everything that walks it.
struct JinjaExpression: Sendable {
    indirect enum Kind: Sendable {
        case literal(JinjaLiteral)
        case name(String)
        case list([JinjaExpression], isTuple: Bool)
        case dictionary([(key: JinjaExpression, value: JinjaExpression)])
        case unary(Operator, JinjaExpression)
        case binary(Operator, JinjaExpression, JinjaExpression)
        case and(JinjaExpression, JinjaExpression)
        case or(JinjaExpression, JinjaExpression)
        case not(JinjaExpression)
        case compare(JinjaExpression, [(op: Comparison, right: JinjaExpression)])
        case concatenation([JinjaExpression])
        case conditional(then: JinjaExpression, test: JinjaExpression, otherwise: JinjaExpression?)
        case attribute(JinjaExpression, String)
        case item(JinjaExpression, JinjaExpression)
        case slice(JinjaExpression, JinjaExpression?, JinjaExpression?, JinjaExpression?)
        case call(JinjaExpression, JinjaArguments)
        case filter(JinjaExpression, String, JinjaArguments)
        case test(JinjaExpression, String, JinjaArguments, negated: Bool)
    }

    enum Operator: String, Sendable {
        case add = "+", subtract = "-", multiply = "*", divide = "/", floorDivide = "//", modulo = "%", power = "**"
    }
    enum Comparison: String, Sendable {
        case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">=", isIn =
            "in", notIn = "not in"
    }

    let kind: Kind
    let position: Int
    let depth: Int
}

enum JinjaLiteral: Sendable {
    case none, bool(Bool), integer(Int), float(Double), string(String)
}

struct JinjaArguments: Sendable {
    var positional: [JinjaExpression] = []
    var named: [(name: String, value: JinjaExpression)] = []
    /// `*more` and `**more`.
    var spread: JinjaExpression?
    var namedSpread: JinjaExpression?
    var all: [JinjaExpression] { positional + named.map(\.value) + [spread, namedSpread].compactMap { $0 } }
}

indirect enum JinjaStatement: Sendable {
    case text(String)
    case output(JinjaExpression)
    case conditional([(test: JinjaExpression, body: [JinjaStatement])], otherwise: [JinjaStatement])
    case loop(JinjaLoopStatement)
    case set(JinjaTarget, JinjaExpression)
    case setBlock(JinjaTarget, filters: [JinjaFilterCall], [JinjaStatement])
    case macro(JinjaMacro)
    case call(JinjaExpression, block: JinjaMacro)
    case scope([JinjaStatement])
    case with([(target: JinjaTarget, value: JinjaExpression)], body: [JinjaStatement])
    case filterBlock(filters: [JinjaFilterCall], [JinjaStatement])
    case leave(Leave, position: Int)

    enum Leave: Sendable { case breaking, continuing }
}

typealias JinjaFilterCall = (name: String, arguments: JinjaArguments, position: Int)

struct JinjaLoopStatement: Sendable {
    var target: JinjaTarget
    var sequence: JinjaExpression
    /// `for … if filter`.
    var filter: JinjaExpression?
    var body: [JinjaStatement]
    var otherwise: [JinjaStatement]
    var isRecursive: Bool
}

indirect enum JinjaTarget: Sendable {
    case name(String)
    case tuple([JinjaTarget])
    case attribute(namespace: String, String, position: Int)
}

struct JinjaMacro: Sendable {
    var name: String
    var parameters: [(name: String, standard: JinjaExpression?)]
    var body: [JinjaStatement]
    /// Which of `caller`, `varargs` and `kwargs` its body speaks of: only those are accepted.
    var mentions: Set<String>
}
