/// Rows of CSV or TSV under a header (RFC 4180): cells between commas or tabs, in quotes where they hold one or a line
/// end, a quote in them doubled. Strict where guessing would change data: a quote that is never closed, a row that is
/// longer or shorter than the header, text behind a closing quote are errors. A quote within a bare cell is a quote.
/// Blank lines are passed over. One row is held at a time.
package struct DelimitedRows {
    private enum State { case cell, bare, quoted, quote }

    private let path: String
    private let delimiter: UInt8
    private let limit: Int
    private var state = State.cell
    private var cell: [UInt8] = []
    private var isQuoted = false
    private var cells: [JSONValue] = []
    private var rowBytes = 0
    private var header: [String]?
    /// The present line, that on which the row began, and that of the last opening quote; from 1.
    private var line = 1, rowLine = 1, quoteLine = 1
    private var isAfterReturn = false

    /// Calls `body` with the line (from 1) on which each row begins, and its cells under the header's names: texts, and
    /// null for a bare cell without any. A header with a tab outside quotes makes it TSV; one
    /// with semicolons and no comma, as spreadsheets write where the comma is decimal, has those between its cells.
    /// - Parameter limit: the longest row that is read, in bytes.
    /// - Throws: ``FormatsError`` naming the file and the line, or what `body` throws.
    package static func forEach(
        from source: any ByteSource, limit: Int = JSONLines.defaultLineLimit, _ body: (Int, JSONObject) throws -> Void
    ) throws {
        var piece = try source.next()
        while delimiter(of: piece) == nil, piece.count <= limit, case let more = try source.next(), !more.isEmpty {
            piece += more
        }
        var rows = DelimitedRows(path: source.path, delimiter: delimiter(of: piece) ?? UInt8(ascii: ","), limit: limit)
        while !piece.isEmpty {
            try rows.take(piece, body)
            piece = try source.next()
        }
        try rows.finish(body)
    }

    private init(path: String, delimiter: UInt8, limit: Int) {
        (self.path, self.delimiter, self.limit) = (path, delimiter, limit)
    }

    /// Nil where the header has not ended yet.
    private static func delimiter(of start: [UInt8]) -> UInt8? {
        var isQuoted = false, isBegun = false, hasComma = false, hasSemicolon = false
        for byte in start {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == 0x09 { return byte }
            let isEnd = byte == 0x0A || byte == 0x0D
            if isBegun, isEnd { return UInt8(ascii: hasSemicolon && !hasComma ? ";" : ",") }
            hasComma = hasComma || byte == UInt8(ascii: ",")
            hasSemicolon = hasSemicolon || byte == UInt8(ascii: ";")
            isBegun = isBegun || !isEnd
        }
        return nil
    }

    /// Stretches that say nothing but themselves at once, other bytes one by one.
    private mutating func take(_ piece: [UInt8], _ body: (Int, JSONObject) throws -> Void) throws {
        var place = 0
        while place < piece.count {
            let end = plainEnd(piece, from: place)
            if end > place {
                cell += piece[place..<end]
                try count(end - place)
                isAfterReturn = false
                if state == .cell { state = .bare }
            } else {
                try take(piece[place], body)
            }
            place = max(end, place + 1)
        }
    }

    /// Where the text of the present cell ends that begins at a place: at once, where a byte there means something.
    private mutating func plainEnd(_ piece: [UInt8], from place: Int) -> Int {
        var end = place
        switch state {
        case .quote: break
        case .quoted:
            while end < piece.count, piece[end] != UInt8(ascii: "\"") {
                if piece[end] == 0x0A { line += 1 }
                end += 1
            }
        case .cell where piece[place] == UInt8(ascii: "\""): break
        case .cell, .bare:
            while end < piece.count, piece[end] != delimiter, piece[end] != 0x0A, piece[end] != 0x0D { end += 1 }
        }
        return end
    }

    private mutating func take(_ byte: UInt8, _ body: (Int, JSONObject) throws -> Void) throws {
        let isSecondOfPair = isAfterReturn && byte == 0x0A
        isAfterReturn = byte == 0x0D
        if byte == 0x0A, !isSecondOfPair { line += 1 }
        switch (state, byte) {
        case (.quoted, _): state = .quote
        case (.quote, UInt8(ascii: "\"")):
            cell.append(byte)
            try count(1)
            state = .quoted
        case (.cell, UInt8(ascii: "\"")):
            (state, isQuoted, quoteLine) = (.quoted, true, line)
        case (_, delimiter):
            try endCell()
        case (_, 0x0A), (_, 0x0D):
            if !isSecondOfPair { try endRow(body) }
            if byte == 0x0D { line += 1 }
            if state == .cell, cells.isEmpty { rowLine = line }
        // Other bytes of cells and bare text are taken in stretches.
        case (.quote, _), (.cell, _), (.bare, _): throw failure("text behind a closing quote", line: line)
        }
    }

    private mutating func finish(_ body: (Int, JSONObject) throws -> Void) throws {
        guard state != .quoted else { throw failure("the quote that begins here is never closed", line: quoteLine) }
        try endRow(body)
    }

    private mutating func count(_ bytes: Int) throws {
        rowBytes += bytes
        guard rowBytes <= limit else { throw failure("a row of more than the \(limit) bytes allowed", line: rowLine) }
    }

    private mutating func endCell() throws {
        guard let text = String(validating: cell, as: UTF8.self) else {
            throw failure("cell \(cells.count + 1) is not valid UTF-8", line: rowLine)
        }
        cells.append(text.isEmpty && !isQuoted ? .null : .string(text))
        cell.removeAll(keepingCapacity: true)
        (isQuoted, state) = (false, .cell)
        try count(1)
    }

    private mutating func endRow(_ body: (Int, JSONObject) throws -> Void) throws {
        if cells.isEmpty, cell.isEmpty, !isQuoted { return }
        try endCell()
        let row = cells
        cells.removeAll(keepingCapacity: true)
        rowBytes = 0
        guard let header else {
            header = try names(row)
            return
        }
        guard row.count == header.count else {
            throw failure("\(row.count) cells where the header has \(header.count)", line: rowLine)
        }
        try body(rowLine, JSONObject(zip(header, row).map { ($0, $1) }))
    }

    private func names(_ row: [JSONValue]) throws -> [String] {
        // A first name that is empty is that of pandas' index.
        let blanks: Set<Character> = [" ", "\t"]
        let names = row.map { cell in
            String(
                (cell.asString ?? "").drop(while: blanks.contains).reversed().drop(while: blanks.contains).reversed())
        }
        var seen: Set<UTF8Key> = []
        for name in names where !seen.insert(UTF8Key(name)).inserted {
            throw failure("the header has the name \(name.debugDescription) twice", line: rowLine)
        }
        return names
    }

    private func failure(_ what: String, line: Int) -> FormatsError {
        .malformedLine(file: path, line: line, what: what)
    }
}
