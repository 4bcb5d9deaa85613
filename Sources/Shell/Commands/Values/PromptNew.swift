import ArgumentParser
import Formats
import Prompts
import Terminal

struct PromptNew: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "new", "Make a template of your own, from a commented skeleton; in the shell $EDITOR opens it.",
        examples: ["prompt new strict", "prompt new brief --actor"])

    @Argument(help: ArgumentHelp("The new template's name.", valueName: "new-name"))
    var name: Text

    @Flag(help: "A template for actors instead of critics.")
    var actor = false

    func run(_ context: CommandContext) throws -> Outcome {
        let role: Role = actor ? .actor : .critic, library = context.templates.library, name = self.name.string
        guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }), !name.isEmpty else {
            throw ShellError.refused(
                "\"\(name)\" is no name for a template", hint: "it becomes a file's: write letters, digits, - and _")
        }
        guard !library.names(role.template).contains(name) else {
            throw ShellError.refused(
                "there is a template \(name) already", hint: "name another, or `prompt use \(name)` and `prompt edit`")
        }
        let skeleton = PromptTemplate.skeleton(role.template)
        let text =
            context.options.isInteractive ? try context.editor.edit(skeleton, name: name + ".mustache") : skeleton
        let saved = try context.templates.keep(text, as: name, role, workspace: context.workspace.directory)
        return .note(
            "kept as \(saved.path ?? name); `prompt use \(name)\(actor ? " --actor" : "")` has the \(role.rawValue) "
                + "read it",
            [("template", .string(name)), ("role", .string(role.rawValue)), ("path", .text(saved.path))])
    }
}
