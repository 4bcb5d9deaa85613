import Checkpoints
import Problems

extension Checkpoint {
    /// The built-in task that its vocabulary was made for, where it reads plain text; nil for a model in general.
    package var ownTask: (any BuiltInTask)? { chatTemplate == nil ? Tasks.owner(of: tokenizer) : nil }

    /// The prompt template a model is asked under unless told otherwise: models with a task's own words were trained
    /// under that task's prompts.
    package var standardTemplate: String { ownTask?.templateName ?? "default" }

    /// The template that it carries as a critic, from its run or from beside its weights.
    /// - Throws: ``PromptsError/badTemplate(name:line:reason:)``.
    package func ownCriticTemplate() throws -> PromptTemplate? {
        try criticPrompt.map { try PromptTemplate(name: $0.name, role: .critic, text: $0.text, path: $0.path) }
    }
}
