import Foundation
import FoundationXML
import Plots
import Terminal
import Testing

@Suite("Plots")
struct PlotTests {
    private let falling = Series(name: "a", points: [(0, 3), (5, 2), (10, 1)])
    private let rising = Series(name: "b", points: [(0, 1), (5, 2), (10, 3)])

    @Test("several series share a chart: a letter at each line's end, a legend with the last values")
    func chart() {
        let lines = Chart(title: "t", series: [falling, rising]).lines(width: 40, height: 6)
        #expect(lines.count == 9)
        #expect(lines[1].hasSuffix("b") && lines[6].hasSuffix("a"))
        #expect(lines[8] == "  a a  1 at 10   b b  3 at 10")
        #expect(lines.allSatisfy { $0.count <= 40 })
        // Of two lines that end in one place the second has its letter where the first leaves room.
        let twice = Chart(title: "t", series: [falling, falling]).lines(width: 40, height: 6)
        let drawn = twice.dropFirst().dropLast().joined()
        #expect(drawn.count { $0 == "a" } == 1 && drawn.count { $0 == "b" } == 1, "\(twice)")
        #expect(Chart(title: "t", series: [falling, rising]).lines(width: 12).last == "  b b  3 at…")
    }

    @Test("lines are told apart by colour, and without colour by dashes")
    func dashes() {
        let pair = Chart(title: "t", series: [falling, falling])
        #expect(pair.lines(width: 40, style: Style(hasColour: true)).joined().contains("\u{1B}[33m"))
        func dots(_ series: [Series]) -> Int {
            Chart(title: "", series: series).lines(width: 40).joined().unicodeScalars.reduce(0) {
                $0 + ((0x2800...0x28FF).contains($1.value) ? ($1.value - 0x2800).nonzeroBitCount : 0)
            }
        }
        let flat = Series(name: "f", points: [(0, 5), (10, 5)]), empty = Series(name: "e", points: [])
        #expect(dots([empty, flat]) < dots([flat, empty]))
    }

    @Test("a chart has its rows, a title and an axis, and says so where it has no values")
    func rows() {
        #expect(Chart(title: "t", points: []).lines(width: 40).count == 2)
        #expect(Chart(title: "t", points: [(0, 1), (1, 2)]).lines(width: 40, height: 4).count == 6)
    }

    @Test("values that a chart cannot place do no harm")
    func extremes() {
        let wild = Series(name: "w", points: [(0, -1.7e308), (1, 1.7e308), (2, .nan), (3, .infinity)])
        #expect(Chart(title: "t", series: [wild]).lines(width: 40).count == 10)
        #expect(Chart(title: "t", series: [Series(name: "e", points: [])]).lines(width: 40).count == 2)
        #expect(SVGPlot(title: "t", panels: [.init(title: "p", series: [wild])]).text.contains("</svg>"))
    }

    @Test("a running mean forgets what left its window, be it ever so large")
    func smoothing() {
        let series = Series(name: "s", points: [(1, 1), (2, 1e300), (3, 3), (4, 5), (5, 7)])
        #expect(series.smoothed(2).points.map(\.y) == [1, 5e299, 5e299, 4, 6])
        #expect(series.smoothed(1).points.map(\.y) == series.points.map(\.y))
    }

    @Test("a long line is drawn with fewer points, and keeps its ends and its peaks")
    func thinning() {
        var points = (0..<100_000).map { (x: Double($0), y: Double($0 % 7)) }
        points[77_777].y = 99
        points[5].y = -99
        let thin = Series(name: "t", points: points).thinned(100)
        #expect(thin.points.count <= 400 && thin.points.first?.x == 0 && thin.points.last?.x == 99_999)
        #expect(thin.points.contains { $0 == (77_777, 99) } && thin.points.contains { $0 == (5, -99) })
        #expect(zip(thin.points, thin.points.dropFirst()).allSatisfy { $0.x < $1.x })
        #expect(falling.thinned(100).points.count == 3)
    }

