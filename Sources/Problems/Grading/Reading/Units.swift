/// Units of measurement behind a value: what they measure, and how much of it one is.
struct Units: Equatable {
    /// Length, time and the like, each with its power; a power of 0 is left out.
    private var powers: [String: Int] = [:]
    /// In the units that the table below gives as 1.
    private var size = Rational(1)

    /// Of words that begin with a unit: what goes on with the sentence behind it ("hours of work") is passed over. Nil
    /// where the first is no unit, or a part of one is not known.
    init?(_ words: [String]) {
        var (sign, power, isOpen) = (1, 1, false)
        var last: String?
        for (place, word) in words.enumerated() where !Self.marks.contains(word) {
            let next = place + 1 < words.count ? words[place + 1] : ""
            switch word.lowercased() {
            case "/", "per": (sign, isOpen) = (-1, true)
            case "a", "an",
                "every" where last != nil && Self.isKnown(next):
                (sign, isOpen) = (-1, true)
            case "square", "sq": (power, isOpen) = (2, true)
            case "cubic", "cu": (power, isOpen) = (3, true)
            case "-": power = Int(next) == nil ? power : -1
            case "1", "2", "3":
                // Behind the unit that it raises: once is counted already.
                guard let last, let exponent = Int(word),
                    multiply(last, power < 0 ? -exponent - 1 : (exponent - 1) * sign)
                else { return nil }
                power = 1
            default:
                guard !Self.isPreposition(word, before: next), multiply(word, sign * power) else {
                    guard last != nil, !isOpen, power == 1, Self.isProse(words[place...]) else { return nil }
                    return
                }
                (last, power, isOpen) = (word, 1, false)
            }
        }
        guard last != nil, !isOpen else { return nil }
    }

    /// "5 in all" is no length.
    private static func isPreposition(_ word: String, before next: String) -> Bool {
        word.lowercased() == "in" && (next.first?.isLetter ?? false)
    }

    /// Whether words go on with a sentence, not with a unit.
    private static func isProse(_ words: ArraySlice<String>) -> Bool {
        !words.contains { ["/", "^", "\\", "°"].contains($0) || Int($0) != nil }
    }

    /// How many of another unit one of this is; nil where they measure different things.
    func factor(to other: Units) -> Rational? {
        if powers == other.powers { return size / other.size }
        // `\$5` only leaves out what "5 dollars per hour" says.
        return [(self, other), (other, self)].contains { $0.isDollars && $1.powers["money"] == 1 } ? Rational(1) : nil
    }

    private var isDollars: Bool { powers == ["money": 1] && size == Rational(1) }

    private mutating func multiply(_ name: String, _ power: Int) -> Bool {
        guard let unit = Self.table[name.lowercased()] else { return false }
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

    /// Whether a word is written between or before units.
    static func joins(_ word: String) -> Bool { joining.contains(word.lowercased()) }

    private static let joining: Set<String> = ["per", "square", "sq", "cubic", "cu"]

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
        (["time": -1], [("hz hertz", "1"), ("khz kilohertz", "1000"), ("mhz megahertz", "1000000")]),
        (["mass": 1, "length": 1, "time": -2], [("n newton newtons", "1000")]),
        (
            ["mass": 1, "length": 2, "time": -2],
            [("j joule joules", "1000"), ("kj kilojoule kilojoules", "1000000"), ("erg ergs", "0.0001")]
        ),
        (
            ["mass": 1, "length": 2, "time": -3],
            [("w watt watts", "1000"), ("kw kilowatt kilowatts", "1000000")]
        ),
        (
            ["mass": 1, "length": -1, "time": -2],
            [("pa pascal pascals", "1000"), ("kpa kilopascal kilopascals", "1000000")]
        ),
    ]
}
