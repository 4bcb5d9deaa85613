import Formats

/// What a critic's update came to.
struct CriticUpdate {
    var update: Learner.Update
    /// verl's name of the loss, and its value.
    var loss: (name: String, value: Double)
    /// Rows of all passes.
    var rows: Int
    /// A value head's: the share of values that the clip held.
    var clipped: Double?

    var metrics: [JSONObject.Member] {
        update.metrics("critic") + [(loss.name, .number(loss.value))] + (clipped.map { [("critic/vf_clipfrac", .number($0))] } ?? [])
    }
}
