import Compute
import Formats
import Problems
import Transformer

/// Sums over what a run reads besides its own checkpoints: one that goes on with other problems or other frozen weights
/// would come to another end.
enum InputSums {
    static func of(_ problems: [Problem]) -> JSONValue {
        var hash = StableHash()
        for problem in problems {
            for text in [problem.text, problem.answer ?? "", "\(problem.grader) \(problem.stepRule)"] {
                // Of lengths too: two texts are not the same cut elsewhere.
                hash.add(UInt64(text.utf8.count))
                for byte in text.utf8 { hash.add(UInt64(byte)) }
            }
        }
        return .string("\(problems.count) problems, \(String(hash.value, radix: 16))")
    }

    static func of(_ models: [Model]) -> JSONValue {
        .array(models.map { .string(String($0.fingerprint, radix: 16)) })
    }
}

extension JSONObject {
    /// - Parameters:
    ///   - sum: as now, which a state of an older version does not have.
    ///   - what: it is of, in an error.
    /// - Throws: ``TrainingError/dataChanged(file:what:)``.
    func check(_ key: String, is sum: JSONValue, _ what: String, in folder: String) throws {
        guard let saved = self[key], saved != sum else { return }
        throw TrainingError.dataChanged(file: folder + "/state.json", what: what)
    }
}
