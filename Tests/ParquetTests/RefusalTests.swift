import Compute
import Formats
import Foundation
import Parquet
import Testing

/// Files that are refused, and what the error must say (Tests/Oracles/parquet_footer.py).
struct RefusalTests {
    private static let folder = fixtures + "/refused"

    @Test(arguments: fixtureNames(in: folder))
    func theErrorNamesWhatIsWrong(name: String) throws {
        let words = try #require(
            try JSONValue.load("\(Self.folder)/refused.json")[name]?.asArray?.compactMap(\.asString))
        let path = "\(Self.folder)/\(name).parquet"
        let clock = ContinuousClock(), start = clock.now
        let error = try #require(throws: ParquetError.self) {
            try ParquetFile(path: path, limits: ParquetLimits(totalBytes: 80 << 20)).forEachRow { _, _ in }
        }
        for word in words { #expect(error.description.contains(word), "\(error)") }
        #expect(error.location?.hasPrefix(path) == true)
        #expect(error.hint != nil)
        #expect(clock.now - start < .seconds(20))
    }

    @Test func aSmallFileMayComeToLess() {
        #expect(ParquetLimits().total(of: 796) < 600 << 20)
        #expect(ParquetLimits().total(of: 100 << 20) == 8 << 30)
        #expect(ParquetLimits(totalBytes: 80 << 20).total(of: 796) == 80 << 20)
    }

    @Test func aFileThatIsNotThere() {
        #expect(throws: FormatsError.self) { try ParquetFile(path: "/nowhere/rows.parquet") }
    }

    @Test func onlyParquetIsParquet() throws {
        for (start, isParquet) in [("PAR1...", true), ("PARE", true), ("PAR", false), ("", false), ("{}", false)] {
            try withTemporaryFile(Array(start.utf8)) { path in
                let found = try ParquetFile.isParquet(path: path)
                #expect(found == isParquet, "\(start)")
            }
        }
        try withTemporaryFile(Array("{\"a\": 1, \"b\": 2}\n".utf8)) { path in
            let error = try #require(throws: ParquetError.self) { try ParquetFile(path: path) }
            #expect(error.description.contains("does not begin with PAR1"))
        }
    }
}
