import Compute
import Formats
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
        let problems = try DataSet.load(path).problems
        #expect(problems.count == 60)
        #expect(problems.map(\.answer) == (0..<60).map { "\($0 + $0 * $0)" })
        #expect(problems[7].text == "What is 7 + 49?")
        #expect(problems[5].text == "User: What is 5 + 25?\n\nUser: And \\boxed{5}?")
        #expect(problems[7].source == "\(path):8")
    }

    @Test func aColumnIsChosenByItsKey() throws {
        let path = "\(Self.fixtures)/parquet/verl.parquet"
        let problems = try DataSet.load(path, DataSet.Choice(promptKey: "ability", answerKey: "data_source")).problems
        #expect(problems[1].answer == "openai/gsm8k")
    }

    @Test(arguments: ["lines.jsonl.gz", "frames.jsonl.zst", "mark.jsonl.gz", "lines.jsonl"])
    func packedLinesAreADataSet(name: String) throws {
        let choice = DataSet.Choice(promptKey: "text", answerKey: "n")
        let problems = try DataSet.load("\(Self.fixtures)/unpacked/\(name)", choice).problems
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

    // MARK: Kinds

    private func file(_ text: String, _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("genac-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try body(path)
    }

    private static let object = "{\"question\": \"1, \\\"2\\\"\", \"answer\": 123456789012345678901}"

    @Test(arguments: [
        "\(object)\n\(object)", "[\(object), \(object)]", " \n[\n  \(object),\n  \(object)\n]\n",
        "question,answer\n\"1, \"\"2\"\"\",123456789012345678901\n\"1, \"\"2\"\"\",123456789012345678901\n",
        "answer\tquestion\r\n123456789012345678901\t\"1, \"\"2\"\"\"\r\n123456789012345678901\t\"1, \"\"2\"\"\"\r\n",
    ])
    func theSameRowsInEveryKindOfText(text: String) throws {
        for mark in ["", "\u{FEFF}"] {
            try file(mark + text) { path in
                let problems = try DataSet.load(path).problems
                #expect(problems.map(\.text) == ["1, \"2\"", "1, \"2\""])
                #expect(problems.map(\.answer) == ["123456789012345678901", "123456789012345678901"])
            }
        }
    }

    @Test func rowsAreReadOnlyAsFarAsTheyAreWanted() throws {
        try file("\(Self.object)\n\(Self.object)\nnot JSON\n") { path in
            let two = try DataSet.load(path, DataSet.Choice(limit: 2)).problems
            #expect(two.count == 2)
            #expect(throws: FormatsError.self) { try DataSet.load(path, DataSet.Choice(limit: 3)) }
        }
    }

    @Test(arguments: [
        ("{\n  \"question\": \"q\"\n}\n", "on several lines; give one object a line (`jq -c . FILE > rows.jsonl`)"),
        // CHAMP's one file.
        ("{\n  \"problems\": {\n    \"P_1\": {\n", "one object a line (`jq -c '.problems[]' FILE > rows.jsonl`)"),
        ("{\n\"rows\":[\n{}]}\n", "(`jq -c '.rows[]' FILE > rows.jsonl`)"), ("{\n  \"a", "(`jq -c . FILE >"),
        ("<!DOCTYPE html>\n<html>", "a page of HTML"), ("ARROW1\0\0", "an Arrow file"),
        ("SQLite format 3\0", "no text"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "Git LFS pointer"),
        ("What is 1+2?\nWhat is 2+2?\n", "its columns are What is 1+2?"), ("[{\"question\": \"q\"}", "ends too early"),
        ("question,answer\n1\n", "1 cells where the header has 2"), ("", "holds no problem"),
        ("[]", "holds no problem"),
        ("PAR1....PAR1", "damaged, cut short or not Parquet"),
    ])
    func whatIsNoDataIsRefusedByName(text: String, words: String) throws {
        try file(text) { path in
            #expect {
                try DataSet.load(path)
            } throws: { error in
                error.inWords.contains(words)
            }
        }
    }

    // MARK: Splits

    private func folder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("genac-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: place) }
        for (name, text) in files {
            let file = place.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try body(place.path)
    }

    private func row(_ text: String) -> String { "{\"question\": \"\(text)\", \"answer\": 1}\n" }

    @Test func aFolderIsReadSplitBySplit() throws {
        let files = [
            "README.md": "# Data", "dataset_infos.json": "{}", ".hidden.jsonl": "?",
            "data/train-00001-of-00002.jsonl": row("c") + row("d"),
            "data/train-00000-of-00002.jsonl": row("a") + row("b"),
            "data/test-00000-of-00001-0a1b.json": "[\(row("e"))]",
        ]
        try folder(files) { path in
            func texts(_ split: String?, limit: Int? = nil) throws -> [String] {
                try DataSet.load(path, DataSet.Choice(split: split, limit: limit)).problems.map(\.text)
            }
            #expect(try texts("train") == ["a", "b", "c", "d"])
            #expect(try texts("train", limit: 3) == ["a", "b", "c"])
            #expect(try texts("test") == ["e"])
            let several = try #require(throws: ProblemsError.self) { try texts(nil) }
            #expect(several.what == "has several splits: there are test, train")
            let none = try #require(throws: ProblemsError.self) { try texts("dev") }
            #expect(none.what == "has no split 'dev': there are test, train")
        }
    }

    @Test func aFolderOfOneSplitNeedsNoName() throws {
        try folder(["math_test.csv": "question,answer\nq,1\n", "notes.txt": "x"]) { path in
            for split in [nil, "test", "math_test"] {
                let problems = try DataSet.load(path, DataSet.Choice(split: split)).problems
                #expect(problems.map(\.text) == ["q"])
            }
        }
        try folder(["notes.txt": "x"]) { path in
            let error = try #require(throws: ProblemsError.self) { try DataSet.load(path) }
            #expect(error.what == "has no file of rows")
        }
    }

    @Test(arguments: [
        (["part-0.jsonl", "part-1.jsonl", "_SUCCESS", ".part-0.crc"], nil),
        (["train_0.jsonl", "train_1.jsonl"], "train"),
        (["0000.jsonl", "0001.jsonl"], nil), (["default/train/0000.jsonl", "default/train/0001.jsonl"], nil),
        (
            [
                "part-00000-0a1b2c3d-0000-4000-8000-000000000000-c000.jsonl",
                "part-00001-0a1b2c3d-0000-4000-8000-000000000000-c000.jsonl",
            ], nil
        ),
    ])
    func namesThatCountAreShardsOfOneSplit(names: [String], split: String?) throws {
        let texts = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, row("\($0.offset)")) })
        try folder(texts) { path in
            let problems = try DataSet.load(path, DataSet.Choice(split: split)).problems
            #expect(problems.map(\.text) == ["0", "1"], "\(names)")
        }
    }

    @Test func shardsComeInTheOrderOfTheirNumbers() throws {
        let files = Dictionary(uniqueKeysWithValues: (0..<12).map { ("train_\($0).jsonl", row("\($0)")) })
        try folder(files) { path in
            let texts = try DataSet.load(path).problems.map(\.text)
            #expect(texts == (0..<12).map { "\($0)" })
        }
    }

    @Test func foldersBelowMayBeSplitsOrSets() throws {
        let splits = ["d/train/0000.jsonl": row("a"), "d/train/0001.jsonl": row("b"), "d/test/0000.jsonl": row("c")]
        try folder(splits) { path in
            let train = try DataSet.load(path, DataSet.Choice(split: "train")).problems.map(\.text)
            #expect(train == ["a", "b"])
            let error = try #require(throws: ProblemsError.self) { try DataSet.load(path) }
            #expect(error.what == "has several splits: there are test, train")
        }
        try folder(["main/train.jsonl": row("a"), "socratic/train.jsonl": row("b")]) { path in
            let error = try #require(throws: ProblemsError.self) {
                try DataSet.load(path, DataSet.Choice(split: "train"))
            }
            #expect(error.what == "has several folders of rows: main, socratic; name one of them")
        }
    }

    @Test(arguments: [["a.jsonl", "b.csv"], ["aime_2024.jsonl", "aime_2025.jsonl"], ["x_0.jsonl", "x_2.jsonl"]])
    func otherNamesAreNoShards(names: [String]) throws {
        try folder(Dictionary(uniqueKeysWithValues: names.map { ($0, row("q")) })) { path in
            let error = try #require(throws: ProblemsError.self) { try DataSet.load(path) }
            #expect(error.what.hasPrefix("has several files that are no parts of one: there are "), "\(error.what)")
        }
        let many = Dictionary(uniqueKeysWithValues: (0..<30).map { ("set\($0).jsonl", row("q")) })
        try folder(many) { path in
            let error = try #require(throws: ProblemsError.self) { try DataSet.load(path) }
            #expect(error.what.hasSuffix(" and 18 more"), "\(error.what)")
        }
    }

    @Test func bytesThatAreNoTextAreRefusedAsOne() throws {
        let error = try #require(throws: ProblemsError.self) {
            try DataSet.load(
                "\(Self.fixtures)/parquet/none-v1.parquet", DataSet.Choice(promptKey: "text", answerKey: "raw"))
        }
        #expect(error.what == "key 'raw': is bytes that are no UTF-8 text, neither text nor a number")
    }

    @Test func loadingEndsWhereTheCallerWantsItTo() throws {
        struct Stop: Error {}
        try file(row("a") + row("b") + row("c")) { path in
            var rows = 0
            #expect(throws: Stop.self) {
                try DataSet.load(path) {
                    rows += 1
                    if rows == 2 { throw Stop() }
                }
            }
            #expect(rows == 2)
        }
    }

    @Test func rowsMaySayTheirSplit() throws {
        let rows = [
            #"{"question": "a", "answer": 1, "split": "train"}"#, #"{"question": "b", "answer": 1, "split": "test"}"#,
            #"{"question": "c", "answer": 1, "extra_info": {"split": "test"}}"#,
        ]
        try file(rows.joined(separator: "\n")) { path in
            let texts = try DataSet.load(path, DataSet.Choice(split: "test")).problems.map(\.text)
            #expect(texts == ["b", "c"])
            let error = try #require(throws: ProblemsError.self) {
                try DataSet.load(path, DataSet.Choice(split: "dev"))
            }
            #expect(error.what == "holds no problem of the split 'dev': there are test, train")
        }
        try file(row("a")) { path in
            let error = try #require(throws: ProblemsError.self) {
                try DataSet.load(path, DataSet.Choice(split: "dev"))
            }
            #expect(error.what == "key 'split': is missing")
        }
    }
}
