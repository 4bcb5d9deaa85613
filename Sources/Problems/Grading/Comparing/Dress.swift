/// A value, and what is written around it: a percent sign, a degree sign, a unit, words.
struct Dress {
    enum Kind {
        case bare, percent, degrees, radians, words
        case unit(Units)
    }

    /// With all that stands around it.
    let whole: Expression
    let value: Expression
    let kind: Kind
    /// What stands behind the value.
    let words: [String]

    init(_ expression: Expression) {
        switch expression {
        case .percent(let part): self.init(expression, part, .percent)
        case .degrees(let part): self.init(expression, part, .degrees)
        case .measured(let part, let words):
            if ["radian", "radians", "rad"].contains(words.first?.lowercased()) {
                self.init(expression, part, .radians, words)
            } else {
                self.init(expression, part, Units(words).map { .unit($0) } ?? .words, words)
            }
        default: self.init(expression, expression, .bare)
        }
    }

    private init(_ whole: Expression, _ value: Expression, _ kind: Kind, _ words: [String] = []) {
        (self.whole, self.value, self.kind, self.words) = (whole, value, kind, words)
    }

    /// Whether what stands around the value says how much it is.
    private var isKnown: Bool {
        switch kind {
        case .bare, .words: false
        case .percent, .degrees, .radians, .unit: true
        }
    }

    /// Beside such a value, the letters of `5 m` or `10 m/s` are a unit too.
    func beside(_ other: Dress) -> Dress {
        guard case .bare = kind, other.isKnown, let (bare, letters) = Rewriting.unit(value), let units = Units(letters)
        else { return self }
        return Dress(whole, bare, .unit(units), letters)
    }
}

extension Expression {
    /// Of a number of percents.
    var hundredth: Expression { .quotient(self, .number(Rational(100))) }
    /// Of a number of radians.
    var inDegrees: Expression { .quotient(.product([self, .number(Rational(180))]), .symbol("pi")) }
}
