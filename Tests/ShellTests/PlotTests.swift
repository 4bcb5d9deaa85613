import Compute
import Foundation
import FoundationXML
import Shell
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

    @Test("a word is a run when it names one, otherwise a metric; runs are counted once")
    func words() throws {
        let runs = ["1": "sft-1", "last": "sft-2", "sft-1": "sft-1", "sft-2": "sft-2"]
        let words = try PlotWords(["1", "train/loss", "last", "sft-1", "actor/*"]) { runs[$0] }
        #expect(words.runs == ["sft-1", "sft-2"] && words.metrics == ["train/loss", "actor/*"])
        #expect(throws: ShellError.self) { try PlotWords(["7"]) { runs[$0] } }
        let known = ["train/loss", "actor/lr", "actor/grad_norm"]
        #expect(
            MetricPatterns.resolve(["actor/*", "train/loss", "actor/lr"], among: known).chosen == [
                "actor/lr", "actor/grad_norm", "train/loss",
            ])
        #expect(MetricPatterns.resolve(["critic/*", "x"], among: known).unknown == ["critic/*", "x"])
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

@Suite("The plot command")
struct PlotCommandTests {
    @Test("one run keeps its keys; several add theirs; patterns, smoothing and pictures")
    func plotting() throws {
        let tiny = try TinyWorkspace()
        try tiny.writeRun("sft-1", steps: 10)
        try tiny.writeRun("sft-2", steps: 6, scale: 2)
        let one = try Binary.run(["--json", "-c", "plot sft-1"], folder: tiny.folder).json.last
        #expect(
            one?["run"] as? String == "sft-1" && (one?["metrics"] as? [String: [[Double]]])?["train/loss"]?.count == 10)
        #expect(
            one?["known"] as? [String] == ["train/loss", "actor/lr", "actor/grad_norm", "timing_s/step"]
                && one?["runs"] == nil)
        let two = try Binary.run(["--json", "-c", "plot 'actor/*' sft-1 sft-2 --smooth 2"], folder: tiny.folder).json
            .last
        let runs = two?["runs"] as? [String: [String: [[Double]]]]
        #expect(runs?.keys.sorted() == ["sft-1", "sft-2"] && runs?["sft-2"]?["actor/grad_norm"]?.last == [6, 5.5])
        let text = try Binary.run(["-c", "plot sft-1 sft-2 train/loss"], folder: tiny.folder)
        #expect(text.output.contains("a sft-1  0.1 at 10   b sft-2  0.3333 at 6"), "\(text.output)")
        let svg = try Binary.run(["-c", "plot sft-1 sft-2 'actor/*' --svg out/a.svg"], folder: tiny.folder)
        #expect(svg.output == "out/a.svg: 2 panels, 2 lines\n", "\(svg.errors)")
        let picture = try String(contentsOfFile: tiny.folder + "/out/a.svg", encoding: .utf8)
        #expect(picture.contains(">actor/grad_norm</text>"))
    }

    @Test("what is neither run nor metric, a run without metrics, and a broken row are told")
    func refusals() throws {
        let tiny = try TinyWorkspace()
        func errors(_ command: String) throws -> String { try Binary.run(["-c", command], folder: tiny.folder).errors }
        #expect(try errors("plot last").contains("there is no run yet"))
        try tiny.writeRun("sft-1", steps: 3)
        #expect(
            try errors("plot sft-1 train/lost").contains(
                "train/lost is no run, and no metric of the run sft-1; did you mean train/loss?"))
        #expect(try errors("plot 7").contains("there is no job 7"))
        #expect(try errors("plot sft-1 --smooth 0").contains("--smooth cannot be 0"))
        try tiny.write("runs/sft-2/recipe.json", "{}")
        #expect(try errors("plot sft-2").contains("has no metrics yet"))
        try tiny.write("runs/sft-2/metrics.jsonl", "{\"step\":1}\n\n[1]\n{\"step\":3}\n")
        let broken = try errors("plot sft-2")
        #expect(broken.contains("runs/sft-2/metrics.jsonl:3: the row is an array, not an object"), "\(broken)")
        for command in ["watch", "stop", "pause"] {
            #expect(try errors("\(command) sft-1").contains("no job of this session trains sft-1"))
            #expect(try errors("\(command) last").contains("there is no job in this session"))
            #expect(try errors("\(command) sft-3").contains("there is no run sft-3; did you mean"))
        }
    }
}
