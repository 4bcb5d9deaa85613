import Terminal
import Testing

@Suite("Text on a terminal")
struct TextTests {
    @Test("control, direction and invisible characters are made visible")
    func visible() {
        #expect(TextWidth.visible("a\u{1B}[31mb\u{202E}c\rd\u{9B}\n") == "a^[[31mb<U+202E>c^Md<U+9B>\n")
        #expect(TextWidth.visible("a\nb\tc", keepingLines: false) == "a↵b⇥c")
    }

    @Test("bars and durations")
    func pictures() {
        #expect(Bar.text(0.5, width: 4) == "██  ")
        #expect(Bar.text(.nan, width: 3) == "   ")
        #expect(Bar.sparkline([0, 1]) == "▁█")
        #expect(Span.text(75) == "1:15 min")
    }
}
