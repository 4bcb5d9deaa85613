import Foundation

/// Filters that make and change numbers.
extension JinjaInterpreter {
    func applyNumber(_ name: String, _ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        if case .undefined(let message) = value { throw fail(message) }
        switch name {
        case "int": return try integer(value, arguments)
        case "float": return Self.float(value).map { .float($0) } ?? arguments.value(0, "default") ?? .float(0)
        case "abs":
            if let integer = value.asInteger {
                guard integer != .min else { throw fail("an integer too large") }
                return .integer(abs(integer))
            }
            guard let number = value.asNumber else { throw fail("'abs' needs a number, not \(value.kind)") }
            return .float(abs(number))
        case "filesizeformat":
            guard let bytes = Self.float(value) else {
                throw fail("'filesizeformat' needs a number, not \(value.kind)")
            }
            return try make(Self.fileSize(bytes, isBinary: arguments.value(0, "binary")?.isTrue ?? false))
        default: return try round(value, arguments)
        }
    }

    private static func float(_ value: JinjaValue) -> Double? {
        if let number = value.asNumber { return number }
        guard let text = value.asString.map({ JinjaText.strip($0, nil, left: true, right: true) }) else { return nil }
        switch text.lowercased() {
        case "inf", "+inf", "infinity", "+infinity": return .infinity
        case "-inf", "-infinity": return -.infinity
        case "nan", "+nan", "-nan": return .nan
        default: break
        }
        guard text.utf8.allSatisfy({ byte in "0123456789+-.eE_".utf8.contains(byte) }),
            let bare = withoutSeparators(text)
        else { return nil }
        return Double(bare)
    }

    /// Underscores may stand between digits.
    private static func withoutSeparators(_ text: String) -> String? {
        func isDigit(_ scalar: Unicode.Scalar?) -> Bool { scalar.map { $0.properties.isASCIIHexDigit } ?? false }
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() where scalar == "_" {
            guard index > 0, index + 1 < scalars.count, isDigit(scalars[index - 1]), isDigit(scalars[index + 1]) else {
                return nil
            }
        }
        return String(scalars.filter { $0 != "_" })
    }

    private func integer(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        let standard = arguments.value(0, "default") ?? .integer(0)
        if let integer = value.asInteger { return .integer(integer) }
        if let text = value.asString,
            let whole = Self.integer(
                JinjaText.strip(text, nil, left: true, right: true),
                radix: try integer(arguments.value(1, "base"), 10, "int"))
        {
            return .integer(whole)
        }
        guard let number = Self.float(value), number.isFinite else {
            if case .float = value { throw fail("\(value.asNumber?.isNaN == true ? "nan" : "infinity") is no integer") }
            return standard
        }
        guard let whole = Int(exactly: number.rounded(.towardZero)) else { throw fail("an integer too large") }
        return .integer(whole)
    }

    private static func integer(_ text: String, radix: Int) -> Int? {
        guard var bare = withoutSeparators(text) else { return nil }
        let sign = bare.hasPrefix("-") || bare.hasPrefix("+") ? String(bare.removeFirst()) : ""
        if bare.hasPrefix("-") || bare.hasPrefix("+") { return nil }
        var radix = radix
        for (prefix, base) in [("0x", 16), ("0o", 8), ("0b", 2)] where bare.lowercased().hasPrefix(prefix) {
            guard radix == base || radix == 0 else { continue }
            bare = String(bare.dropFirst(2))
            radix = base
        }
        if radix == 0 { radix = 10 }
        return (2...36).contains(radix) ? Int(sign + bare, radix: radix) : nil
    }

    private func round(_ value: JinjaValue, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        guard let number = value.asNumber else { throw fail("'round' needs a number, not \(value.kind)") }
        let digits = try integer(arguments.value(0, "precision"), 0, "round")
        let method = try arguments.value(1, "method").map { try neededText($0, "round") } ?? "common"
        guard digits.magnitude <= 300, number.isFinite else { throw fail("'round' to so many digits") }
        let scale = pow(10, Double(digits))
        switch method {
        case "common":
            if let integer = value.asInteger { return try rounded(integer, digits) }
            // By decimal digits, as Python: 1.115 is a little less than it says.
            if digits >= 0 { return .float(Double(String(format: "%.\(digits)f", number)) ?? number) }
            return .float((number * scale).rounded(.toNearestOrEven) / scale)
        case "ceil": return .float((number * scale).rounded(.up) / scale)
        case "floor": return .float((number * scale).rounded(.down) / scale)
        default: throw fail("'round' knows common, ceil and floor")
        }
    }

    private func rounded(_ integer: Int, _ digits: Int) throws -> JinjaValue {
        guard digits < 0 else { return .integer(integer) }
        guard digits > -18 else { throw fail("'round' to so many digits") }
        let unit = (0..<(-digits)).reduce(1) { unit, _ in unit * 10 }
        let below = integer / unit * unit - (integer < 0 && integer % unit != 0 ? unit : 0)
        let rest = integer - below
        let goesUp = rest * 2 > unit || (rest * 2 == unit && (below / unit) % 2 != 0)
        return .integer(goesUp ? below + unit : below)
    }

    private static func fileSize(_ bytes: Double, isBinary: Bool) -> String {
        let base: Double = isBinary ? 1024 : 1000
        if bytes == 1 { return "1 Byte" }
        if bytes < base { return "\(Int(bytes)) Bytes" }
        var unit = base
        for prefix in ["k", "M", "G", "T", "P", "E", "Z", "Y"] {
            unit *= base
            if bytes < unit || prefix == "Y" {
                return String(format: "%.1f ", base * bytes / unit)
                    + (isBinary ? prefix.uppercased() + "iB" : prefix + "B")
            }
        }
        return ""
    }
}
