import Compute
import Formats
import Foundation
import Training

/// The measurements of a study, kept one by one as they are made: a study that was stopped goes on where it ended, and
/// one that was finished is told again without measuring.
///
/// In its folder lie `question.json`, what is asked of which models, and `measurements.jsonl`.
package final class StudyLog {
    /// Where `question.json` and `measurements.jsonl` lie.
    package let folder: String
    private let lock: RunLock
    private let log: AppendLog
    private var known: [String: JSONValue] = [:]

    /// Measurements that were there already.
    package var count: Int { known.count }

    /// Opens a study's folder, or begins one.
    /// - Throws: ``OtherQuestion`` when the folder's measurements answer another question; `TrainingError.runInUse`
    ///   while another process measures; what reading and writing throw.
    package init(in folder: String, question: JSONObject) throws {
        self.folder = folder
        let file = folder + "/question.json", asked = JSONValue.object(question)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        lock = try RunLock(run: folder)
        if FileManager.default.fileExists(atPath: file) {
            let kept = try JSONValue.load(file, limits: JSONLimits(bytes: 1 << 24)).asObject ?? JSONObject()
            if let other = Self.difference(kept, question) { throw OtherQuestion(folder: folder, key: other) }
        } else {
            try AtomicFile.write(asked.encoded(.pretty), to: file)
        }
        log = try AppendLog(path: folder + "/measurements.jsonl")
        try log.cutToWholeLines()
        for row in try JSONLines.objects(in: log.path) {
            if let key = row["key"]?.asString { known[key] = row["value"] }
        }
    }

    /// What was measured under `key`, by `measure` if it was not yet.
    /// - Throws: what `measure` throws, and what reading and writing throw.
    package func kept<Measurement: Codable>(_ key: String, _ measure: () throws -> Measurement) throws -> Measurement {
        if let value = known[key] { return try value.decoded(as: Measurement.self) }
        let measurement = try measure()
        let value = try JSONValue.encoding(measurement)
        try log.append(["key": .string(key), "value": value])
        known[key] = value
        return measurement
    }

    /// Removes the folder of a study that failed before anything was measured.
    package func abandon() {
        if known.isEmpty { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// The first key, at any depth, under which two questions are not the same.
    /// - Returns: such as `problems: 100, not 20`.
    private static func difference(_ one: JSONObject, _ other: JSONObject) -> String? {
        let keys = one.members.map(\.key) + other.members.map(\.key).filter { one[$0] == nil }
        for key in keys where one[key] != other[key] {
            guard let inner = one[key]?.asObject, let outer = other[key]?.asObject else {
                guard let kept = short(one[key]), let asked = short(other[key]) else { return key }
                return "\(key): \(kept), not \(asked)"
            }
            return difference(inner, outer).map { "\(key).\($0)" } ?? key
        }
        return nil
    }

    /// A number or a word as it is written; nil for what is too long to be shown.
    private static func short(_ value: JSONValue?) -> String? {
        let text = value.map { String(decoding: $0.encoded(), as: UTF8.self) } ?? "nothing"
        return text.utf8.count <= 60 ? text : nil
    }
}

/// A folder's measurements answer another question.
package struct OtherQuestion: GenacError {
    package let what: String
    package let location: String?
    package let hint: String? = "give the study another name, or remove the folder"

    init(folder: String, key: String) {
        what = "this study was begun otherwise: \(key)"
        location = folder
    }
}

extension Optional where Wrapped == StudyLog {
    /// The same where nothing is kept.
    package func kept<Measurement: Codable>(_ key: String, _ measure: () throws -> Measurement) throws -> Measurement {
        guard let log = self else { return try measure() }
        return try log.kept(key, measure)
    }
}
