import Formats

/// What a critic's updates of one step came to: one for each epoch.
struct CriticUpdate {
    /// One update: the loss before it, and of a value head the share of values that the clip held.
    struct Part {
        var update: Learner.Update
        var loss: Double
        var clipped: Double?
    }

    /// verl's name of the loss.
    let lossName: String
    var parts: [Part] = []
    /// Rows of all passes.
    var rows = 0

    /// Means over the updates; nothing where none was tried, for want of anything to learn from.
    var metrics: [JSONObject.Member] {
        guard !parts.isEmpty else { return [] }
        let clipped = parts.compactMap(\.clipped)
        return UpdateMetrics(updates: parts.map(\.update)).members("critic")
            + [(lossName, .number(mean(parts.map(\.loss))))]
            + (clipped.isEmpty ? [] : [("critic/vf_clipfrac", .number(mean(clipped)))])
    }
}
