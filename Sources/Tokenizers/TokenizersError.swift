import Compute
import Jinja

/// What goes wrong between text and token ids: a tokenizer file we do not read, a chat template that is not one.
package enum TokenizersError: GenacError {
    /// A part of a tokenizer that we know by name but do not implement; `found` quotes it.
    case unsupported(part: String, found: String, file: String?)
    /// A tokenizer whose own tables contradict each other or lack something.
    case malformed(String, file: String?)
    /// A chat template that cannot be parsed: where it stands, and its 1-based line and column.
    case templateSyntax(String, origin: String, line: Int, column: Int)
    /// A chat template that failed while it was rendered, with the 1-based line and column of the failing part.
    case templateFailed(String, origin: String, line: Int, column: Int)
    /// A message that the template itself raised (`raise_exception`).
    case templateRaised(String, origin: String, line: Int, column: Int)
    /// Chat templates for special uses, of which none is the one to use otherwise.
    case noDefaultTemplate(named: [String], origin: String)
    /// A list of words from which no vocabulary can be built.
    case vocabulary(String)

    package var what: String {
        switch self {
        case .unsupported(let part, let found, _): "unsupported \(part): \(found)"
        case .malformed(let message, _): message
        case .templateSyntax(let message, _, _, _): "the chat template cannot be read: \(message)"
        case .templateFailed(let message, _, _, _): "the chat template failed: \(message)"
        case .templateRaised(let message, _, _, _): "the chat template refused the conversation: \(message)"
        case .noDefaultTemplate(let names, _):
            "there are chat templates (\(names.joined(separator: ", "))), but none named default"
        case .vocabulary(let message): message
        }
    }

    package var location: String? {
        switch self {
        case .unsupported(_, _, let file), .malformed(_, let file): file
        case .templateSyntax(_, let origin, let line, let column), .templateFailed(_, let origin, let line, let column),
            .templateRaised(_, let origin, let line, let column):
            "\(origin), line \(line), column \(column)"
        case .noDefaultTemplate(_, let origin): origin
        case .vocabulary: nil
        }
    }

    package var hint: String? {
        switch self {
        case .unsupported:
            "what would give other ids is refused rather than read wrongly"
        case .malformed: "the file may be cut short or written by another tool; fetch or save it again"
        case .templateSyntax: JinjaError.understood
        case .noDefaultTemplate: "write the one to use to chat_template.jinja beside the model"
        case .templateFailed, .templateRaised, .vocabulary: nil
        }
    }
}

extension TokenizersError {
    /// What is wrong with the Jinja of a chat template.
    init(_ error: JinjaError, origin: String) {
        self =
            switch error.kind {
            case .syntax: .templateSyntax(error.what, origin: origin, line: error.line, column: error.column)
            case .rendering: .templateFailed(error.what, origin: origin, line: error.line, column: error.column)
            case .raised: .templateRaised(error.what, origin: origin, line: error.line, column: error.column)
            }
    }
}
