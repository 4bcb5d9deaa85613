/// Compares the last line that is not blank with the answer, byte for byte after trimming blanks.
package struct ExactGrader: Grader {
    package init() {}

    /// Unparsable only for a blank text.
    package func grade(_ text: String, answer: String) -> Verdict {
        let lines = Array(text.utf8).split { $0 == 0x0A || $0 == 0x0D }.map(Self.trimmed)
        guard let last = lines.last(where: { !$0.isEmpty }) else { return Verdict(status: .unparsable, extracted: nil) }
        let isRight = last.elementsEqual(Self.trimmed(Array(answer.utf8)[...]))
        return Verdict(status: isRight ? .right : .wrong, extracted: String(decoding: last, as: UTF8.self))
    }

    package func report(_ text: String, answer: String) -> GradingReport {
        GradingReport(
            verdict: grade(text, answer: answer), found: "on the last line", compared: "byte for byte", steps: 0)
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line.drop { $0 == 0x20 || $0 == 0x09 }
        while let last = line.last, last == 0x20 || last == 0x09 { line.removeLast() }
        return line
    }
}
