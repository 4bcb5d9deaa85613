import Foundation

/// A line chart in braille dots (two by four to a cell), with the axis' numbers at the left and the steps below.
public struct Chart {
    public var title: String
    public var points: [(x: Double, y: Double)]

    public init(title: String, points: [(x: Double, y: Double)]) {
        self.title = title
        self.points = points.filter { $0.x.isFinite && $0.y.isFinite }
    }

    public func lines(width: Int, height: Int = 8) -> [String] {
        guard let lowX = points.map(\.x).min(), let highX = points.map(\.x).max(),
            let lowY = points.map(\.y).min(), let highY = points.map(\.y).max()
        else { return [title, "  (no values yet)"] }
        let labels = [Self.number(highY), Self.number(lowY)]
        let margin = max(labels[0].count, labels[1].count)
        let columns = max(8, width - margin - 3)
        var canvas = Canvas(columns: columns, rows: height)
        func dotX(_ x: Double) -> Int { highX > lowX ? Int(((x - lowX) / (highX - lowX) * Double(columns * 2 - 1)).rounded()) : 0 }
        func dotY(_ y: Double) -> Int {
            let share = highY > lowY ? (y - lowY) / (highY - lowY) : 0.5
            return Int(((1 - share) * Double(height * 4 - 1)).rounded())
        }
        var previous: (Int, Int)?
        for point in points {
            let dot = (dotX(point.x), dotY(point.y))
            canvas.line(from: previous ?? dot, to: dot)
            previous = dot
        }
        var result = [title]
        for row in 0..<height {
            let label = row == 0 ? labels[0] : row == height - 1 ? labels[1] : ""
            result.append("\(TextWidth.padded(label, to: margin, right: true)) │\(canvas.text(row))")
        }
        let first = Self.number(lowX)
        let last = Self.number(highX)
        let gap = String(repeating: " ", count: max(1, columns - first.count - last.count))
        result.append(String(repeating: " ", count: margin) + " └" + first + gap + last)
        return result
    }

    /// Four significant digits, without a needless fraction.
    public static func number(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e7 { return String(Int(value)) }
        return String(format: "%.4g", value)
    }
}

private struct Canvas {
    let columns: Int
    let rows: Int
    var cells: [UInt32]
    /// The bit of each dot in a braille cell, by row then column (Unicode chart 2800).
    private static let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        cells = Array(repeating: 0, count: columns * rows)
    }

    mutating func dot(_ x: Int, _ y: Int) {
        guard x >= 0, y >= 0, x < columns * 2, y < rows * 4 else { return }
        cells[y / 4 * columns + x / 2] |= Self.bits[y % 4][x % 2]
    }

    mutating func line(from start: (Int, Int), to end: (Int, Int)) {
        let steps = max(abs(end.0 - start.0), abs(end.1 - start.1))
        for step in 0...steps {
            let share = steps == 0 ? 0 : Double(step) / Double(steps)
            dot(
                start.0 + Int((Double(end.0 - start.0) * share).rounded()),
                start.1 + Int((Double(end.1 - start.1) * share).rounded()))
        }
    }

    func text(_ row: Int) -> String {
        String(String.UnicodeScalarView(cells[(row * columns)..<((row + 1) * columns)].compactMap { Unicode.Scalar(0x2800 + $0) }))
    }
}
