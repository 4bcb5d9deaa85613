/// Rows under headings, columns as wide as their widest cell. Where that is wider than the page, columns that may be
/// cut give way, the widest first, and on a terminal those that may be wrapped. What is wider still there loses its
/// spare columns, which is said; then headings stand on several lines, and the table is broken into parts below each
/// other, each with the first column again.
package struct Table {
    /// A column's heading and how its cells stand.
    package struct Column {
        /// How a column gives way to the page's width.
        package enum Giving: String, Sendable { case cut, wrap }

        /// Its heading.
        package var title: String
        /// Cells stand at its right edge, as numbers do.
        package var right: Bool
        /// Whether its text gives way: cut with `…`, or going on below itself, which is on terminals only.
        package var giving: Giving?
        /// What is left of its width at least where it gives way.
        package var least: Int
        /// It stands beside the column before it, whatever is broken.
        package var isJoined: Bool
        /// It is left out on a terminal that is too narrow.
        package var isSpare: Bool

        /// - Parameters:
        ///   - giving: nil: its text stays whole on one line.
        ///   - joined: to the column before it, as an interval to its mean.
        package init(
            _ title: String, right: Bool = false, giving: Giving? = nil, least: Int = 12, joined: Bool = false,
            spare: Bool = false
        ) {
            (self.title, self.right, self.giving, self.least) = (title, right, giving, least)
            (isJoined, isSpare) = (joined, spare)
        }
    }

    /// A cell's text (measured) and how it is coloured (not measured).
    package struct Cell: ExpressibleByStringLiteral {
        /// What is measured.
        package var text: String
        /// How it is coloured.
        package var paint: (@Sendable (Style, String) -> String)?

        /// A cell, coloured by `paint`.
        package init(_ text: String, _ paint: (@Sendable (Style, String) -> String)? = nil) {
            self.text = text
            self.paint = paint
        }

        /// A plain cell.
        package init(stringLiteral value: String) { self.init(value) }
    }

    /// From left to right.
    package var columns: [Column]
    /// From top to bottom.
    package private(set) var rows: [[Cell]] = []

    /// Without rows yet.
    package init(_ columns: [Column]) { self.columns = columns }

    /// A row; a missing last cell is blank.
    package mutating func add(_ cells: [Cell]) { rows.append(cells) }

    /// A heading and a line a row; text of unknown origin is made visible.
    /// - Parameters:
    ///   - width: in columns, to which flexible columns give way.
    ///   - isTerminal: all else that is wider gives way too.
    package func lines(width: Int, isTerminal: Bool, style: Style) -> [String] {
        var layout = TableLayout(self, width: width, isTerminal: isTerminal)
        let left = isTerminal ? layout.fit() : []
        let parts = layout.parts.map { part in lines(of: part, layout, style) }
        let remark =
            left.isEmpty ? [] : [style.faint("left out for want of room: \(left.map(\.title).joined(separator: ", "))")]
        return parts.joined(separator: [""]) + remark
    }

    private func lines(of part: [Int], _ layout: TableLayout, _ style: Style) -> [String] {
        let widths = layout.widths(of: part)
        let titles = zip(part, widths).map { layout.titleLines($0, width: $1) }, height = titles.map(\.count).max() ?? 1
        var result = (0..<height).map { line in
            assemble(
                part.indices.map { place in
                    let own = titles[place], index = line - (height - own.count)
                    return (index < 0 ? "" : own[index], { style.faint($0) })
                }, part, widths)
        }
        for (row, cells) in zip(layout.texts, rows) {
            let own = zip(part, widths).filter { $0.0 < row.count }
            let texts = own.map { layout.cellLines(row[$0], of: $0, width: $1) }
            for line in 0..<(texts.map(\.count).max() ?? 1) {
                result.append(
                    assemble(
                        zip(own, texts).map { place, lines in
                            (line < lines.count ? lines[line] : "", { cells[place.0].paint?(style, $0) ?? $0 })
                        }, part, widths))
            }
        }
        return result
    }

    /// A line of cells, each with its colour.
    private func assemble(_ cells: [(text: String, paint: (String) -> String)], _ part: [Int], _ widths: [Int])
        -> String
    {
        var line = ""
        for (place, cell) in cells.enumerated() {
            let gap = String(repeating: " ", count: max(0, widths[place] - TextWidth.columns(cell.text)))
            let isLast = place == cells.count - 1, painted = cell.paint(cell.text)
            line += columns[part[place]].right ? gap + painted : isLast ? painted : painted + gap
            if !isLast { line += "  " }
        }
        return line
    }
}
