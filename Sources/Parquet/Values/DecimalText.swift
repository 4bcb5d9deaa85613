import Formats

/// Decimals of any length, digit by digit.
enum DecimalText {
    /// Above 300 digits; the longest that Arrow has take 32 bytes.
    private static let byteLimit = 128

    /// An integer where it is one and fits, else text with `scale` digits after the point.
    static func json(digits: String, isNegative: Bool, scale: Int) -> JSONValue {
        let sign = isNegative ? "-" : ""
        guard scale > 0 else {
            let text = sign + digits
            return Int64(text).map { .integer($0) } ?? .string(text)
        }
        let padded = String(repeating: "0", count: max(scale + 1 - digits.utf8.count, 0)) + digits
        return .string("\(sign)\(padded.dropLast(scale)).\(padded.suffix(scale))")
    }

    /// Of two's complement, the highest byte first.
    static func json(bigEndian bytes: ArraySlice<UInt8>, scale: Int) throws -> JSONValue {
        guard let first = bytes.first else { throw Fault.damaged("a decimal without bytes") }
        guard bytes.count <= byteLimit else {
            throw Fault.tooLarge("a decimal of \(bytes.count) bytes, \(byteLimit) are allowed")
        }
        let isNegative = first >= 0x80
        return json(
            digits: digits(isNegative ? magnitude(ofNegative: bytes) : Array(bytes)), isNegative: isNegative,
            scale: scale)
    }

    private static func magnitude(ofNegative bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result = bytes.map { ~$0 }
        // One more, for which there is room: the highest bit is 0 now.
        for index in result.indices.reversed() {
            result[index] &+= 1
            if result[index] != 0 { return result }
        }
        return [1] + result
    }

    /// Long division by 10^9, until nothing is left.
    private static func digits(_ bigEndian: [UInt8]) -> String {
        var rest = bigEndian, groups: [String] = []
        while rest.contains(where: { $0 != 0 }) {
            var remainder = 0
            for index in rest.indices {
                let value = remainder << 8 | Int(rest[index])
                rest[index] = UInt8(value / 1_000_000_000)
                remainder = value % 1_000_000_000
            }
            groups.append("\(remainder)")
        }
        guard let highest = groups.last else { return "0" }
        return groups.dropLast().reversed().reduce(highest) {
            $0 + String(repeating: "0", count: 9 - $1.utf8.count) + $1
        }
    }
}
