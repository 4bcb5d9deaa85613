import Foundation
import Prompts
import Workspace

/// The templates that models read: each model's own, or the library's.
struct Templates {
    /// The workspace's edited copies first, then the workspace's own, then those that came with genac.
    let library: PromptLibrary

    init(_ workspace: Workspace, _ home: Home) {
        library = PromptLibrary(
            workspace: workspace.directory + "/.genac/prompts", homes: home.roots.map { $0 + "/prompts" })
    }

    /// What is shown and edited while no model is loaded.
    static let withoutModel = "default"

    /// What a model reads in a role.
    func prompt(_ model: LoadedModel, _ role: Role) throws -> PromptInUse {
        switch model.template(role) {
        case .own(let template): PromptInUse(role: role, template: template, isOwn: true, isEdited: false)
        case .library(let name): try prompt(named: name, role)
        }
    }

    /// A template of the library's.
    func prompt(named name: String, _ role: Role) throws -> PromptInUse {
        PromptInUse(
            role: role, template: try library.load(role.template, name), isOwn: false,
            isEdited: try library.isEdited(role.template, name))
    }

    /// Keeps a text that was edited as a template of the workspace's; what is refused is not lost.
    /// - Throws: ``ShellError/refused(_:hint:)`` with the mistake and the place where the text is kept.
    func keep(_ text: String, as name: String, _ role: Role, workspace: String) throws -> PromptTemplate {
        do {
            return try library.save(role.template, name, text: text)
        } catch {
            let kept = Home.output("\(workspace)/.genac/prompts/\(role.rawValue)-\(name).refused")
            try Data(text.utf8).write(to: URL(fileURLWithPath: kept))
            throw ShellError.refused(
                "the template was not taken: \(ErrorParts(error).text)", hint: "your text is kept as \(kept)")
        }
    }

    func template(_ model: LoadedModel, _ role: Role) throws -> PromptTemplate { try prompt(model, role).template }
}
