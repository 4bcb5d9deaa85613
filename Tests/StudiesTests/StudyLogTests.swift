import Foundation
import Formats
import Studies
import Testing
import Training

/// What a study keeps while it measures.
@Suite struct StudyLogTests {
    private struct Found: Codable, Equatable {
        var values: [Double?]
    }

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("genac-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder + "/study")
    }

    private let question = JSONObject([("seed", .integer(1)), ("inner", .object(JSONObject([("m", .integer(64))])))])

    @Test("what was measured is found again to the last bit, and not measured twice")
    func keeps() throws {
        try withFolder { folder in
            let found = Found(values: [1.0 / 3, nil, -2e-17])
            do {
                let log = try StudyLog(in: folder, question: question)
                #expect(try log.kept("a") { found } == found && log.count == 1)
            }
            let log = try StudyLog(in: folder, question: question)
            #expect(log.count == 1)
            #expect(
                try log.kept("a") { () -> Found in
                    Issue.record("measured again")
                    return found
                } == found)
        }
    }

    @Test("a line that a kill cut short is measured again; the ones before it are kept")
    func cutShort() throws {
        try withFolder { folder in
            do {
                let log = try StudyLog(in: folder, question: question)
                for key in ["a", "b"] { _ = try log.kept(key) { Found(values: [1]) } }
            }
            let file = URL(fileURLWithPath: folder + "/measurements.jsonl")
            try Data(contentsOf: file).dropLast(5).write(to: file)
            let log = try StudyLog(in: folder, question: question)
            #expect(log.count == 1)
            #expect(try log.kept("b") { Found(values: [2]) } == Found(values: [2]))
            #expect(try JSONLines.objects(in: file.path).compactMap { $0["key"]?.asString } == ["a", "b"])
        }
    }

    @Test("measurements of another question are refused, with what differs")
    func otherQuestions() throws {
        try withFolder { folder in
            _ = try StudyLog(in: folder, question: question)
            let other = JSONObject([("seed", .integer(1)), ("inner", .object(JSONObject([("m", .integer(32))])))])
            let error = #expect(throws: OtherQuestion.self) { try StudyLog(in: folder, question: other) }
            #expect(error?.what.contains("inner.m: 64, not 32") == true && error?.location == folder)
        }
    }

    @Test("a study that failed before its first measurement leaves nothing; one with measurements stays")
    func abandoned() throws {
        try withFolder { folder in
            let log = try StudyLog(in: folder, question: question)
            log.abandon()
            #expect(!FileManager.default.fileExists(atPath: folder))
            let other = try StudyLog(in: folder, question: question)
            _ = try other.kept("a") { Found(values: []) }
            other.abandon()
            #expect(FileManager.default.fileExists(atPath: folder + "/measurements.jsonl"))
        }
    }

    @Test("two cannot measure into one folder at once")
    func locked() throws {
        try withFolder { folder in
            let log = try StudyLog(in: folder, question: question)
            #expect(throws: TrainingError.self) { try StudyLog(in: folder, question: question) }
            #expect(log.count == 0)
        }
    }
}
