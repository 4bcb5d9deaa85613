/// Which columns of a table stand beside each other on a page, and how wide they are.
struct TableLayout {
    private let columns: [Table.Column]
    private let width: Int
    private let isTerminal: Bool
    /// Cells of unknown origin made visible, row by row.
    let texts: [[String]]
    /// Of their widest cells.
    private let cells: [Int]
    private var hasStackedTitles = false
    /// The columns of each part, from left to right.
    private(set) var parts: [[Int]]

    init(_ table: Table, width: Int, isTerminal: Bool) {
        (columns, self.width, self.isTerminal) = (table.columns, width, isTerminal)
        let columns = table.columns
        texts = table.rows.map { row in
            row.enumerated().map { place, cell in
                let wraps = isTerminal && place < columns.count && columns[place].giving == .wrap
                return TextWidth.visible(cell.text, keepingLines: wraps)
            }
        }
        cells = columns.indices.map { [texts] column in
            texts.reduce(0) { widest, row in
                column < row.count
                    ? row[column].split(separator: "\n").reduce(widest) { max($0, TextWidth.columns(String($1))) }
                    : widest
            }
        }
        parts = [Array(columns.indices)]
    }

    /// Leaves spare columns out, stacks headings, and breaks into parts, as far as each is needed.
    /// - Returns: the columns left out.
    mutating func fit() -> [Table.Column] {
        var shown = Array(columns.indices), left: [Table.Column] = []
        while least(shown) > width, let spare = shown.last(where: { columns[$0].isSpare }) {
            shown.removeAll { $0 == spare }
            left.insert(columns[spare], at: 0)
        }
        hasStackedTitles = least(shown) > width
        parts = broken(shown)
        return left
    }

    /// Widths of a part's columns, no wider together than the page where flexible ones can help it.
    func widths(of part: [Int]) -> [Int] {
        var widths = part.map { givesWay($0) ? min(natural($0), max(width, 1)) : natural($0) }
        var excess = widths.reduce(-2) { $0 + $1 + 2 } - width
        while excess > 0 {
            let givers = part.indices.filter { widths[$0] > least(part[$0]) }
            guard let widest = givers.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    func titleLines(_ column: Int, width: Int) -> [String] {
        hasStackedTitles ? TextWidth.wrapped(columns[column].title, to: width) : [columns[column].title]
    }

    func cellLines(_ text: String, of column: Int, width: Int) -> [String] {
        switch columns[column].giving {
        case nil: [text]
        case .cut: [TextWidth.truncated(text, to: width)]
        case .wrap: isTerminal ? TextWidth.wrapped(text, to: width) : [text]
        }
    }

    /// As wide as its widest cell and its heading, whose words may stand below each other where headings are stacked.
    private func natural(_ column: Int) -> Int {
        let title = columns[column].title, whole = TextWidth.columns(title)
        guard hasStackedTitles else { return max(cells[column], whole) }
        let words = title.split(separator: " ").map { TextWidth.columns(String($0)) }
        return max(cells[column], min(whole, max(8, words.max() ?? 0)))
    }

    private func least(_ column: Int) -> Int {
        givesWay(column) ? min(natural(column), columns[column].least) : natural(column)
    }

    /// What would go on below itself stays whole where nobody reads it on a screen.
    private func givesWay(_ column: Int) -> Bool {
        columns[column].giving.map { $0 == .cut || isTerminal } ?? false
    }

    private func least(_ part: [Int]) -> Int { part.reduce(-2) { $0 + least($1) + 2 } }

    private func broken(_ shown: [Int]) -> [[Int]] {
        var groups: [[Int]] = []
        for column in shown {
            if columns[column].isJoined, !groups.isEmpty {
                groups[groups.count - 1].append(column)
            } else {
                groups.append([column])
            }
        }
        guard let heading = groups.first else { return [[]] }
        var parts: [[Int]] = [], part = heading
        for group in groups.dropFirst() {
            if least(part + group) > width, part != heading {
                parts.append(part)
                part = heading
            }
            part += group
        }
        return parts + [part]
    }
}
