import Checkpoints
import Problems

extension Checkpoint {
    /// The prompt template a model is asked under unless told otherwise: models with the starter's few words were
    /// trained under the starter's prompts.
    package var standardTemplate: String { speaksStarter ? StarterTask.promptName : "default" }

    /// The template that it carries as a critic, from its run or from beside its weights.
    /// - Throws: ``PromptsError/badTemplate(name:line:reason:)``.
    package func ownCriticTemplate() throws -> PromptTemplate? {
        try criticPrompt.map { try PromptTemplate(name: $0.name, role: .critic, text: $0.text, path: $0.path) }
    }

    package var speaksStarter: Bool {
        guard chatTemplate == nil, tokenizer.vocabularySize <= 1024 else { return false }
        return StarterTask.words.prefix(16).allSatisfy { tokenizer.encode($0, recognisingSpecials: false).count == 1 }
    }
}
