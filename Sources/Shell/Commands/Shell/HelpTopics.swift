import Compute
import Formats
import Problems
import Terminal

/// What `help` explains beside the commands: how the texts of each built-in task are read.
struct HelpTopic {
    let name: String
    let abstract: String
    let parts: [GuidePart]

    static var all: [HelpTopic] {
        Tasks.all.map { task in
            HelpTopic(
                name: String(task.name.drop { $0 != ":" }.dropFirst()),
                abstract: "How problems, solutions and chains of \(task.name) are read, line by line.",
                parts: task.guide)
        }
    }

    /// Topics are known by a task's whole name too.
    static func find(_ name: String) -> HelpTopic? { all.first { $0.name == name || name.hasSuffix(":" + $0.name) } }

    var outcome: Outcome {
        let json: [JSONValue] = parts.map { part in
            let lines = part.lines.map {
                JSONValue.object([("text", .string($0.text)), ("meaning", .string($0.meaning))])
            }
            return .object([("title", .string(part.title)), ("lines", .array(lines))])
        }
        let width = parts.flatMap(\.lines).map { TextWidth.columns($0.text) }.max() ?? 0
        return Outcome([("topic", .string(name)), ("parts", .array(json))]) { page in
            for (place, part) in parts.enumerated() {
                if place > 0 { page.line() }
                page.line(page.style.bold(part.title))
                page.meanings(part.lines.map { (TextWidth.padded($0.text, to: width), $0.meaning) }, indent: 2)
            }
        }
    }
}
