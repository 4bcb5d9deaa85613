import Compute
import Foundation
import Problems
import Testing

/// Data sets in other files than JSON Lines (Tests/Oracles/parquet.py, unpacked.py).
struct DataFileTests {
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures").path

    @Test(arguments: ["verl", "row-groups"])
    func verlsParquetIsADataSet(name: String) throws {
        let path = "\(Self.fixtures)/parquet/\(name).parquet"
        let problems = try DataSet.load(path)
        #expect(problems.count == 60)
        #expect(problems.map(\.answer) == (0..<60).map { "\($0 + $0 * $0)" })
        #expect(problems[7].text == "What is 7 + 49?")
        #expect(problems[5].text == "And \\boxed{5}?")
        #expect(problems[7].source == "\(path):8")
    }

    @Test func aColumnIsChosenByItsKey() throws {
        let path = "\(Self.fixtures)/parquet/verl.parquet"
        let problems = try DataSet.load(path, promptKey: "ability", answerKey: "data_source")
        #expect(problems[1].answer == "openai/gsm8k")
    }

    @Test(arguments: ["lines.jsonl.gz", "frames.jsonl.zst", "mark.jsonl.gz", "lines.jsonl"])
    func packedLinesAreADataSet(name: String) throws {
        let problems = try DataSet.load("\(Self.fixtures)/unpacked/\(name)", promptKey: "text", answerKey: "n")
        #expect(problems.count == 1500)
        #expect(problems[1499].answer == "1499")
        #expect(problems[1499].text == "1499 é \u{1F600}")
    }

    @Test func damagedParquetIsRefusedByName() {
        #expect {
            try DataSet.load("\(Self.fixtures)/parquet/refused/zeros.parquet")
        } throws: { error in
            error.inWords.contains("its footer is empty; the file is damaged, cut short or not Parquet")
        }
    }
}
