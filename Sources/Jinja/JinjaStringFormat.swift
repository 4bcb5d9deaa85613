/// `"{} {name!r:>5}".format(x, name=y)`, as Python's in Jinja's sandbox.
extension JinjaInterpreter {
    /// - Parameter isSafe: the format calls itself HTML, so that values are escaped.
    func stringFormat(_ format: String, _ arguments: JinjaCallArguments, isSafe: Bool = false) throws -> String {
        var reader = JinjaStringFormatReader(format)
        return try formatted(&reader, arguments, isSafe: isSafe, level: 3)
    }

    private func formatted(
        _ reader: inout JinjaStringFormatReader, _ arguments: JinjaCallArguments, isSafe: Bool, level: Int
    ) throws -> String {
        guard level > 0 else { throw fail("places within places within places of a format") }
        var result = ""
        while let piece = try reader.next(fail) {
            try step()
            switch piece {
            case .text(let text): result += text
            case .field(let field):
                let value = try converted(
                    try self.value(field.path, &reader.automatic, arguments), field.conversion)
                var inner = JinjaStringFormatReader(field.spec)
                inner.automatic = reader.automatic
                let spec = try formatted(&inner, arguments, isSafe: false, level: level - 1)
                reader.automatic = inner.automatic
                let text = try text(of: value, spec)
                if isSafe, case .safe = value {
                    result += text
                } else {
                    result += isSafe ? Self.escapeHTML(text) : text
                }
            }
            try charge(text: result.utf8.count)
        }
        return result
    }

    private func value(
        _ path: String, _ automatic: inout JinjaStringFormatReader.Numbering, _ arguments: JinjaCallArguments
    ) throws -> JinjaValue {
        var rest = Array(path.unicodeScalars)[...]
        let first = String(rest.prefix { $0 != "." && $0 != "[" })
        rest = rest.dropFirst(first.unicodeScalars.count)
        var value: JinjaValue
        if let index = try automatic.index(first, fail) {
            guard index < arguments.positional.count else { throw fail("the format has more places than values") }
            value = arguments.positional[index]
        } else {
            guard let named = arguments.named.first(where: { $0.name.hasSameBytes(as: first) }) else {
                throw fail("the format names '\(first)', which there is none of")
            }
            value = named.value
        }
        while let mark = rest.popFirst() {
            try step()
            let part: String
            if mark == "." {
                part = String(rest.prefix { $0 != "." && $0 != "[" })
                rest = rest.dropFirst(part.unicodeScalars.count)
                value = try attribute(part, of: value)
            } else {
                part = String(rest.prefix { $0 != "]" })
                rest = rest.dropFirst(part.unicodeScalars.count)
                guard mark == "[", rest.popFirst() != nil else { throw fail("a broken place in a format") }
                value = try item(Int(part).map { .integer($0) } ?? .string(part), of: value)
            }
            guard !part.isEmpty else { throw fail("an empty name in a format") }
        }
        return value
    }

    private func converted(_ value: JinjaValue, _ conversion: Unicode.Scalar?) throws -> JinjaValue {
        switch conversion {
        case nil: value
        case "s": try make(try text(of: value))
        case "r", "a": try make(try representation(of: value, asciiOnly: conversion == "a"))
        default: throw fail("a format converts with !s, !r and !a only")
        }
    }

    private func text(of value: JinjaValue, _ description: String) throws -> String {
        if description.isEmpty { return try text(of: value) }
        guard let spec = JinjaFormatSpec(description) else { throw fail("'\(description)' describes no layout") }
        try charge(text: spec.width)
        let text: String? =
            switch value {
            case .string(let text), .safe(let text): spec.text(of: text)
            case .integer(let number): spec.text(of: number)
            case .bool(let flag): spec.text(of: flag ? 1 : 0)
            case .float(let number): spec.text(of: number)
            default: nil
            }
        guard let text else { throw fail("'\(description)' cannot lay out \(value.kind)") }
        return text
    }
}

/// Cuts a format into text and places.
struct JinjaStringFormatReader {
    struct Field {
        var path: String
        var conversion: Unicode.Scalar?
        var spec: String
    }
    enum Piece {
        case text(String), field(Field)
    }

    /// Places without a name are counted; whoever gives numbers gives them all.
    struct Numbering {
        private var next = 0
        private var isManual: Bool?

        /// Nil for a name.
        mutating func index(_ first: String, _ fail: (String) -> JinjaFailure) throws -> Int? {
            let number = Int(first)
            guard first.isEmpty || number != nil else { return nil }
            guard isManual == nil || isManual == (number != nil) else {
                throw fail("a format has places with numbers and places without")
            }
            isManual = number != nil
            defer { next += 1 }
            return number ?? next
        }
    }

    var automatic = Numbering()
    private var rest: ArraySlice<Unicode.Scalar>
    private var opensField = false

    init(_ format: String) { rest = Array(format.unicodeScalars)[...] }

    mutating func next(_ fail: (String) -> JinjaFailure) throws -> Piece? {
        if opensField {
            opensField = false
            return .field(try field(fail))
        }
        var text = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            switch scalar {
            case "{", "}":
                if rest.first == scalar {
                    rest.removeFirst()
                    text.append(scalar)
                } else if scalar == "}" {
                    throw fail("a single '}' in a format")
                } else if text.isEmpty {
                    return .field(try field(fail))
                } else {
                    opensField = true
                    return .text(String(text))
                }
            default: text.append(scalar)
            }
        }
        return text.isEmpty ? nil : .text(String(text))
    }

    private mutating func field(_ fail: (String) -> JinjaFailure) throws -> Field {
        var depth = 1
        var inner = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            depth += scalar == "{" ? 1 : scalar == "}" ? -1 : 0
            if depth == 0 { break }
            inner.append(scalar)
        }
        guard depth == 0 else { throw fail("a place in a format has no end") }
        let head = inner.prefix { $0 != "!" && $0 != ":" }
        var tail = inner.dropFirst(head.count)
        var field = Field(path: String(String.UnicodeScalarView(head)), spec: "")
        if tail.first == "!" {
            field.conversion = tail.dropFirst().first
            tail = tail.dropFirst(2)
            guard field.conversion != nil, tail.first == nil || tail.first == ":" else {
                throw fail("a broken conversion in a format")
            }
        }
        field.spec = String(String.UnicodeScalarView(tail.dropFirst()))
        return field
    }
}
