import Critics
import Formats
import Problems
import Prompts

/// One ICC field as it stands for a solution, and what a critic's prompt makes of it.
struct ToldField {
    let value: ICCValue
    /// As the template would say it, on or off; nil when it has no place for the field or the value is unknown.
    let sentence: String?
    /// Whether the prompt says it now.
    let isTold: Bool

    /// - Parameter values: as they stand for the solution.
    static func all(_ values: [ICCValue], by critic: any Critic) -> [ToldField] {
        all(values, in: critic.template, told: critic.told)
    }

    /// The same where no critic is loaded.
    static func all(_ icc: ICC, of actor: ActorSnapshot?, in template: PromptTemplate) -> [ToldField] {
        all(icc.values(for: actor), in: template) { template.told($0) }
    }

    private static func all(
        _ values: [ICCValue], in template: PromptTemplate, told: ([ICCValue]) -> [ICCValue]
    ) -> [ToldField] {
        let names = Swift.Set(told(values).map(\.name))
        return values.map { ToldField(value: $0, sentence: template.sentence($0), isTold: names.contains($0.name)) }
    }

    var json: JSONValue {
        .object([
            ("name", .string("\(value.name)")), ("on", .bool(value.isOn)), ("told", .bool(isTold)),
            ("value", .text(value.fact?.text)),
            ("source", .string(value.source)), ("sentence", .text(sentence)),
        ])
    }
}
