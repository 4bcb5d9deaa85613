/// `"%s: %5.2f" % (name, x)`, and `| format`, as Python's printf-style formatting.
extension JinjaInterpreter {
    /// - Parameter words: what `%s` makes of a value.
    func percentFormat(_ format: String, _ right: JinjaValue, words: (JinjaValue) throws -> String) throws -> String {
        var arguments = JinjaPercentArguments(right)
        var result = ""
        var rest = Array(format.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            guard scalar == "%" else {
                result.unicodeScalars.append(scalar)
                continue
            }
            try step()
            let piece = try field(&rest, &arguments, words)
            try charge(text: piece.utf8.count)
            result += piece
        }
        if arguments.isLeftOver { throw fail("the format has fewer places than there are values") }
        return result
    }

    private func field(
        _ rest: inout ArraySlice<Unicode.Scalar>, _ arguments: inout JinjaPercentArguments,
        _ words: (JinjaValue) throws -> String
    ) throws -> String {
        var key: String?
        if rest.first == "(" {
            key = try self.key(&rest)
        }
        var spec = JinjaFormatSpec()
        var isZero = false
        while let flag = rest.first, "-+ #0".unicodeScalars.contains(flag) {
            rest.removeFirst()
            switch flag {
            case "-": spec.align = "<"
            case "#": spec.isAlternate = true
            case "0": isZero = true
            case "+": spec.sign = "+"
            default: if spec.sign != "+" { spec.sign = " " }
            }
        }
        spec.width = try number(&rest, &arguments) ?? 0
        if spec.width < 0 { (spec.width, spec.align) = (-spec.width, "<") }
        if rest.first == "." {
            rest.removeFirst()
            spec.precision = max(try number(&rest, &arguments) ?? 0, 0)
        }
        while let size = rest.first, "hlL".unicodeScalars.contains(size) { rest.removeFirst() }
        guard let type = rest.popFirst() else { throw fail("the format ends within a place") }
        if type == "%" { return "%" }
        guard spec.width <= JinjaLimits.string else { throw fail("it produces too much text") }
        let value = try arguments.next(key, fail)
        if isZero, spec.align == nil, !"srac".unicodeScalars.contains(type) { (spec.fill, spec.align) = ("0", "=") }
        return try text(of: value, spec, type, words)
    }

    private func key(_ rest: inout ArraySlice<Unicode.Scalar>) throws -> String {
        rest.removeFirst()
        var depth = 1
        var key = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            depth += scalar == "(" ? 1 : scalar == ")" ? -1 : 0
            if depth == 0 { return String(key) }
            key.append(scalar)
        }
        throw fail("the key of a format has no end")
    }

    private func number(_ rest: inout ArraySlice<Unicode.Scalar>, _ arguments: inout JinjaPercentArguments) throws
        -> Int?
    {
        if rest.first == "*" {
            rest.removeFirst()
            guard let number = try arguments.next(nil, fail).asInteger, number.magnitude < 1 << 30 else {
                throw fail("* in a format needs a small integer")
            }
            return number
        }
        guard let number = JinjaFormatSpec.number(&rest) else { throw fail("a number in a format is too large") }
        return number
    }

    private func text(
        of value: JinjaValue, _ given: JinjaFormatSpec, _ type: Unicode.Scalar, _ words: (JinjaValue) throws -> String
    ) throws -> String {
        var spec = given
        switch type {
        case "s", "r", "a":
            let text = type == "s" ? try words(value) : try representation(of: value, asciiOnly: type == "a")
            let cut = spec.precision.map { String(text.unicodeScalars.prefix($0)) } ?? text
            return spec.padded(cut, standard: ">")
        case "c":
            if let text = value.asString, text.unicodeScalars.count == 1 { return spec.padded(text, standard: ">") }
            if let code = value.asInteger, let text = JinjaFormatSpec.character(code) {
                return spec.padded(text, standard: ">")
            }
        case "d", "i", "u", "x", "X", "o":
            let isDecimal = ["d", "i", "u"].contains(type)
            spec.type = isDecimal ? "d" : type
            let least = spec.precision ?? 0
            guard least <= JinjaFormatSpec.most else { throw fail("it produces too much text") }
            spec.precision = nil
            let whole =
                value.asInteger ?? (isDecimal ? value.asNumber.flatMap { Int(exactly: $0.rounded(.towardZero)) } : nil)
            if let whole, let text = spec.text(of: whole, least: least) { return text }
        case "e", "E", "f", "F", "g", "G":
            spec.type = type
            if let number = value.asNumber, let text = spec.text(of: number) { return text }
        default: throw fail("a format has no type '\(Character(type))'")
        }
        throw fail("%\(Character(type)) cannot format \(value.kind)")
    }
}

/// What a format's places are filled with: a tuple's elements in order, a mapping's members by name, or one value.
struct JinjaPercentArguments {
    private var values: ArraySlice<JinjaValue>
    private let source: JinjaValue
    private let isMapping: Bool

    init(_ right: JinjaValue) {
        source = right
        switch right {
        case .list(let list) where list.kind.isTuple: (values, isMapping) = (list.elements[...], false)
        case .dictionary, .list, .undefined: (values, isMapping) = ([right], true)
        default: (values, isMapping) = ([right], false)
        }
    }

    /// Python is silent about values left over where they could have been asked for by name.
    var isLeftOver: Bool { !isMapping && !values.isEmpty }

    mutating func next(_ key: String?, _ fail: (String) -> JinjaFailure) throws -> JinjaValue {
        if let key {
            guard case .dictionary(let dictionary) = source, let value = dictionary[key] else {
                throw fail("the format names '\(key)', which there is none of")
            }
            return value
        }
        guard let value = values.popFirst() else { throw fail("the format has more places than there are values") }
        return value
    }
}
