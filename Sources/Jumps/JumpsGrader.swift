import Problems

/// Grades the starter task: the digit of the last line, when that line is the last group's (`A4 e f=5`). A solution
/// that stops before, or writes another line last, is unparsable rather than wrong.
package struct JumpsGrader: Grader {
    package init() {}

    /// - Parameter answer: a digit.
    package func grade(_ text: String, answer: String) -> Verdict {
        var line = Array(text.utf8)[...]
        while line.last == 0x0A || line.last == 0x20 { line.removeLast() }
        if let newline = line.lastIndex(of: 0x0A) { line = line[(newline + 1)...] }
        guard line.first == UInt8(ascii: "A"), let digit = line.last.flatMap(Jumps.digit),
            line.dropLast().last == UInt8(ascii: "=")
        else { return Verdict(status: .unparsable, extracted: nil) }
        return Verdict(status: "\(digit)" == answer ? .right : .wrong, extracted: "\(digit)")
    }
}
