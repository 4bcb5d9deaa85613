import Formats
import Foundation

/// What a study is to measure, and the command that asks for it: kept in its folder from the beginning on, so that one
/// that was stopped can be told from one that is done, and gone on with.
struct StudyPlan {
    /// What kind it is.
    let study: String
    /// As it was typed, with the study's name.
    let command: String
    /// How many measurements there are to be.
    let count: Int
    /// What each is of.
    let unit: String

    private static let file = "plan.json"

    init(study: String, command: String, _ measures: (count: Int, of: String)) {
        (self.study, self.command) = (study, command)
        (count, unit) = (measures.count, measures.of)
    }

    /// - Returns: nil where a study's folder has none, as those of earlier versions.
    /// - Throws: where it cannot be read.
    init?(in folder: String) throws {
        let file = "\(folder)/\(Self.file)"
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        let json = try JSONValue.load(file, limits: JSONLimits(bytes: 1 << 20))
        guard let study = json["study"]?.asString, let command = json["command"]?.asString,
            let count = json["measurements"]?.asInt, let unit = json["of"]?.asString
        else {
            throw ShellError.invalid(
                what: "it is not what a study keeps", location: file, hint: "ask the study again under its name")
        }
        self.init(study: study, command: command, (count, unit))
    }

    func write(to folder: String) throws {
        let json: JSONValue = [
            "study": .string(study), "command": .string(command), "measurements": .int(count), "of": .string(unit),
        ]
        try AtomicFile.write(json.encoded(.pretty), to: "\(folder)/\(Self.file)")
    }

    /// `5 of 32 problems are`.
    func progress(_ done: Int) -> String {
        "\(done) of \(count) \(unit)\(count == 1 ? "" : "s") \(done == 1 ? "is" : "are")"
    }
}
