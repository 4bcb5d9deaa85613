/// As much of a terminal as libedit and live pictures write for: what a person would see, row by row.
struct Screen {
    private(set) var columns: Int
    private(set) var rows: Int
    /// What the first screen held when the other one was opened (mode 1049).
    private var first: (cells: [[Character]], row: Int, column: Int)?
    private var cells: [[Character]]
    private(set) var row = 0
    private(set) var column = 0
    /// The last column is filled and the next character wraps (as xterm's automatic margin).
    private var willWrap = false
    private var pending: [UInt8] = []

    init(columns: Int, rows: Int = 50) {
        self.columns = columns
        self.rows = rows
        cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
    }

    /// Rows without trailing blanks, up to the last that is not empty.
    var lines: [String] {
        var lines = cells.map { row in
            var text = String(row.filter { $0 != "\u{0}" })
            while text.hasSuffix(" ") { text.removeLast() }
            return text
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    var isOnOtherScreen: Bool { first != nil }

    /// A terminal made narrower or wider; rows are cut or filled, not wrapped anew. Fewer rows take them from the
    /// bottom.
    mutating func resize(columns: Int, rows: Int = 50) {
        cells = Self.fitted(cells, columns, rows)
        if let first { self.first = (Self.fitted(first.cells, columns, rows), first.row, first.column) }
        (self.columns, self.rows) = (columns, rows)
        (column, row) = (min(column, columns - 1), min(row, rows - 1))
    }

    private static func fitted(_ cells: [[Character]], _ columns: Int, _ rows: Int) -> [[Character]] {
        let lines = cells.map { Array(($0 + Array(repeating: " ", count: max(0, columns - $0.count))).prefix(columns)) }
        return Array(
            (lines + Array(repeating: Array(repeating: " ", count: columns), count: max(0, rows - lines.count))).prefix(
                rows))
    }

    private mutating func switchScreen(toOther: Bool) {
        if toOther, first == nil {
            first = (cells, row, column)
            cells = Self.fitted([], columns, rows)
        } else if !toOther, let first {
            (cells, row, column) = (first.cells, min(first.row, rows - 1), min(first.column, columns - 1))
            self.first = nil
        }
    }

    mutating func feed(_ bytes: some Sequence<UInt8>) {
        pending.append(contentsOf: bytes)
        while let used = step() { pending.removeFirst(used) }
    }

    /// Interprets one character or sequence; nil when it has not arrived whole.
    private mutating func step() -> Int? {
        guard let first = pending.first else { return nil }
        switch first {
        case 0x1B: return escape()
        case 0x0D: (column, willWrap) = (0, false)
        case 0x0A: lineFeed()
        case 0x08: (column, willWrap) = (max(0, column - 1), false)
        case 0x07, 0x00: break
        case 0x09: column = min(columns - 1, (column / 8 + 1) * 8)
        case ..<0x80: put(Character(Unicode.Scalar(first)), width: 1)
        default:
            let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
            guard pending.count >= length else { return nil }
            let text = String(decoding: pending.prefix(length), as: UTF8.self)
            if let character = text.first, let scalar = text.unicodeScalars.first {
                put(
                    character,
                    width: (0x1100...0x115F).contains(scalar.value) || (0x2E80...0xFFDC).contains(scalar.value)
                        || scalar.value >= 0x1F300 ? 2 : 1)
            }
            return length
        }
        return 1
    }

    private mutating func escape() -> Int? {
        guard pending.count >= 2 else { return nil }
        guard pending[1] == UInt8(ascii: "[") else {
            if pending[1] == UInt8(ascii: "M") { row = max(0, row - 1) }
            return pending[1] == UInt8(ascii: "(") ? (pending.count >= 3 ? 3 : nil) : 2
        }
        guard let end = pending.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }) else { return nil }
        let parameters = String(decoding: pending[2..<end], as: UTF8.self)
        let numbers = parameters.split(separator: ";").compactMap { Int($0) }
        let count = max(1, numbers.first ?? 1)
        switch pending[end] {
        case UInt8(ascii: "A"): row = max(0, row - count)
        case UInt8(ascii: "B"): row = min(rows - 1, row + count)
        case UInt8(ascii: "C"): column = min(columns - 1, column + count)
        case UInt8(ascii: "D"): column = max(0, column - count)
        case UInt8(ascii: "G"): column = min(columns, count) - 1
        case UInt8(ascii: "H"): (row, column) = ((numbers.first ?? 1) - 1, (numbers.dropFirst().first ?? 1) - 1)
        case UInt8(ascii: "K"): clear(row, from: numbers.first == nil || numbers[0] == 0 ? column : 0)
        case UInt8(ascii: "J"):
            clear(row, from: numbers.first == 2 ? 0 : column)
            for other in cells.indices where other > row || numbers.first == 2 { clear(other, from: 0) }
        case UInt8(ascii: "P"):
            cells[row].removeSubrange(column..<min(columns, column + count))
            cells[row] += Array(repeating: " ", count: columns - cells[row].count)
        case UInt8(ascii: "@"):
            cells[row].insert(contentsOf: Array(repeating: " ", count: count), at: column)
            cells[row] = Array(cells[row].prefix(columns))
        case UInt8(ascii: "h") where parameters == "?1049": switchScreen(toOther: true)
        case UInt8(ascii: "l") where parameters == "?1049": switchScreen(toOther: false)
        default: break
        }
        willWrap = false
        return end + 1
    }

    private mutating func clear(_ row: Int, from start: Int) {
        for place in start..<max(start, columns) { cells[row][place] = " " }
    }

    private mutating func lineFeed() {
        willWrap = false
        if row + 1 < rows {
            row += 1
        } else {
            cells.removeFirst()
            cells.append(Array(repeating: " ", count: columns))
        }
    }

    private mutating func put(_ character: Character, width: Int) {
        if willWrap || column + width > columns {
            column = 0
            lineFeed()
        }
        cells[row][column] = character
        if width == 2, column + 1 < columns { cells[row][column + 1] = "\u{0}" }
        if column + width >= columns {
            column = columns - 1
            willWrap = true
        } else {
            column += width
        }
    }
}
