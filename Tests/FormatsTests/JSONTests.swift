import Formats
import Foundation
import Testing

private func parse(_ text: String, limits: JSONLimits = JSONLimits()) throws -> JSONValue {
    try JSONValue.parse(Array(text.utf8), name: "test.json", limits: limits)
}

private func failure(_ bytes: [UInt8]) -> FormatsError? {
    do {
        _ = try JSONValue.parse(bytes, name: "test.json")
        return nil
    } catch { return error as? FormatsError }
}

@Suite struct JSONTests {
    @Test func keepsIntegersApartFromDoublesAndOrderOfMembers() throws {
        let value = try parse(
            #" {"b": 1, "a": 1.0, "c": [true, false, null, -0, 1e2, 1000000000000000019884624838656]} "#)
        #expect(value.asObject?.members.map(\.key) == ["b", "a", "c"])
        #expect(value["b"] == .integer(1))
        #expect(value["a"] == .number(1))
        #expect(value["c"]?.asArray?[4] == .number(100))
        #expect(value["c"]?.asArray?[5] == .number(1e30))
        #expect(value["a"]?.asInt == 1)
        #expect(value["missing"] == nil)
    }

    @Test func keepsCanonicallyEquivalentKeysApart() throws {
        let value = try parse("{\"e\u{301}\": 1, \"\u{E9}\": 2, \"\\u00e9x\": 3}")
        #expect(value.asObject?.count == 3)
        #expect(value["e\u{301}"] == .integer(1))
        #expect(value["\u{E9}"] == .integer(2))
    }

    @Test func readsEveryEscape() throws {
        let value = try parse(#""\"\\\/\b\f\n\r\t\u0041\ud83d\ude00""#)
        #expect(value.asString == "\"\\/\u{8}\u{C}\n\r\tA\u{1F600}")
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "01", "-", "1.", "1e", "+1", "nul", "\"\n\"",
        "\"\\x\"",
        "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\u12\"", "1 2", "[1 2]", "\"abc", "1e400", "NaN", "{\"a\":1,\"a\":2}",
        "]",
    ])
    func refuses(_ text: String) {
        let error = failure(Array(text.utf8))
        #expect(error?.location?.hasPrefix("test.json: byte ") == true, "\(text)")
    }

    @Test func namesTheByteOfADuplicateKeyAlsoInALargeObject() {
        let members = (0..<100).map { "\"k\($0)\":0" } + ["\"k3\":1"]
        let text = "{" + members.joined(separator: ",") + "}"
        #expect(failure(Array(text.utf8))?.location == "test.json: byte \(text.utf8.count - 7)")
    }

    @Test func refusesInvalidUTF8AndDepth() {
        #expect(failure([0x22, 0xC3, 0x28, 0x22])?.what.contains("UTF-8") == true)
        #expect(failure(Array(repeating: UInt8(ascii: "["), count: 1_000_000))?.what.contains("64 levels") == true)
    }

    @Test func boundsTheSize() {
        #expect(throws: FormatsError.self) { try parse("[1,2,3]", limits: JSONLimits(bytes: 4)) }
    }

    @Test(arguments: [false, true])
    func writesWhatReadsBackEqual(asciiOnly: Bool) throws {
        let value: JSONValue = [
            "text": "quote \" back \\ line \n bell \u{7} é 😀 e\u{301} \u{7F}", "integer": -42, "double": 0.1,
            "whole": 3.0,
            "large": 1e300, "tiny": 2.5e-308, "float": .float(0.1), "none": nil, "nested": [[], [:], [true, false]],
        ]
        for layout in [JSONValue.Layout.compact, .pretty] {
            let bytes = value.encoded(layout, asciiOnly: asciiOnly)
            if asciiOnly { #expect(bytes.allSatisfy { $0 < 0x7F }) }
            try #expect(JSONValue.parse(bytes, name: "out") == value)
        }
        #expect(JSONValue.number(.nan).text() == "null")
    }

    @Test func parsesSixMegabytesOfVocabulary() throws {
        let vocabulary = JSONObject((0..<150_000).map { (key: "Ġtoken\($0)", value: .integer(Int64($0))) })
        let merges = (0..<150_000).map { JSONValue.string("Ġa b\($0)") }
        let bytes = JSONValue.object(JSONObject([("vocab", .object(vocabulary)), ("merges", .array(merges))])).encoded()
        let parsed = try JSONValue.parse(bytes, name: "tokenizer.json")
        #expect(parsed["vocab"]?["Ġtoken149999"] == .integer(149_999))
        #expect(parsed["merges"]?.asArray?.count == 150_000)
    }
}

@Suite struct JSONLinesTests {
    @Test func numbersLinesAndPassesOverBlankOnes() throws {
        try withTemporaryFile("{\"a\":1}\r\n\n  \n[2]") { path in
            let lines = try JSONLines.load(path)
            #expect(lines.map(\.line) == [1, 4])
            #expect(lines[0].value["a"] == .integer(1))
        }
    }

    @Test func namesTheLineOfAnError() throws {
        try withTemporaryFile("{}\n{\"a\":}\n") { path in
            let error = #expect(throws: FormatsError.self) { try JSONLines.load(path) }
            #expect(error?.location == "\(path):2")
        }
        try withTemporaryFile("{}\n[1,2,3,4]\n") { path in
            let error = #expect(throws: FormatsError.self) { try JSONLines.load(path, lineLimit: 5) }
            #expect(error?.location == "\(path):2")
        }
    }

    @Test("a line longer than a piece of reading, and pieces that end anywhere")
    func longLines() throws {
        let long = String(repeating: "x", count: 3 << 20)
        try withTemporaryFile("[\"\(long)\"]\n" + String(repeating: "{\"a\":[1,2,3]}\n", count: 200_000) + "7") {
            path in
            let lines = try JSONLines.load(path)
            #expect(lines.count == 200_002 && lines.last?.line == 200_002)
            #expect(lines[0].value.asArray?[0].asString?.utf8.count == 3 << 20)
            #expect(lines.dropFirst().dropLast().allSatisfy { $0.value["a"] == [1, 2, 3] })
        }
        try withTemporaryFile("1\n\"" + String(repeating: "x", count: 20 << 20)) { path in
            let error = #expect(throws: FormatsError.self) { try JSONLines.load(path) }
            #expect(error?.location == "\(path):2")
        }
    }

    @Test("what a log is while it grows, is cut back, and is not there")
    func aLogIsReadAsItGrows() throws {
        try withTemporaryFile("{\"step\":1}\n{\"st") { path in
            func write(_ text: String) throws { try text.write(toFile: path, atomically: false, encoding: .utf8) }
            var log = JSONLines(path, .log)
            func steps() throws -> [Int?] { try log.newObjects().rows.map { $0["step"]?.asInt } }
            #expect(try steps() == [1])
            #expect(try steps() == [])
            try write("{\"step\":1}\n{\"step\":2}\n\n{\"step\":3}\n")
            #expect(try steps() == [2, 3])
            try write("{\"step\":1}\n{\"step\":2}\n\n{\"step\":3}\n7\n")
            for _ in 0..<2 {
                let error = #expect(throws: FormatsError.self) { try log.newObjects() }
                #expect(error?.location == "\(path):5")
            }
            try write("{\"step\":1}\n")
            let (rows, isAnew) = try log.newObjects()
            #expect(isAnew && rows.count == 1)
            try FileManager.default.removeItem(atPath: path)
            #expect(try log.newObjects().isAnew)
            #expect(try steps() == [])
            #expect(try JSONLines.objects(in: path).isEmpty)
            #expect(throws: FormatsError.self) { try JSONLines.load(path) }
            try write("{}")
            #expect(try steps() == [])
        }
    }
}
