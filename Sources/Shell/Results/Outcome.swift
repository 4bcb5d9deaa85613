import Formats
import Terminal

/// A command's result: the members of its JSON line, and how it reads as text.
struct Outcome {
    var fields: [JSONObject.Member]
    var render: (Page) -> Void

    init(_ fields: [JSONObject.Member] = [], render: @escaping (Page) -> Void = { _ in }) {
        self.fields = fields
        self.render = render
    }

    /// A result that is one line of text.
    static func note(_ text: String, _ fields: [JSONObject.Member] = []) -> Outcome {
        Outcome(fields) { $0.line(text) }
    }
}
