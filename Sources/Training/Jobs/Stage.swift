import Formats

/// What one step of a stage reports: a metrics line, and a sentence for the person watching.
public struct StepReport: Sendable {
    /// verl's names; those that depend on the clock begin with `timing_s/` or `perf/`.
    public var metrics: JSONObject
    public var line: String

    public init(metrics: JSONObject, line: String) {
        self.metrics = metrics
        self.line = line
    }
}

/// A kind of training, a step at a time; used by one thread. `SFTStage` is the first; a new stage conforms to this,
/// gets a `StageName` and its settings, and is made in `JobCentre.makeStage`.
public protocol Stage: AnyObject {
    /// Steps done, and to do in all.
    var step: Int { get }
    var totalSteps: Int { get }
    /// One optimiser step, with its measurements.
    func advance() throws -> StepReport
    /// Writes weights and optimiser into `folder`; what it returns goes into `state.json`.
    func save(to folder: String) throws -> JSONObject
    /// Takes up what `save` wrote.
    func restore(_ state: JSONObject, from folder: String) throws
}
