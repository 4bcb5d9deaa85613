import Generation
import Problems

/// Turns templates into what one model reads.
package protocol Prompting: Sendable {
    /// Whether the text of a `chat` template becomes a message of a chat; where not, the model reads it as it stands,
    /// closed by a newline.
    var framesChat: Bool { get }

    /// The critic's prompts for the beginnings `solutions` of one solution, each with the same fields.
    /// - Throws: what keeps a template from being rendered for this model.
    func critic(
        _ template: PromptTemplate, problem: String, solutions: [String], icc: [ICCValue]
    ) throws -> [Passage]

    /// The actor's prompt; a solution follows it. The template is rendered around what is asked last: a model that
    /// reads a chat is given the messages before it as such, any other the whole conversation as text,
    /// a system prompt first.
    /// - Throws: as ``critic(_:problem:solutions:icc:)``.
    func actor(_ template: PromptTemplate, problem: Problem) throws -> Passage
}

/// Prompts for a model that is given text alone: what frames a chat and guards special tokens is on its side.
package struct TextPrompts: Prompting {
    /// The other side frames a message itself.
    package let framesChat = true

    /// There is nothing to tell it.
    package init() {}

    /// One text for each beginning.
    package func critic(
        _ template: PromptTemplate, problem: String, solutions: [String], icc: [ICCValue]
    ) -> [Passage] {
        solutions.map { Passage(text: template.render(problem: problem, solution: $0, icc: icc)) }
    }

    /// The template's text.
    package func actor(_ template: PromptTemplate, problem: Problem) -> Passage {
        Passage(text: template.render(problem: problem.conversation?.told ?? problem.text, solution: ""))
    }
}
