import Formats
import Prompts

/// Which template a model reads in a role.
enum TemplateChoice {
    /// The one that it carries, from its run or from beside its weights.
    case own(PromptTemplate)
    /// One of the library's, by its name.
    case library(String)
}

/// The template that is read, and where it comes from: what every command that depends on it says of it.
struct PromptInUse {
    let role: Role
    let template: PromptTemplate
    let isOwn: Bool
    /// It is the workspace's changed copy of another.
    let isEdited: Bool

    /// `starter`, or `starter (edited)`.
    var name: String { template.name + (isEdited ? " (edited)" : "") }

    /// The same where it is one of several: `starter (own)`.
    var label: String { isOwn ? name + " (own)" : name }

    /// Members that name it beside what was read under it.
    var fields: [JSONObject.Member] {
        [
            ("template", .string(template.name)), ("template_source", .string(isOwn ? "own" : "library")),
            ("template_edited", .bool(isEdited)),
        ]
    }

    var json: JSONValue { .object([("role", .string(role.rawValue))] + fields + [("path", .text(template.path))]) }
}
