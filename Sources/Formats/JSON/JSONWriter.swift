extension JSONValue {
    /// How a value is written: `compact` on one line, `pretty` with two blanks per level.
    package enum Layout: Sendable { case compact, pretty }

    /// UTF-8 JSON. Numbers read back equal; a number that JSON cannot say (NaN, infinity) becomes `null`.
    /// - Parameter asciiOnly: write every character beyond ASCII as `\uXXXX`.
    package func encoded(_ layout: Layout = .compact, asciiOnly: Bool = false) -> [UInt8] {
        var writer = JSONWriter(layout: layout, asciiOnly: asciiOnly)
        writer.write(self, indent: 0)
        return writer.output
    }

    /// ``encoded(_:asciiOnly:)`` as a string.
    package func text(_ layout: Layout = .compact, asciiOnly: Bool = false) -> String {
        String(decoding: encoded(layout, asciiOnly: asciiOnly), as: UTF8.self)
    }
}

private struct JSONWriter {
    let layout: JSONValue.Layout
    let asciiOnly: Bool
    var output: [UInt8] = []

    init(layout: JSONValue.Layout, asciiOnly: Bool) {
        self.layout = layout
        self.asciiOnly = asciiOnly
    }

    mutating func write(_ value: JSONValue, indent: Int) {
        switch value {
        case .null: append("null")
        case .bool(let flag): append(flag ? "true" : "false")
        case .integer(let number): append("\(number)")
        case .number(let number): append(number.isFinite ? "\(number)" : "null")
        case .string(let text): write(string: text)
        case .array(let elements):
            writeList("[", elements, "]", indent: indent) { writer, element in
                writer.write(element, indent: indent + 1)
            }
        case .object(let object):
            writeList("{", object.members, "}", indent: indent) { writer, member in
                writer.write(string: member.key)
                writer.append(writer.layout == .pretty ? ": " : ":")
                writer.write(member.value, indent: indent + 1)
            }
        }
    }

    private mutating func append(_ text: String) { output.append(contentsOf: text.utf8) }

    private mutating func writeList<Element>(
        _ opener: String, _ elements: [Element], _ closer: String, indent: Int,
        each: (inout JSONWriter, Element) -> Void
    ) {
        append(opener)
        for (index, element) in elements.enumerated() {
            if index > 0 { append(",") }
            breakLine(indent + 1)
            each(&self, element)
        }
        if !elements.isEmpty { breakLine(indent) }
        append(closer)
    }

    private mutating func breakLine(_ indent: Int) {
        guard layout == .pretty else { return }
        output.append(0x0A)
        output.append(contentsOf: repeatElement(0x20, count: 2 * indent))
    }

    private mutating func write(string: String) {
        output.append(UInt8(ascii: "\""))
        if asciiOnly {
            for unit in string.utf16 { writeASCII(unit) }
        } else {
            for byte in string.utf8 {
                if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                    writeASCII(UInt16(byte))
                } else {
                    output.append(byte)
                }
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    private mutating func writeASCII(_ unit: UInt16) {
        switch unit {
        case 0x22: append("\\\"")
        case 0x5C: append("\\\\")
        case 0x0A: append("\\n")
        case 0x0D: append("\\r")
        case 0x09: append("\\t")
        case 0x20..<0x7F: output.append(UInt8(unit))
        default:
            append("\\u")
            for shift in [12, 8, 4, 0] {
                let digit = UInt8(unit >> UInt16(shift) & 15)
                output.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }
}
