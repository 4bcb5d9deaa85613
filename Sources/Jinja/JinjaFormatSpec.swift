import Foundation

/// How a value is laid out: what stands behind the colon in `"{:>5.2f}".format(x)`, and what `"%5.2f" % x` comes to.
struct JinjaFormatSpec {
    var fill: Unicode.Scalar = " "
    /// "<", ">", "^", or "=" for padding between a sign and its digits; nil for what the value's kind is used to.
    var align: Unicode.Scalar?
    var sign: Unicode.Scalar = "-"
    var isAlternate = false
    var width = 0
    var grouping: Unicode.Scalar?
    var precision: Int?
    /// Nil where nothing is said.
    var type: Unicode.Scalar?

    /// More digits than anybody prints.
    static let most = 1000

    init() {}

    /// - Returns: nil for what is no such description.
    init?(_ text: String) {
        var rest = Array(text.unicodeScalars)[...]
        let aligns = "<>^=".unicodeScalars
        if let second = rest.dropFirst().first, aligns.contains(second), let first = rest.popFirst() {
            (fill, align) = (first, rest.removeFirst())
        } else if let first = rest.first, aligns.contains(first) {
            align = rest.removeFirst()
        }
        if let first = rest.first, "+- ".unicodeScalars.contains(first) { sign = rest.removeFirst() }
        if rest.first == "#" { isAlternate = rest.popFirst() != nil }
        if rest.first == "0" {
            rest.removeFirst()
            if align == nil { (fill, align) = ("0", "=") }
        }
        guard let width = Self.number(&rest) else { return nil }
        self.width = width ?? 0
        if let first = rest.first, first == "," || first == "_" { grouping = rest.removeFirst() }
        if rest.first == "." {
            rest.removeFirst()
            guard let digits = Self.number(&rest), let digits else { return nil }
            precision = digits
        }
        type = rest.popFirst()
        guard rest.isEmpty, self.width <= JinjaLimits.string, precision ?? 0 <= JinjaLimits.string else { return nil }
    }

    /// Nil outside for a number too large, nil inside for none at all.
    static func number(_ rest: inout ArraySlice<Unicode.Scalar>) -> Int?? {
        let digits = rest.prefix { ("0"..."9").contains($0) }
        rest = rest.dropFirst(digits.count)
        if digits.isEmpty { return .some(nil) }
        return Int(String(digits)).map { .some($0) }
    }

    // MARK: Laying out

    func padded(_ text: String, sign: String = "", standard: Unicode.Scalar) -> String {
        let missing = max(width - (sign + text).unicodeScalars.count, 0)
        func fills(_ count: Int) -> String { String(repeating: String(Character(fill)), count: count) }
        return switch align ?? standard {
        case "<": sign + text + fills(missing)
        case "^": fills(missing / 2) + sign + text + fills(missing - missing / 2)
        case "=": sign + fills(missing) + text
        default: fills(missing) + sign + text
        }
    }

    /// Digits with the sign asked for, padded.
    private func padded(number digits: String, isNegative: Bool, prefix: String = "") -> String {
        let sign = isNegative ? "-" : self.sign == "-" ? "" : String(Character(self.sign))
        return padded(grouped(digits), sign: sign + prefix, standard: ">")
    }

    private func grouped(_ digits: String) -> String {
        guard let grouping else { return digits }
        let whole = digits.prefix { $0.isNumber }
        var result = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { result.unicodeScalars.append(grouping) }
            result.append(digit)
        }
        return result + digits.dropFirst(whole.count)
    }

    /// Nil for a type that integers do not have.
    /// - Parameter least: digits at least, by zeros in front.
    func text(of number: Int, least: Int = 0) -> String? {
        let radix: (base: Int, prefix: String)? =
            switch type {
            case nil, "d", "n": (10, "")
            case "x", "X": (16, "0x")
            case "o": (8, "0o")
            case "b": (2, "0b")
            default: nil
            }
        guard let radix else {
            return type == "c"
                ? Self.character(number).map { padded($0, standard: "<") } : text(of: Double(number))
        }
        guard precision == nil else { return nil }
        let bare = String(number.magnitude, radix: radix.base, uppercase: type == "X")
        let digits = String(repeating: "0", count: max(least - bare.utf8.count, 0)) + bare
        let prefix = isAlternate ? (type == "X" ? "0X" : radix.prefix) : ""
        return padded(number: digits, isNegative: number < 0, prefix: prefix)
    }

    static func character(_ number: Int) -> String? {
        UInt32(exactly: number).flatMap(Unicode.Scalar.init).map { String(Character($0)) }
    }

    /// Nil for a type that floats do not have.
    func text(of number: Double) -> String? {
        guard precision ?? 0 <= Self.most else { return nil }
        var type = self.type ?? (precision == nil ? "r" : "g")
        if type == "n" { type = "g" }
        let (value, suffix) = type == "%" ? (number * 100, "%") : (number, "")
        if type == "%" { type = "f" }
        guard "efgEFGr".unicodeScalars.contains(type) else { return nil }
        let isCapital = ("A"..."Z").contains(type)
        var digits: String
        if !value.isFinite {
            digits = value.isNaN ? "nan" : "inf"
        } else if type == "r" {
            digits = JinjaInterpreter.describe(value.magnitude)
        } else {
            let letter = String(Character(type)).lowercased()
            digits = String(format: "%\(isAlternate ? "#" : "").\(precision ?? 6)\(letter)", value.magnitude)
            if self.type == nil, !digits.contains("."), !digits.contains("e") { digits += ".0" }
        }
        if isCapital { digits = digits.uppercased() }
        let isNegative = value.sign == .minus && !value.isNaN
        return padded(number: digits + suffix, isNegative: isNegative)
    }

    /// Nil for a type or sign that strings do not have.
    func text(of string: String) -> String? {
        guard type == nil || type == "s", align != "=", sign == "-", !isAlternate, grouping == nil else { return nil }
        let cut = precision.map { String(string.unicodeScalars.prefix($0)) } ?? string
        return padded(cut, standard: "<")
    }
}
