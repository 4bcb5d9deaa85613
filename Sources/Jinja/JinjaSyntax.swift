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
    var all: [JinjaExpression] { positional + named.map(\.value) }
}

indirect enum JinjaStatement: Sendable {
    case text(String)
    case output(JinjaExpression)
    case conditional([(test: JinjaExpression, body: [JinjaStatement])], otherwise: [JinjaStatement])
    case loop(
        target: JinjaTarget, over: JinjaExpression, where: JinjaExpression?, body: [JinjaStatement],
        otherwise: [JinjaStatement])
    case set(JinjaTarget, JinjaExpression)
    case setBlock(JinjaTarget, [JinjaStatement], filters: [(name: String, arguments: JinjaArguments, position: Int)])
    case macro(JinjaMacro)
    case scope([JinjaStatement])
    case filterBlock([JinjaStatement], filters: [(name: String, arguments: JinjaArguments, position: Int)])
    case leave(Leave, position: Int)

    enum Leave: Sendable { case breaking, continuing }
}

enum JinjaTarget: Sendable {
    case name(String)
    case names([String])
    case attribute(namespace: String, String, position: Int)
}

struct JinjaMacro: Sendable {
    var name: String
    var parameters: [(name: String, standard: JinjaExpression?)]
    var body: [JinjaStatement]
}
