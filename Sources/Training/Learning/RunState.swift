import Formats

extension JSONObject {
    func merging(_ other: JSONObject) -> JSONObject {
        var merged = self
        for member in other.members { merged[member.key] = member.value }
        return merged
    }

    /// The step of a checkpoint's `state.json`.
    /// - Throws: ``TrainingError/damagedRun(file:what:)``.
    func step(in folder: String) throws -> Int {
        guard let step = self["step"]?.asInt, step >= 0 else {
            throw TrainingError.damagedRun(file: folder + "/state.json", what: "its step is missing")
        }
        return step
    }
}
