import Formats
import Prompts

/// What one step of a stage reports: a metrics line, and a sentence for the person watching.
package struct StepReport: Sendable {
    /// verl's names; those that depend on the clock begin with `timing_s/` or `perf/`.
    package var metrics: JSONObject
    /// For the person watching.
    package var line: String
    /// What the person should hear at once.
    package var warnings: [String]
    /// Lines for `rollouts/STEP.jsonl`; nil where the step keeps none.
    package var rollouts: [JSONValue]?

    package init(metrics: JSONObject, line: String, warnings: [String] = [], rollouts: [JSONValue]? = nil) {
        (self.metrics, self.line, self.warnings, self.rollouts) = (metrics, line, warnings, rollouts)
    }
}

/// A method at work, a step at a time; used by one thread.
package protocol Stage: AnyObject {
    /// What it holds at most.
    var memory: MemoryEstimate { get }
    /// Steps done, and to do in all.
    var step: Int { get }
    var totalSteps: Int { get }
    /// Updates made to any weights since the run began, those before a resume among them.
    var updates: Int { get }
    /// The prompt templates it reads, kept with its run so that editing one changes no run under way.
    var templates: [PromptTemplate] { get }
    /// One optimiser step, with its measurements.
    func advance() throws -> StepReport
    /// Writes weights and optimiser into `folder`; what it returns goes into `state.json`.
    func save(to folder: String) throws -> JSONObject
    /// Takes up what `save` wrote.
    /// - Throws: ``TrainingError/dataChanged(file:)`` when the run cannot go on with the data there is; anything else
    ///   means that the checkpoint is damaged.
    func restore(_ state: JSONObject, from folder: String) throws
}
