import Formats

/// What the updates of one step come to in a metrics line: means over them, whether they are mini-batches or epochs.
struct UpdateMetrics {
    let updates: [Learner.Update]

    var isAnySkipped: Bool { updates.contains(where: \.isSkipped) }

    /// `GROUP/lr` is the last one's; `GROUP/grad_norm` the mean of those that were made; `GROUP/skipped` counts the
    /// others, where there are any.
    func members(_ group: String) -> [JSONObject.Member] {
        guard let last = updates.last else { return [] }
        let made = updates.filter { !$0.isSkipped }, skipped = updates.count - made.count
        return [("\(group)/lr", .number(last.rate))]
            + (made.isEmpty ? [] : [("\(group)/grad_norm", .number(mean(made.map(\.norm))))])
            + (skipped == 0 ? [] : [("\(group)/skipped", .integer(Int64(skipped)))])
    }
}
