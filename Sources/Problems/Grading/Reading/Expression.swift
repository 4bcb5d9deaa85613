/// An answer as it is understood: a tree whose leaves are exact numbers and names.
indirect enum Expression: Equatable {
    case number(Rational)
    /// Digits written in a base that is said: `52_8`.
    case based(String, base: Int)
    /// A variable or a name, subscript and all: `x`, `x_1`, `alpha`, `ℝ`, `∞`.
    case symbol(String)
    case sum([Expression])
    case product([Expression])
    case quotient(Expression, Expression)
    case power(Expression, Expression)
    case function(String, [Expression])
    /// first ± second; ∓ where it is not the upper sign.
    case plusMinus(Expression, Expression, isUpper: Bool)
    case percent(Expression)
    case degrees(Expression)
    /// A value and what is said behind it: a unit, or words that change nothing.
    case measured(Expression, [String])
    /// `\sum` or `\prod` of a body over an index from one bound to another.
    case series(isProduct: Bool, index: String, from: Expression, to: Expression, Expression)
    /// a = b, a < b ≤ c: the first side, then each sign with its side.
    case relation(Expression, [Link])
    /// Answers beside each other without brackets.
    case list([Expression])
    /// At least two in round, square or angle brackets: a tuple or an interval.
    case group(open: String, close: String, [Expression])
    case set([Expression])
    case union([Expression])
    case matrix([[Expression]])
    /// `3:15`, `2:1:5`
    case ratio([Expression])
    /// Nothing but words, in lower case.
    case words(String)

    struct Link: Equatable {
        var sign: String
        var side: Expression
    }

    static var zero: Expression { .number(Rational(0)) }

    var negated: Expression {
        if case .number(let number) = self { .number(-number) } else { .product([.number(Rational(-1)), self]) }
    }
}
