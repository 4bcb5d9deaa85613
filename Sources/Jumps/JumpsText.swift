import Foundation

/// How the task is written. A problem's line is a group: its name (letters count down, so that `A` is the last and
/// the name says how many groups are left), how many operations it has, and each operation after a letter of its
/// own. A solution's line says the group, the digit it begins with, the letters of the operations it jumps over, and
/// the result:
///
///     Start 7             C7 a b c=2
///     C3 a+5 b*3 c-4      B2 d=4
///     B1 d*7              A4 e f=5
///     A2 e+2 f+9
extension Jumps {
    /// The problem as the actor and the critic read it; no newline at its end.
    package var text: String {
        var lines = ["Start \(start)"]
        var letter = 0
        for (index, group) in groups.enumerated() {
            var line = "\(name(ofGroup: index))\(group.count)"
            for operation in group {
                line += " \(Self.letters[letter])\(operation.sign.rawValue)\(operation.operand)"
                letter += 1
            }
            lines.append(line)
        }
        return lines.joined(separator: "\n")
    }

    /// A solution that claims these digits, one line a claim; no newline at its end, as critics read beginnings.
    package func solutionText(claims: [Int]) -> String {
        let lines = zip([start] + claims, claims.prefix(groups.count)).enumerated().map { index, digits in
            lineHead(ofGroup: index, from: digits.0) + "\(digits.1)"
        }
        return lines.joined(separator: "\n")
    }

    /// The right solution.
    package var solutionText: String { solutionText(claims: results) }

    /// Reads a problem's text; nil for anything ``text`` could not have written.
    package init?(text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.utf8) }
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard let first = lines.first, lines.count <= Self.maxGroups + 1, first.count == 7,
            first.starts(with: Array("Start ".utf8)), let start = Self.digit(first[6])
        else { return nil }
        var groups: [[Operation]] = []
        for line in lines.dropFirst() {
            guard let group = Self.group(line) else { return nil }
            groups.append(group)
        }
        self.init(start: start, groups: groups)
        guard groups.joined().count <= Self.maxOperations, self.text.utf8.elementsEqual(lines.joined(separator: [0x0A]))
        else { return nil }
    }

    /// The digits that the complete lines of a solution claim, one entry a line: nil for a line that is not of
    /// this problem's form, or does not begin with the digit the line before it gave (it counts as wrong). The
    /// last line is complete when a newline closes it or when it already has its result; lines beyond the last
    /// group are left out.
    package func claims(in solution: String) -> [Int?] {
        let lines = solution.split(separator: "\n", omittingEmptySubsequences: false)
        var claims: [Int?] = []
        for (index, line) in lines.enumerated().prefix(groups.count) {
            let from = index == 0 ? start : claims[index - 1]
            let head = Array(lineHead(ofGroup: index, from: from ?? 0).utf8)
            let bytes = Array(line.utf8)
            let isLast = index == lines.count - 1
            if isLast, bytes.count <= head.count { break }
            let isGood = from != nil && bytes.count == head.count + 1 && bytes.starts(with: head)
            claims.append(isGood ? Self.digit(bytes[head.count]) : nil)
        }
        return claims
    }

    /// `C`, `B`, `A`: the last group is `A`.
    func name(ofGroup index: Int) -> String { String(Self.names[groups.count - 1 - index]) }

    /// A solution's line up to its result: `C7 a b c=`.
    func lineHead(ofGroup index: Int, from digit: Int) -> String {
        letters(ofGroup: index).reduce("\(name(ofGroup: index))\(digit)") { $0 + " \($1)" } + "="
    }

    func letters(ofGroup index: Int) -> ArraySlice<Character> {
        let first = groups[..<index].reduce(0) { $0 + $1.count }
        return Self.letters[first..<first + groups[index].count]
    }

    static let letters: [Character] = Array("abcdefghijklmnopqrstuvwxyz")
    static let names: [Character] = Array("ABCDEFGH")

    /// `C3 a+5 b*3 c-4`; names, count and letters are checked by writing it again.
    private static func group(_ line: [UInt8]) -> [Operation]? {
        guard line.count >= 6, (line.count - 2) % 4 == 0 else { return nil }
        var group: [Operation] = []
        for place in stride(from: 2, to: line.count, by: 4) {
            guard let operand = digit(line[place + 3]),
                let sign = Operation.Sign(rawValue: String(decoding: [line[place + 2]], as: UTF8.self)),
                sign == .times ? [3, 7, 9].contains(operand) : operand > 0
            else { return nil }
            group.append(Operation(sign, operand))
        }
        return group
    }

    static func digit(_ byte: UInt8) -> Int? {
        (0x30...0x39).contains(byte) ? Int(byte) - 0x30 : nil
    }
}
