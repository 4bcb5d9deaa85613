import Mustache
import Problems

/// A prompt written in Mustache: one file of `prompts/critic` or `prompts/actor` (prompts/README.md).
package struct PromptTemplate: Sendable {
    /// Who reads it.
    package enum Role: String, Sendable, Codable, CaseIterable { case critic, actor }

    /// What becomes of the rendered text: `chat` makes it a user message in the checkpoint's chat template
    /// (plain text where the checkpoint has none), `text` is what the model reads as it stands.
    package enum Form: String, Sendable, Codable { case chat, text }

    /// The file's name without its ending.
    package let name: String
    /// Who reads it.
    package let role: Role
    /// The file it came from, if any.
    package let path: String?
    /// The file's whole text.
    package let text: String
    /// What becomes of the rendered text.
    package let form: Form
    /// How the critic's score line begins; an actor's template has none.
    package let cue: String

    private let whole: MustacheTemplate
    private let sentences: [ICC.Field: MustacheTemplate]
    /// Whether it has a section for the user's own fields.
    private let saysOwnFields: Bool

    /// - Throws: ``PromptsError/badTemplate(name:line:reason:)`` for a file that does not begin by declaring
    ///   plain text, that declares no score cue (critic), that names something no prompt has, or that Mustache refuses.
    package init(name: String, role: Role, text: String, path: String? = nil) throws {
        let place = path ?? name
        func failure(_ line: Int?, _ reason: String) -> PromptsError {
            .badTemplate(name: place, line: line, reason: reason)
        }
        let (tags, openLine) = TemplateTag.all(in: text)
        if let openLine { throw failure(openLine, "a tag is not closed by }}") }
        guard text.hasPrefix("{{%"), tags.first?.isPlainTextPragma == true else {
            throw failure(1, "the template does not begin with \(Self.pragma)")
        }
        let notes = Self.notes(tags)
        guard let form = Form(rawValue: notes["form"] ?? "chat") else {
            throw failure(nil, "the form '\(notes["form"] ?? "")' is neither chat nor text")
        }
        try Self.check(tags, role: role, place: place)
        let cue = notes["cue"] ?? ""
        guard role == .actor || !cue.isEmpty else { throw failure(nil, "the template declares no score cue") }
        let trimmed = text.hasSuffix("\n") ? String(text.dropLast()) : text
        do {
            whole = try MustacheTemplate(string: trimmed)
            var sentences: [ICC.Field: MustacheTemplate] = [:]
            for field in ICC.Field.allCases {
                guard let body = TemplateTag.body(of: field.rawValue, tags: tags, in: text) else { continue }
                let section = "{{#\(field.rawValue)}}\(body){{/\(field.rawValue)}}"
                sentences[field] = try MustacheTemplate(string: Self.pragma + section)
            }
            self.sentences = sentences
        } catch let error as MustacheTemplate.ParserError {
            throw failure(error.context.lineNumber, "Mustache says \(error.error)")
        } catch {
            throw failure(nil, "Mustache says \(error)")
        }
        saysOwnFields = tags.contains { $0.kind == .section && $0.name == "fields" }
        (self.name, self.role, self.path, self.text, self.form, self.cue) = (name, role, path, text, form, cue)
    }

    /// The prompt's text. `protect` is applied to every value, so that none can spell a special token.
    package func render(
        problem: String, solution: String, icc: [ICCValue] = [], protect: (String) -> String = { $0 }
    ) -> String {
        var values: [String: Any] = ["problem": protect(problem), "solution": protect(solution), "cue": cue]
        var own: [[String: String]] = []
        for field in icc {
            guard let parts = field.told?.parts.mapValues(protect) else { continue }
            switch field.name {
            case .standard(let name): values[name.rawValue] = parts
            case .own: own.append(parts)
            }
        }
        values["fields"] = own
        return whole.render(values)
    }

    /// A field's sentence as the prompt would say it, whether it is on or off; nil when its value is unknown
    /// or the template has no section for it.
    package func sentence(_ field: ICCValue) -> String? {
        guard let fact = field.fact else { return nil }
        switch field.name {
        case .own: return saysOwnFields ? fact.text : nil
        case .standard(let name):
            guard let template = sentences[name] else { return nil }
            return String(template.render([name.rawValue: fact.parts])[...].trimming(while: \.isWhitespace))
        }
    }

    /// Those of `icc` that the prompt tells: without one of them it would be another prompt.
    /// - Parameter opening: only what stands before the solution is read, as by a value head.
    package func told(_ icc: [ICCValue], opening: Bool = false) -> [ICCValue] {
        // A scalar that nobody types marks where the solution stands.
        let mark = "\u{10FFFD}"
        func read(_ icc: [ICCValue]) -> Substring {
            let text = render(problem: "", solution: mark, icc: icc)
            return opening ? text.prefix { String($0) != mark } : text[...]
        }
        let whole = read(icc)
        return icc.indices.filter { index in
            var without = icc
            without.remove(at: index)
            return read(without) != whole
        }.map { icc[$0] }
    }

    private static let pragma = "{{% CONTENT_TYPE:TEXT}}"

    /// The `{{! key: value }}` comments before the template's first other tag.
    private static func notes(_ tags: [TemplateTag]) -> [String: String] {
        var notes: [String: String] = [:]
        for tag in tags.dropFirst().prefix(while: { $0.kind == .comment }) {
            guard let colon = tag.name.firstIndex(of: ":") else { continue }
            let value = tag.name[tag.name.index(after: colon)...].trimming(while: \.isWhitespace)
            notes[String(tag.name[..<colon])] = String(value)
        }
        return notes
    }

    private static func check(_ tags: [TemplateTag], role: Role, place: String) throws {
        let actorNames: Set = ["problem"]
        let criticNames = actorNames.union(ICC.Field.allCases.map(\.rawValue)).union(ICCFact.partNames)
            .union(["solution", "cue", "fields"])
        let names = role == .critic ? criticNames : actorNames
        var depth = 0
        for tag in tags {
            depth += [.section, .inverted].contains(tag.kind) ? 1 : tag.kind == .close ? -1 : 0
            guard depth <= 8 else {
                throw PromptsError.badTemplate(name: place, line: tag.line, reason: "sections are nested deeper than 8")
            }
            switch tag.kind {
            case .comment: continue
            case .pragma:
                guard tag.isPlainTextPragma else {
                    throw PromptsError.badTemplate(
                        name: place, line: tag.line, reason: "only \(pragma) may be declared")
                }
            case .partial, .delimiter, .inherit, .block:
                throw PromptsError.badTemplate(
                    name: place, line: tag.line, reason: "'{{\(tag.kind.rawValue)' is more of Mustache than prompts use"
                )
            case .variable, .unescaped, .section, .inverted, .close:
                guard names.contains(tag.name) else {
                    throw PromptsError.badTemplate(
                        name: place, line: tag.line,
                        reason:
                            "no prompt has '\(tag.name)'; a \(role) template may name "
                            + "\(names.sorted().joined(separator: ", "))"
                    )
                }
            }
        }
        let needed = role == .critic ? ["problem", "solution"] : ["problem"]
        for name in needed
        where !tags.contains(where: { $0.name == name && [.variable, .unescaped].contains($0.kind) }) {
            throw PromptsError.badTemplate(name: place, line: nil, reason: "the template never says {{\(name)}}")
        }
    }
}

extension TemplateTag {
    fileprivate var isPlainTextPragma: Bool {
        kind == .pragma && name.filter { !$0.isWhitespace } == "CONTENT_TYPE:TEXT"
    }
}