    @Test("ticks are round and lie within the axis")
    func ticks() {
        #expect(Ticks(from: 0.13, to: 3.4, count: 6).labels == ["0.5", "1.0", "1.5", "2.0", "2.5", "3.0"])
        #expect(Ticks(from: 1, to: 3, count: 6, whole: true).labels == ["1", "2", "3"])
        #expect(Ticks(from: 0, to: 1.2e-5, count: 5).labels == ["0", "2e-6", "4e-6", "6e-6", "8e-6", "1e-5", "1.2e-5"])
        #expect(Ticks(from: 0, to: 9e7, count: 5).labels == ["0", "2e7", "4e7", "6e7", "8e7"])
        #expect(Ticks(from: -0.4, to: 0.4, count: 5).labels == ["-0.4", "-0.2", "0", "0.2", "0.4"])
        #expect(Ticks(from: 2, to: 2, count: 5).labels == ["2"])
        #expect(Ticks(from: -1.7e308, to: 1.7e308, count: 5).labels.count == 1)
    }
}

@Suite("SVG plots")
struct SVGTests {
    @Test("a panel a metric, a line a series, a legend, and text that cannot break out")
    func document() throws {
        let hostile = "<script>&\"\u{1B}[31m\u{FFFE}\u{202E}]]>"
        let series = [Series(name: hostile, points: [(1, 2), (2, 1)]), Series(name: "b", points: [(1, 1), (3, 4)])]
        let plot = SVGPlot(
            title: hostile, note: "a note",
            panels: [
                .init(title: hostile, series: series, raw: series), .init(title: "other", series: series),
                .init(title: "none", series: []),
            ])
        let document = try Document(plot.text)
        #expect(document.count("svg") == 1 && document.count("script") == 0 && document.count("style") == 0)
        #expect(document.count("g", class: "panel") == 3)
        #expect(document.count("polyline", class: "series") == 4 && document.count("polyline", class: "raw") == 2)
        #expect(document.count("line", class: "legend") == 2)
        let shown = "<script>&\"^[[31m\u{FFFD}<U+202E>]]>"
        #expect(document.texts.filter { $0 == shown }.count == 4, "\(document.texts)")
        for text in ["a note", "b", "other", "no values", "step"] { #expect(document.texts.contains(text)) }
        #expect(!plot.text.contains("href") && !plot.text.contains("url("))
    }

    @Test("every point lies inside the picture, also of one value")
    func bounds() throws {
        let flat = Series(name: "f", points: [(1, 0)]), far = Series(name: "g", points: [(1, -1e9), (1000, 1e9)])
        let document = try Document(
            SVGPlot(title: "t", panels: [.init(title: "p", series: [flat, far]), .init(title: "q", series: [flat])])
                .text)
        let places = document.points
        #expect(
            !places.isEmpty && places.allSatisfy { (0...920).contains($0.0) && (0...400).contains($0.1) }, "\(places)")
    }

    /// What a strict XML reader sees.
    private final class Document: NSObject, XMLParserDelegate {
        private var elements: [(name: String, attributes: [String: String])] = []
        private(set) var texts: [String] = []
        private var text = ""

        init(_ source: String) throws {
            super.init()
            let parser = XMLParser(data: Data(source.utf8))
            parser.delegate = self
            guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
        }

        func count(_ name: String, class wanted: String? = nil) -> Int {
            elements.filter { $0.name == name && (wanted == nil || $0.attributes["class"] == wanted) }.count
        }

        var points: [(Double, Double)] {
            elements.filter { $0.name == "polyline" }.flatMap { ($0.attributes["points"] ?? "").split(separator: " ") }
                .map { pair in
                    let parts = pair.split(separator: ",").map { Double($0) ?? .nan }
                    return (parts[0], parts[1])
                }
        }

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            elements.append((name, attributes))
            text = ""
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

        func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
            if name == "text" || name == "title" { texts.append(text) }
        }
    }
}
