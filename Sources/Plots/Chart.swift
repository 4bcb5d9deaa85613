import Foundation
import Terminal

/// A line chart in braille dots (two by four to a cell), with the axis' numbers at the left and the steps below.
///
/// Several series are told apart by colour, without colour by dashes, and either way by a letter at each line's end
/// that the legend explains.
package struct Chart {
    /// Printed above it.
    package var title: String
    /// The lines, in the order of their letters.
    package var series: [Series]

    /// Several lines in one chart.
    package init(title: String, series: [Series]) {
        self.title = title
        self.series = series
    }

    /// One line, called as the chart is.
    package init(title: String, points: [(x: Double, y: Double)]) {
        self.init(title: title, series: [Series(name: title, points: points)])
    }

    /// No line is wider than `width`, where that has room for a chart at all (24 columns).
    package func lines(width: Int, height: Int = 8, style: Style = Style(hasColour: false)) -> [String] {
        let points = series.flatMap(\.points)
        guard let x = Extent(points.map(\.x)), let y = Extent(points.map(\.y)) else {
            return [title, "  (no values yet)"]
        }
        let labels = [Self.number(y.high), Self.number(y.low)]
        let margin = max(labels[0].count, labels[1].count)
        let columns = max(8, width - margin - 3)
        let canvas = drawn(Canvas(columns: columns, rows: height, count: series.count), x, y, dashed: !style.hasColour)
        var result = [style.bold(TextWidth.truncated(title, to: width))]
        for row in 0..<height {
            let label = row == 0 ? labels[0] : row == height - 1 ? labels[1] : ""
            result.append("\(TextWidth.padded(label, to: margin, right: true)) │\(canvas.text(row, style))")
        }
        let (first, last) = (Self.number(x.low), Self.number(x.high))
        let gap = String(repeating: " ", count: max(1, columns - first.count - last.count))
        result.append(String(repeating: " ", count: margin) + " └" + first + gap + last)
        return result + (series.count > 1 ? legend(width: width, style) : [])
    }

    private func drawn(_ empty: Canvas, _ x: Extent, _ y: Extent, dashed: Bool) -> Canvas {
        var canvas = empty
        func place(_ point: (x: Double, y: Double)) -> (Int, Int) {
            let across = x.high > x.low ? x.share(point.x) : 0
            return (
                Int((across * Double(canvas.columns * 2 - 1)).rounded()),
                Int(((1 - y.share(point.y)) * Double(canvas.rows * 4 - 1)).rounded())
            )
        }
        for (index, one) in series.enumerated() {
            let places = one.points.map(place)
            var pen = Pen(dashes: dashed ? Pen.dashes[index % Pen.dashes.count] : [1])
            for (number, dot) in places.enumerated() {
                canvas.line(from: places[max(0, number - 1)], to: dot, index, &pen)
            }
        }
        // The letters come last and lie on top; one that finds its place taken goes back along its line.
        if series.count > 1 {
            for (index, one) in series.enumerated() {
                _ = one.points.reversed().first { canvas.mark(Self.letter(index), at: place($0), index) }
            }
        }
        return canvas
    }

    private func legend(width: Int, _ style: Style) -> [String] {
        let entries = series.enumerated().map { index, one in
            let last = one.points.last.map { "\(Self.number($0.y)) at \(Self.number($0.x))" } ?? "no values"
            return (
                index: index, text: TextWidth.truncated("\(Self.letter(index)) \(one.name)  \(last)", to: width - 2)
            )
        }
        var lines: [String] = []
        var used = width
        for entry in entries {
            let size = TextWidth.columns(entry.text)
            let painted = style.series(entry.index, entry.text)
            if used + 3 + size > width {
                lines.append("  " + painted)
                used = 2 + size
            } else {
                lines[lines.count - 1] += "   " + painted
                used += 3 + size
            }
        }
        return lines
    }

    /// The name of a series on the canvas.
    static func letter(_ index: Int) -> Character {
        Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8(index % 26)))
    }

    /// Four significant digits, without a needless fraction.
    package static func number(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e7 { return String(Int(value)) }
        return String(format: "%.4g", value)
    }
}

/// Where along its dashes a line is.
private struct Pen {
    /// Lengths in dots, drawn and left out in turn.
    let dashes: [Int]
    private var travelled = 0

    /// By series: solid, dashes, dots, long dashes with a dot.
    static let dashes: [[Int]] = [[1], [5, 4], [1, 3], [8, 3, 1, 3]]

    init(dashes: [Int]) { self.dashes = dashes }

    /// Whether the next dot is drawn.
    mutating func next() -> Bool {
        guard dashes.count > 1 else { return true }
        defer { travelled += 1 }
        var rest = travelled % dashes.reduce(0, +)
        for (index, length) in dashes.enumerated() {
            if rest < length { return index % 2 == 0 }
            rest -= length
        }
        return true
    }
}

/// Dots of several series; where they share a cell, the first series' colour shows.
private struct Canvas {
    let columns: Int
    let rows: Int
    private var layers: [[UInt32]]
    private var marks: [Int: (letter: Character, series: Int)] = [:]
    /// The bit of each dot in a braille cell, by row then column (Unicode chart 2800).
    private static let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

    init(columns: Int, rows: Int, count: Int) {
        self.columns = columns
        self.rows = rows
        layers = Array(repeating: Array(repeating: 0, count: columns * rows), count: count)
    }

    /// A line of the series `index`, without its first dot unless it is a point.
    mutating func line(from start: (Int, Int), to end: (Int, Int), _ index: Int, _ pen: inout Pen) {
        let steps = max(abs(end.0 - start.0), abs(end.1 - start.1))
        for step in min(1, steps)...steps {
            let share = steps == 0 ? 0 : Double(step) / Double(steps)
            guard pen.next() else { continue }
            dot(
                start.0 + Int((Double(end.0 - start.0) * share).rounded()),
                start.1 + Int((Double(end.1 - start.1) * share).rounded()), index)
        }
    }

    private mutating func dot(_ x: Int, _ y: Int, _ index: Int) {
        guard x >= 0, y >= 0, x < columns * 2, y < rows * 4 else { return }
        layers[index][y / 4 * columns + x / 2] |= Self.bits[y % 4][x % 2]
    }

    /// Puts a letter into the dot's cell. False where another one is.
    mutating func mark(_ letter: Character, at dot: (Int, Int), _ index: Int) -> Bool {
        let cell = dot.1 / 4 * columns + dot.0 / 2
        guard marks[cell] == nil else { return false }
        marks[cell] = (letter, index)
        return true
    }

    func text(_ row: Int, _ style: Style) -> String {
        var result = ""
        var run = (series: Int?.none, text: "")
        for cell in (row * columns)..<((row + 1) * columns) {
            let mask = layers.reduce(0) { $0 | $1[cell] }
            let series = marks[cell]?.series ?? layers.firstIndex { $0[cell] != 0 }
            if series != run.series {
                result += Self.painted(run, style)
                run = (series, "")
            }
            run.text.append(marks[cell]?.letter ?? Character(Unicode.Scalar(0x2800 + mask) ?? " "))
        }
        return result + Self.painted(run, style)
    }

    private static func painted(_ run: (series: Int?, text: String), _ style: Style) -> String {
        run.series.map { style.series($0, run.text) } ?? run.text
    }
}
