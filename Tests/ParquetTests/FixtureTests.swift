import Compute
import Formats
import Parquet
import Testing

/// Files by pyarrow beside what pyarrow reads in them (Tests/Oracles/parquet.py).
struct FixtureTests {
    @Test(arguments: fixtureNames(in: fixtures).filter { $0 != "big" })
    func rowsAreThoseThatPyarrowReads(name: String) throws {
        let expected = try JSONValue.load("\(fixtures)/\(name).json")
        let actual = try rows("\(fixtures)/\(name).parquet")
        #expect(difference(.array(actual), expected) == nil)
        #expect(try ParquetFile(path: "\(fixtures)/\(name).parquet").rowCount == actual.count)
    }

    @Test func thirtyFilesAtLeast() {
        #expect(fixtureNames(in: fixtures).count >= 30)
        #expect(fixtureNames(in: fixtures + "/refused").count >= 40)
    }

    @Test func aFileThatUnpacksTo100MegabytesNeedsNoMoreThanItsPages() throws {
        let texts = try #require(try JSONValue.load("\(fixtures)/big.json").asArray)
        var bytes = 0, count = 0
        let file = try ParquetFile(path: "\(fixtures)/big.parquet", limits: ParquetLimits(heldBytes: 12 << 20))
        try file.forEachRow { number, row in
            count += 1
            guard row.members.count == 2, row.members[1].value == .integer(Int64(number - 1)) else {
                throw Wrong(row: number)
            }
            guard row.members[0].value == texts[(number - 1) % texts.count] else { throw Wrong(row: number) }
            bytes += row.members[0].value.asString?.utf8.count ?? 0
        }
        #expect(count == 10_000)
        #expect(bytes == 100_000_000)
    }

    @Test func columnsAreChosenByName() throws {
        let path = "\(fixtures)/verl.parquet"
        let file = try ParquetFile(path: path)
        #expect(file.columns == ["data_source", "prompt", "ability", "reward_model", "extra_info"])
        let all = try rows(path), some = try rows(path, columns: ["reward_model", "prompt"])
        #expect(some.map { $0["prompt"] } == all.map { $0["prompt"] })
        #expect(some.allSatisfy { $0.asObject?.members.map(\.key) == ["prompt", "reward_model"] })
    }

    @Test func aColumnThatIsNotThereIsNamed() throws {
        let error = try #require(throws: ParquetError.self) {
            try rows("\(fixtures)/verl.parquet", columns: ["prompts"])
        }
        #expect(error.description.contains("there is no column \"prompts\"; did you mean prompt?"))
    }

    @Test func aColumnThatIsNotChosenMayBeUnreadable() throws {
        #expect(try rows("\(fixtures)/refused/interval.parquet", columns: []).count == 1)
        #expect(try rows("\(fixtures)/refused/encoding.parquet", columns: ["i64", "text"]).count == 8)
    }

    private struct Wrong: Error { let row: Int }
}
