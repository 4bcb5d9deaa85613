import Foundation
import Terminal
import Testing

@Suite("Tables on pages of every width")
struct TableTests {
    private let plain = Style(hasColour: false)

    /// The system knows how wide a character is in this locale only, which the program chooses too.
    init() { setlocale(LC_CTYPE, "C.UTF-8") }

    private func lines(_ table: Table, _ width: Int, isTerminal: Bool = true) -> [String] {
        table.lines(width: width, isTerminal: isTerminal, style: plain).map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    private var wide: Table {
        var table = Table([
            .init("estimator"), .init("MSE", right: true), .init("less the constant's", right: true),
            .init("95 %", joined: true), .init("unparsed", right: true),
        ])
        table.add(["critic", "0.04", "-0.10", "-0.13..-0.07", "1.0 %"])
        table.add(["constant", "0.14"])
        return table
    }

    @Test("what fits stays as it is")
    func whole() {
        let expected = [
            "estimator   MSE  less the constant's  95 %          unparsed",
            "critic     0.04                -0.10  -0.13..-0.07     1.0 %", "constant   0.14",
        ]
        #expect(lines(wide, 60) == expected)
        #expect(lines(wide, 20, isTerminal: false) == expected, "off a terminal nothing is broken")
    }

    @Test("first headings are stacked, then parts are broken off, each with the first column, pairs kept together")
    func broken() {
        #expect(
            lines(wide, 59) == [
                "                   less the", "estimator   MSE  constant's  95 %          unparsed",
                "critic     0.04       -0.10  -0.13..-0.07     1.0 %", "constant   0.14",
            ])
        let parts = lines(wide, 40)
        #expect(parts.allSatisfy { TextWidth.columns($0) <= 40 })
        #expect(
            parts == [
                "estimator   MSE", "critic     0.04", "constant   0.14", "",
                "             less the", "estimator  constant's  95 %", "critic          -0.10  -0.13..-0.07",
                "constant", "", "estimator  unparsed", "critic        1.0 %", "constant",
            ])
    }

    @Test("the widest of the texts gives way first, down to its least, and shows that it was cut")
    func cut() {
        var table = Table([.init("id", right: true), .init("text", giving: .cut), .init("answer", giving: .cut)])
        table.add(["1", .init(String(repeating: "long\n", count: 2000)), "short one"])
        for width in [30, 80, 140] {
            let row = lines(table, width)[1]
            #expect(
                TextWidth.columns(row) == width && row.hasSuffix("…  short one") && row.hasPrefix(" 1  long↵"),
                "\(row)")
        }
    }

    @Test("wrapped text stands whole below itself on a terminal, and on one line elsewhere")
    func wrapped() {
        var table = Table([
            .init("step", right: true), .init("text", giving: .wrap, least: 8), .init("value", right: true),
        ])
        table.add(["1", "one two three\nfour", "0.50"])
        #expect(
            lines(table, 21) == [
                "step  text      value", "   1  one two    0.50", "      three", "      four",
            ])
        #expect(lines(table, 120, isTerminal: false)[1] == "   1  one two three↵four   0.50")
    }

    @Test("spare columns are left out of a narrow terminal, which is said, and nowhere else")
    func spare() {
        var table = Table([.init("key"), .init("default", spare: true), .init("meaning", giving: .cut, least: 10)])
        table.add(["rollout.n", "4", "how many solutions"])
        #expect(
            lines(table, 25) == [
                "key        meaning", "rollout.n  how many solu…", "left out for want of room: default",
            ])
        #expect(lines(table, 40)[1] == "rollout.n  4        how many solutions")
        #expect(lines(table, 25, isTerminal: false)[0] == "key        default  meaning")
    }

    @Test("a line of words is broken at blanks and goes on further in; colours take no room")
    func folded() {
        #expect(TextWidth.folded("one two three", to: 13) == ["one two three"])
        #expect(TextWidth.folded("  one two three four", to: 11) == ["  one two", "    three", "    four"])
        let coloured = "\u{1B}[2mone two\u{1B}[0m three"
        #expect(TextWidth.folded(coloured, to: 13) == [coloured])
        #expect(TextWidth.folded(coloured, to: 9) == ["\u{1B}[2mone two\u{1B}[0m", "  three"])
    }
}
