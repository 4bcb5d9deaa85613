import Formats
import Testing

/// Arrays read element by element, however the text is cut into pieces.
struct JSONElementsTests {
    private func elements(_ text: String, of length: Int = 1 << 20, limit: Int = 1 << 20) throws -> [JSONValue] {
        var found: [JSONValue] = []
        try JSONElements.forEach(from: Pieces(text, of: length), limit: limit) {
            found.append($1)
            #expect($0 == found.count)
        }
        return found
    }

    @Test(arguments: [1, 2, 3, 7, 1 << 20])
    func elementsAreThoseOfTheWholeArray(length: Int) throws {
        let texts = [
            "[]", " [ ]\n", "[1]", "[ {\"a\": [1, {\"b\": \"]}\\\"[,\"}], \"c\": 2.5} ,\n\"x,y\", [], null ]",
            "[[[],[1,[2]]],\"\\\\\",\"\\\\\\\"]\",{}]", "[\"é😀\",-0.5e3,true]\r\n\t ",
        ]
        for text in texts {
            let whole = try JSONValue.parse(Array(text.utf8), name: "whole").asArray
            #expect(try elements(text, of: length) == whole, "\(text)")
        }
    }

    @Test(arguments: [
        ("", "byte 0", "ends too early"), ("[", "byte 1", "ends too early"), ("[1", "byte 2", "ends too early"),
        ("[1,]", "byte 3", "element 2"), ("[,1]", "byte 1", "element 1"), ("[1 2]", "byte 3", "element 1"),
        ("[{\"a\":1},{\"a\"}]", "byte 13", "element 2"), ("[1] 2", "byte 4", "text after"),
        ("{\"a\": []}", "byte 0", "an array was expected"), ("[\"a]", "byte 4", "ends too early"),
        ("[}]", "byte 1", "element 1"), ("[{]}", "byte 4", "ends too early"),
    ])
    func errorsNameTheElementAndTheByte(text: String, place: String, words: String) throws {
        for length in [1, 1 << 20] {
            let error = try #require(throws: FormatsError.self) { try elements(text, of: length) }
            #expect(error.location == "pieces: \(place)" && error.what.contains(words), "\(text): \(error)")
        }
    }

    @Test func anElementIsBounded() throws {
        let long = "[\"" + String(repeating: "x", count: 100) + "\"]"
        #expect(try elements(long, of: 8, limit: 102).count == 1)
        for length in [8, 1 << 20] {
            let error = try #require(throws: FormatsError.self) { try elements(long, of: length, limit: 101) }
            #expect(error.what.contains("element 1 has more than the 101 bytes allowed"), "\(error)")
        }
    }

    @Test func numbersAreKeptDigitByDigit() throws {
        func exact(_ text: String) throws -> JSONValue {
            try JSONValue.parse(Array(text.utf8), name: "number", numbers: .exact)
        }
        #expect(try exact("9223372036854775807") == .integer(.max))
        for (text, value) in [("1.5", 1.5), ("1e300", 1e300), ("0.000", 0), ("-0", -0.0)] {
            #expect(try exact(text) == .number(value))
        }
        let kept = [
            "9223372036854775808", "-123456789012345678901234567890", "3.14159265358979323846", "1e400", "1e-320",
            "1e-400", "0.30000000000000004", String(repeating: "7", count: 5000),
        ]
        for text in kept { #expect(try exact(text) == .string(text)) }
        #expect(throws: FormatsError.self) { try JSONValue.parse(Array("1e400".utf8), name: "number") }
    }
}
