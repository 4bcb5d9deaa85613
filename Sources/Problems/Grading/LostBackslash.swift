/// LaTeX whose backslash was read as an escape on its way here: a data set or a script that wrote `"\frac"` in JSON,
/// Python or C has a form feed before `rac`. Nobody writes control characters into an answer, so what was meant is
/// sure.
enum LostBackslash {
    /// The text with its backslashes again; itself where none is lost.
    static func restored(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(where: isEscape) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.count + 8)
        for (place, byte) in text.enumerated() {
            if let letter = letter(of: byte), isLost(byte, before: text[(place + 1)...]) {
                result += [UInt8(ascii: "\\"), letter]
            } else {
                result.append(byte)
            }
        }
        return result
    }

    private static func isEscape(_ byte: UInt8) -> Bool { letter(of: byte) != nil }

    /// Of an escape's byte, the letter that made it one.
    private static func letter(of byte: UInt8) -> UInt8? {
        switch byte {
        case 0x07: UInt8(ascii: "a")
        case 0x08: UInt8(ascii: "b")
        case 0x09: UInt8(ascii: "t")
        case 0x0B: UInt8(ascii: "v")
        case 0x0C: UInt8(ascii: "f")
        default: nil
        }
    }

    /// A tab is also white space: it was a command only where the rest of one follows.
    private static func isLost(_ byte: UInt8, before rest: ArraySlice<UInt8>) -> Bool {
        guard byte == 0x09 else { return rest.first.map { (0x61...0x7A).contains($0) } ?? false }
        return tabbed.contains { rest.starts(with: $0.utf8) }
    }

    private static let tabbed = ["ext{", "extbf{", "extit{", "extrm{", "frac{", "imes", "heta", "riangle", "ilde{"]
}
