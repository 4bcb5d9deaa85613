/// Units of measurement behind a value: what they measure, and how much of it one is.
struct Units: Equatable {
    /// Length, time and the like, each with its power; a power of 0 is left out.
    private var powers: [String: Int] = [:]
    /// In the units that the table below gives as 1.
    private var size = Rational(1)

    /// Nil where some word is no unit that is known.
    init?(_ words: [String]) {
        var sign = 1, power = 1
        var last: String?
        for word in words.map({ $0.lowercased() }) where !Self.marks.contains(word) {
            switch word {
            case "/", "per": sign = -1
            case "square", "sq": power = 2
            case "cubic", "cu": power = 3
            case "-": power = -1
            case "2", "3":
                // Behind the unit that it raises: once is counted already.
                guard let last, let exponent = Int(word),
                    multiply(last, power < 0 ? -exponent - 1 : (exponent - 1) * sign)
                else { return nil }
                power = 1
            default:
                guard multiply(word, sign * power) else { return nil }
                (last, power) = (word, 1)
            }
        }
        guard last != nil else { return nil }
    }

    /// How many of another unit one of this is; nil where they measure different things.
    func factor(to other: Units) -> Rational? { powers == other.powers ? size / other.size : nil }

    private mutating func multiply(_ name: String, _ power: Int) -> Bool {
        guard let unit = Self.table[name] else { return false }
        for (kind, kindPower) in unit.kinds {
            let sum = (powers[kind] ?? 0) + kindPower * power
            powers[kind] = sum == 0 ? nil : sum
        }
        guard let factor = unit.size.power(power), let product = size * factor else { return false }
        size = product
        return true
    }

    /// What is written between units without changing them.
    private static let marks: Set<String> = ["^", "{", "}", "(", ")", ".", "*"]

    /// Whether a word is a unit.
    static func isKnown(_ word: String) -> Bool { table[word.lowercased()] != nil }

    private static let table: [String: (kinds: [String: Int], size: Rational)] = {
        var table: [String: (kinds: [String: Int], size: Rational)] = [:]
        for (kinds, units) in entries {
            for (names, size) in units {
                guard let size = Rational(decimal: size) else { preconditionFailure("a size is a decimal") }
                for name in names.split(separator: " ") { table[String(name)] = (kinds, size) }
            }
        }
        return table
    }()

    private static let entries: [([String: Int], [(String, String)])] = [
        (
            ["length": 1],
            [
                ("m meter meters metre metres", "1"), ("cm centimeter centimeters centimetre centimetres", "0.01"),
                ("mm millimeter millimeters", "0.001"), ("km kilometer kilometers kilometre kilometres", "1000"),
                ("in inch inches", "0.0254"), ("ft foot feet", "0.3048"), ("yd yard yards", "0.9144"),
                ("mi mile miles", "1609.344"),
            ]
        ),
        (
            ["time": 1],
            [
                ("s sec secs second seconds", "1"), ("min mins minute minutes", "60"), ("h hr hrs hour hours", "3600"),
                ("day days", "86400"), ("week weeks", "604800"), ("ms", "0.001"), ("year years", "31557600"),
            ]
        ),
        (
            ["mass": 1],
            [
                ("g gram grams", "1"), ("kg kilogram kilograms", "1000"), ("mg", "0.001"),
                ("lb lbs pound pounds", "453.59237"), ("oz ounce ounces", "28.349523125"),
            ]
        ),
        (["money": 1], [("dollar dollars usd bucks", "1"), ("cent cents", "0.01")]),
        (
            ["length": 3],
            [("l liter liters litre litres", "0.001"), ("ml milliliter milliliters", "0.000001")]
        ),
        (["length": 1, "time": -1], [("mph", "0.44704")]),
    ]
}
