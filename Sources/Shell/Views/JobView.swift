import Formats
import Plots
import Training

/// How a job reads as a result.
enum JobView {
    static func json(_ status: JobStatus) -> JSONValue {
        .object([
            ("id", .int(status.id)), ("stage", .string(status.method.name)),
            ("state", .string(status.state.rawValue)),
            ("step", .int(status.step)), ("steps", .int(status.steps)), ("run", .string(status.run)),
            ("error", .text(status.error.map { ErrorParts($0).text })),
        ])
    }

    static func outcome(_ job: Job, memory: MemoryEstimate? = nil) -> Outcome {
        let status = job.current
        var fields: [JSONObject.Member] = [
            ("job", .int(status.id)), ("run", .string(status.run)), ("step", .int(status.step)),
            ("steps", .int(status.steps)),
            ("state", .string(status.state.rawValue)),
        ]
        if let memory { fields.append(("memory_bytes", .int(memory.bytes))) }
        if status.metrics.count > 0 { fields.append(("metrics", .object(status.metrics))) }
        return Outcome(fields) { page in
            let metrics = status.metrics.members.filter {
                !$0.key.hasPrefix("timing") && !$0.key.hasPrefix("perf") && $0.key != "step"
            }
            let shown = metrics.prefix(4).compactMap { member in
                member.value.asDouble.map { "\(member.key) \(Chart.number($0))" }
            }
            page.line(
                "job \(status.id), run \(status.run): \(status.state.rawValue), step \(status.step) of \(status.steps)"
                    + (shown.isEmpty ? "" : "  " + shown.joined(separator: "  ")))
        }
    }
}
