/// Rows under headings, columns as wide as their widest cell; the one flexible column gives way to the terminal.
package struct Table {
    /// A column's heading and how its cells stand.
    package struct Column {
        /// Its heading.
        package var title: String
        /// Cells stand at its right edge, as numbers do.
        package var right: Bool
        /// Takes what width is left and is cut with `…`; its text is made visible on one line.
        package var isFlexible: Bool

        /// - Parameter flexible: gives way to the terminal's width; one column at most.
        package init(_ title: String, right: Bool = false, flexible: Bool = false) {
            self.title = title
            self.right = right
            isFlexible = flexible
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

    /// A heading and a line a row.
    /// - Parameter width: in columns, which the table keeps within where it has a flexible column.
    package func lines(width: Int, style: Style) -> [String] {
        let texts = rows.map { row in row.map { TextWidth.visible($0.text, keepingLines: false) } }
        var widths = columns.indices.map { column in
            texts.reduce(TextWidth.columns(columns[column].title)) { widest, row in
                column < row.count ? max(widest, TextWidth.columns(row[column])) : widest
            }
        }
        if let flexible = columns.firstIndex(where: \.isFlexible) {
            let others = widths.enumerated().reduce(0) { $0 + ($1.offset == flexible ? 0 : $1.element + 2) }
            widths[flexible] = max(min(widths[flexible], width - others), min(widths[flexible], 12))
        }
        var result = [assemble(columns.map { style.faint($0.title) }, plain: columns.map(\.title), widths)]
        for (row, cells) in zip(texts, rows) {
            let plain = row.enumerated().map { TextWidth.truncated($0.element, to: widths[$0.offset]) }
            let painted = zip(plain, cells).map { text, cell in cell.paint.map { $0(style, text) } ?? text }
            result.append(assemble(painted, plain: plain, widths))
        }
        return result
    }

    private func assemble(_ painted: [String], plain: [String], _ widths: [Int]) -> String {
        var line = ""
        for (column, text) in painted.enumerated() {
            let gap = String(repeating: " ", count: max(0, widths[column] - TextWidth.columns(plain[column])))
            let isLast = column == painted.count - 1
            line += columns[column].right ? gap + text : isLast ? text : text + gap
            if !isLast { line += "  " }
        }
        return line
    }
}
