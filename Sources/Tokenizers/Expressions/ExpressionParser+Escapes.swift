extension ExpressionParser {
    /// What stands behind a backslash outside of brackets.
    mutating func escape() throws -> ExpressionNode {
        let start = index
        let scalar = try takeAny("an escape")
        switch scalar {
        case "A": return .anchor(.textStart)
        case "z": return .anchor(.textEnd)
        case "Z": return .anchor(.lastLineEnd)
        case "b": return .anchor(.wordBorder)
        case "B": return .anchor(.noWordBorder)
        case "w": return .one(try folded(.property(.bareWord)))
        case "W": return .one(try folded(.not(.property(.bareWord))))
        case "N": return .one(.not(.scalar(0x0A)))
        case "O": return .one(.any)
        case "R":
            let single = ScalarSet.union([.range(0x0A...0x0D), .scalar(0x85), .range(0x2028...0x2029)])
            return .atomic(.choice([.sequence([.one(.scalar(0x0D)), .one(.scalar(0x0A))]), .one(single)]))
        default:
            index = start
            return .one(try folded(try setEscape()))
        }
    }

    /// An escape that stands for a scalar or a set of them, in brackets or out of them.
    mutating func setEscape() throws -> ScalarSet {
        let scalar = try takeAny("an escape")
        switch scalar {
        case "d": return .property(.decimal)
        case "D": return .not(.property(.decimal))
        case "s": return .property(.white)
        case "S": return .not(.property(.white))
        case "w": return .property(.word)
        case "W": return .not(.property(.word))
        case "h": return Self.hexDigits
        case "H": return .not(Self.hexDigits)
        case "p": return try property(negated: false)
        case "P": return try property(negated: true)
        default:
            index -= 1
            return .scalar(try scalarEscape())
        }
    }

    private static var hexDigits: ScalarSet { .union([.range(0x30...0x39), .range(0x41...0x46), .range(0x61...0x66)]) }

    /// `{L}`, `{^L}`
    private mutating func property(negated: Bool) throws -> ScalarSet {
        guard take("{") else { throw ExpressionError(what: "\\p without braces") }
        let isCaret = take("^")
        let name = try text(until: "}", of: "a property's name")
        guard let property = ScalarProperty(named: name) else {
            throw ExpressionError(what: "the property \\p{\(name)}")
        }
        return negated != isCaret ? .not(.property(property)) : .property(property)
    }

    /// An escape that stands for one scalar: its value.
    mutating func scalarEscape() throws -> UInt32 {
        let scalar = try takeAny("an escape")
        switch scalar {
        case "t": return 0x09
        case "n": return 0x0A
        case "v": return 0x0B
        case "f": return 0x0C
        case "r": return 0x0D
        case "a": return 0x07
        case "e": return 0x1B
        case "u": return try hexadecimal(digits: 4)
        case "x":
            if take("{") {
                let digits = try text(until: "}", of: "\\x{…}")
                guard digits.unicodeScalars.count <= 6, let value = UInt32(digits, radix: 16),
                    Unicode.Scalar(value) != nil
                else { throw ExpressionError(what: "\\x{\(digits)}") }
                return value
            }
            let value = try hexadecimal(digits: 2)
            guard value < 0x80 else { throw ExpressionError(what: "\\x of a byte beyond ASCII") }
            return value
        case "a"..."z", "A"..."Z", "0"..."9": throw ExpressionError(what: "the escape \\\(scalar)")
        default: return scalar.value
        }
    }

    private mutating func hexadecimal(digits: Int) throws -> UInt32 {
        var text = String.UnicodeScalarView()
        for _ in 0..<digits { text.append(try takeAny("a scalar's number")) }
        guard let value = UInt32(String(text), radix: 16), Unicode.Scalar(value) != nil else {
            throw ExpressionError(what: "the number \(String(text)) of a scalar")
        }
        return value
    }
}
