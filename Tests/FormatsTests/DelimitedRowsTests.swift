import Formats
import Testing

/// CSV and TSV, however the text is cut into pieces.
struct DelimitedRowsTests {
    private struct Row: Equatable {
        let line: Int
        let cells: [JSONValue]
    }

    private func rows(_ text: String, of length: Int, limit: Int = 1 << 20) throws -> [Row] {
        var found: [Row] = []
        try DelimitedRows.forEach(from: Pieces(text, of: length), limit: limit) { line, row in
            #expect(row.members.map(\.key).first == "q")
            found.append(Row(line: line, cells: row.members.map(\.value)))
        }
        return found
    }

    @Test(arguments: [
        ("q,a\n1,2\n", [(2, ["1", "2"])]), ("q,a\r\n1,2\r\n3,4", [(2, ["1", "2"]), (3, ["3", "4"])]),
        ("q,a\r1,2\r\r3,4\r", [(2, ["1", "2"]), (4, ["3", "4"])]), ("\n\nq,a\n\n1,2\n\n", [(5, ["1", "2"])]),
        ("q,a\n\"1, 2\",\"say \"\"so\"\"\"\n", [(2, ["1, 2", "say \"so\""])]),
        ("q,a\n\"one\r\ntwo\",1\nthree,2\n", [(2, ["one\r\ntwo", "1"]), (4, ["three", "2"])]),
        ("q\ta\n1, 2\t\"x\ty\"\n", [(2, ["1, 2", "x\ty"])]), ("\"q\"\t\"a,b\"\n1\t2", [(2, ["1", "2"])]),
        ("q,a\n5\" tall,  blank \n", [(2, ["5\" tall", "  blank "])]),
        // What a library of Characters takes for others: an accent behind a comma, line separators in a cell.
        ("q,a\nx,\u{301}2\n", [(2, ["x", "\u{301}2"])]),
        ("q,a\nx\u{2028}y\u{85}z,2", [(2, ["x\u{2028}y\u{85}z", "2"])]),
        ("q;a\nx, y;\"2;\"\n", [(2, ["x, y", "2;"])]), (" q , a \n1; 2,3\n", [(2, ["1; 2", "3"])]),
        ("q\n1\n\n2\n", [(2, ["1"]), (4, ["2"])]), ("q,a\n", []), ("", []),
    ])
    func cellsAreAsTheyAreWritten(text: String, expected: [(Int, [String])]) throws {
        let wanted = expected.map { Row(line: $0.0, cells: $0.1.map { .string($0) }) }
        for length in [1, 2, 3, 1 << 20] {
            #expect(try rows(text, of: length) == wanted, "\(text.debugDescription) in pieces of \(length)")
        }
    }

    @Test func anEmptyCellIsNullAndAQuotedOneText() throws {
        #expect(try rows("q,a,b\n,\"\",\n", of: 5) == [Row(line: 2, cells: [.null, .string(""), .null])])
        #expect(try rows("q\n\"\"\n", of: 5) == [Row(line: 2, cells: [.string("")])])
        // A row's last cell counts though nothing follows its comma.
        #expect(try rows("q,a\n1,", of: 5) == [Row(line: 2, cells: [.string("1"), .null])])
    }

    @Test(arguments: [
        ("q,a\n1\n", 2, "1 cells where the header has 2"), ("q,a\n1,2\n1,2,3", 3, "3 cells where the header has 2"),
        ("q,a\n\"1\n2\",3\n4,\"5\n6,7\n", 4, "never closed"), ("q,a\n\"1\"2,3", 2, "text behind a closing quote"),
        ("q,a,q\n1,2,3", 1, "twice"),
    ])
    func whatWouldChangeDataIsAnError(text: String, line: Int, words: String) throws {
        for length in [1, 1 << 20] {
            let error = try #require(throws: FormatsError.self) { try rows(text, of: length) }
            #expect(error.location == "pieces:\(line)" && error.what.contains(words), "\(error)")
        }
    }

    @Test func aRowIsBounded() throws {
        for text in ["q,a\n" + String(repeating: "x", count: 60), "q,a\n\"" + String(repeating: ",\n", count: 60)] {
            #expect(throws: FormatsError.self) { try rows(text, of: 7, limit: 50) }
        }
        #expect(throws: FormatsError.self) { try rows("q," + String(repeating: ",", count: 60), of: 7, limit: 50) }
    }
}
