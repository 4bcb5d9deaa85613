import Formats
import Foundation
import Testing

/// Values become JSON and come back without bytes in between, and as Foundation writes and reads them.
@Suite struct JSONCodingTests {
    struct Record: Codable, Equatable {
        enum Origin: Codable, Equatable { case file(String), step(of: Int, share: Double), nowhere }
        struct Part: Codable, Equatable {
            var range: Range<Int>
            var weights: [Float]
        }

        var name = "a \"quote\" / é \u{7}\u{2028}"
        var isOn = true
        var whole = 3.0, share = 0.1, minusZero = -0.0, large = 1e300, far = 1e16, near = 9_007_199_254_740_991.0
        var small = -Double.leastNonzeroMagnitude
        var float: Float = 0.1
        var byte: UInt8 = 255
        var seed: Int64 = .min
        var missing: Int?
        var parts = [Part(range: 2..<5, weights: [1, 0.3, -2.5e-7, .leastNonzeroMagnitude, 16_777_216])]
        var origins: [Origin] = [.file("x"), .step(of: 7, share: 0.5), .nowhere]
        var named: [String: [Int?]] = ["b": [1, nil], "a": [], "é": [2]]
        var counted: [Int: Bool] = [10: true, 9: false]
    }

    @Test func encodesAsFoundationDoes() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let foundations = try JSONValue.parse([UInt8](encoder.encode(Record())), name: "a record")
        #expect(try JSONValue.encoding(Record()).encoded() == foundations.encoded())
    }

    @Test func whatWasEncodedComesBack() throws {
        let value = try JSONValue.encoding(Record())
        #expect(try value.decoded(as: Record.self) == Record())
        #expect(try JSONValue.parse(value.encoded(), name: "a record").decoded(as: Record.self) == Record())
        #expect(try JSONDecoder().decode(Record.self, from: Data(value.encoded())) == Record())
    }

    @Test("every float comes back with its bits")
    func floatsComeBack() throws {
        let floats = (0..<2000).map { Float(bitPattern: UInt32($0) &* 2_654_435_761) }.filter(\.isFinite)
        let back = try JSONValue.parse(JSONValue.encoding(floats).encoded(), name: "floats").decoded(as: [Float].self)
        #expect(back.map(\.bitPattern) == floats.map(\.bitPattern))
    }

    @Test func scalarsAreValuesToo() throws {
        #expect(try JSONValue.encoding("x") == "x")
        #expect(try JSONValue.encoding(Int?.none) == nil)
        #expect(try JSONValue.encoding([String]()) == [])
        #expect(try JSONValue.integer(7).decoded(as: Double.self) == 7)
        #expect(try JSONValue.number(8).decoded(as: Int.self) == 8)
    }

    @Test func numbersThatJSONCannotSayAreRefused() {
        for number in [Double.nan, .infinity] {
            #expect(throws: EncodingError.self) { try JSONValue.encoding([number]) }
        }
        #expect(throws: EncodingError.self) { try JSONValue.encoding(UInt64.max) }
    }

    @Test(
        "an error names the member",
        arguments: [
            (#"{"range": [1, 2], "weights": [1, "x"]}"#, "weights"), (#"{"range": [1, 2]}"#, "weights"),
            (#"{"range": [1], "weights": []}"#, "range"), (#"{"range": null, "weights": []}"#, "range"),
            (#"{"range": [1.5, 2], "weights": []}"#, "range"), ("[]", ""),
        ])
    func errorsNameTheMember(text: String, member: String) throws {
        let value = try JSONValue.parse(Array(text.utf8), name: "a part")
        let error = #expect(throws: DecodingError.self) { try value.decoded(as: Record.Part.self) }
        switch try #require(error) {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            #expect(context.codingPath.first?.stringValue ?? "" == member)
        case .keyNotFound(let key, _): #expect(key.stringValue == member)
        @unknown default: Issue.record("\(String(describing: error))")
        }
    }

    @Test func numbersOutOfRangeAreRefused() {
        #expect(throws: DecodingError.self) { try JSONValue.integer(256).decoded(as: UInt8.self) }
        #expect(throws: DecodingError.self) { try JSONValue.integer(-1).decoded(as: UInt64.self) }
        #expect(throws: DecodingError.self) { try JSONValue.number(1e300).decoded(as: Int.self) }
    }
}
