import Compute

/// What can be wrong with a prompt template, with what it is to say, or with what becomes of it.
package enum PromptsError: GenacError, Equatable {
    case unknownField(name: String, known: [String])
    case duplicateField(name: String)
    case badValue(field: String, value: String, expected: String)
    case badTemplate(name: String, line: Int?, reason: String)
    case missingTemplate(name: String, folders: [String])
    case notOneTemplate(names: [String], folders: [String])
    case cannotWrite(path: String, reason: String)
    case specialAtBorder(template: String)
    case noOpening(template: String, reason: String)
    case doesNotRoundTrip(template: String, offset: Int)

    package var what: String {
        switch self {
        case .unknownField(let name, _): "there is no ICC field '\(name)'"
        case .duplicateField(let name): "there is already an ICC field '\(name)'"
        case .badValue(_, let value, let expected): "'\(value)' is not \(expected)"
        case .badTemplate(_, _, let reason): reason
        case .missingTemplate(let name, _): "there is no prompt template '\(name)'"
        case .notOneTemplate(let names, _):
            names.isEmpty
                ? "the run keeps no template"
                : "the run read one template, and here are \(names.joined(separator: ", "))"
        case .cannotWrite(_, let reason): "cannot write the template: \(reason)"
        case .specialAtBorder: "a value and the template's text next to it make a special token together"
        case .noOpening(_, let reason): "a value head cannot read this template: \(reason)"
        case .doesNotRoundTrip: "the prompt's tokens do not decode to its text"
        }
    }

    package var location: String? {
        switch self {
        case .unknownField, .duplicateField: nil
        case .badValue(let field, _, _): "icc \(field)"
        case .badTemplate(let name, let line, _): line.map { "\(name):\($0)" } ?? name
        case .missingTemplate(_, let folders), .notOneTemplate(_, let folders): folders.joined(separator: ", ")
        case .cannotWrite(let path, _): path
        case .specialAtBorder(let template), .noOpening(let template, _): template
        case .doesNotRoundTrip(let template, let offset): "\(template), byte \(offset)"
        }
    }

    package var hint: String? {
        switch self {
        case .unknownField(_, let known): "the fields are \(known.joined(separator: ", "))"
        case .duplicateField: "choose another name, or change its sentence"
        case .badValue, .cannotWrite: nil
        case .badTemplate: "prompts/README.md says how a template begins and which names it may use"
        case .missingTemplate: "a template is named after its .mustache file in one of these folders"
        case .notOneTemplate: "leave the one that the run was begun with"
        case .specialAtBorder: "put a blank or a newline between {{…}} and what follows"
        case .noOpening: "say the problem first and {{solution}} once, behind it"
        case .doesNotRoundTrip: "use a tokenizer that keeps every byte (no normaliser)"
        }
    }
}
