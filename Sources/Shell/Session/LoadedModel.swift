import Acting
import ArgumentParser
import Checkpoints
import Critics
import Generation
import Problems
import Prompts
import Terminal
import Tokenizers

/// What a model is for.
package enum Role: String, Sendable, CaseIterable, ExpressibleByArgument {
    case actor, critic

    var template: PromptTemplate.Role { self == .actor ? .actor : .critic }
}

/// A model under the name a user gives it. Commands ask it for what they need; what it cannot do it refuses by name.
package final class LoadedModel {
    let name: String
    /// As typed at `load`.
    let source: String
    /// What that meant then: a run's newest checkpoint, and its newest run, are others later.
    let fixedSource: String
    /// Makes prompts as it reads them.
    let builder: any Prompting
    /// The template that it carries as a critic.
    let ownTemplate: PromptTemplate?
    /// What writes; nil for a value head.
    private let writer: (any TextModel)?
    /// What says what it expects; nil without a value head.
    private let valuer: (any ValueModel)?
    /// Its weights; nil for a model that is not in this process.
    private let checkpoint: Checkpoint?
    private var templates: (actor: TemplateChoice, critic: TemplateChoice)
    /// The library's template that it reads unless told otherwise.
    private let standardTemplate: String
    /// The roles that it was given in this session.
    private(set) var played: Swift.Set<Role> = []
    /// Its success rate as an actor, once measured.
    private(set) var measured: MeasuredRate?
    /// The problem set of `measured`, as named; nil where none was.
    private(set) var measuredOn: String?
    /// The pattern of its tokenizer that the general engine runs; nil where there is none.
    var slowPattern: String? { checkpoint?.tokenizer.slowPattern }
    /// As a critic it was trained without In-Context Conditioning: its prompts tell nothing of the actor.
    var isUntold = false

    /// - Throws: `CriticsError` for a template of its own that is none.
    init(name: String, source: String, fixedSource: String, checkpoint: Checkpoint) throws {
        self.name = name
        (self.source, self.fixedSource) = (source, fixedSource)
        self.checkpoint = checkpoint
        valuer = checkpoint.valueModel()
        writer = valuer == nil ? checkpoint.textModel() : nil
        builder = PromptBuilder(checkpoint)
        ownTemplate = try checkpoint.ownCriticTemplate()
        standardTemplate = checkpoint.standardTemplate
        let standard = TemplateChoice.library(standardTemplate)
        templates = (actor: standard, critic: ownTemplate.map { .own($0) } ?? standard)
    }

    /// A model elsewhere that gives text.
    /// - Parameter source: where it is.
    package init(name: String, source: String, text: any TextModel) {
        self.name = name
        (self.source, fixedSource) = (source, source)
        (writer, valuer, checkpoint, ownTemplate) = (text, nil, nil, nil)
        builder = TextPrompts()
        standardTemplate = Templates.withoutModel
        let standard = TemplateChoice.library(standardTemplate)
        templates = (actor: standard, critic: standard)
    }

    // MARK: What it can do

    /// - Parameter need: what asks, as a user knows it.
    /// - Throws: `GenerationError.lacks` for a value head.
    func text(for need: String) throws -> any TextModel {
        guard let writer else { throw GenerationError.lacks(model: name, .text, need: need) }
        return writer
    }

    /// - Throws: `GenerationError.lacks` for a model that is not in this process and gives no tokens.
    func tokenizer(for need: String) throws -> Tokenizer {
        if let checkpoint { return checkpoint.tokenizer }
        return try text(for: need).tokens(for: need).tokenizer
    }

    /// The token that it was trained with before every text, where these ids do not begin with it.
    func missingBeginning(of ids: [TokenID]) -> String? {
        guard let checkpoint, let begin = checkpoint.addedBOS, ids.first != begin else {
            return nil
        }
        return checkpoint.tokenizer.piece(begin)
    }

    /// - Throws: `GenerationError.lacks` without a value head.
    func values(for need: String) throws -> any ValueModel {
        guard let valuer else { throw GenerationError.lacks(model: name, .values, need: need) }
        return valuer
    }

    /// - Throws: `GenerationError.lacks` for a model that is not in this process.
    func weights(for need: String) throws -> Checkpoint {
        guard let checkpoint else { throw GenerationError.lacks(model: name, .weights, need: need) }
        return checkpoint
    }

    /// Whether it is a critic with a value head, and writes nothing.
    var isValueModel: Bool { valuer != nil }

    /// Whether its files have the other head too, a value head or a language model's, which was not read.
    var hasBothHeads: Bool { checkpoint?.hasBothHeads ?? false }

    /// The built-in task that its few words were made for.
    var ownTask: (any BuiltInTask)? { checkpoint?.ownTask }

    /// - Throws: ``ShellError/refused(_:hint:)`` for a value head as an actor: it has no words to write.
    func checkCanPlay(_ role: Role) throws {
        if hasBothHeads, isValueModel != (role == .critic) {
            let head = isValueModel ? "value head" : "language model"
            throw ShellError.refused(
                "\(name) was loaded as the \(head) of \(source)",
                hint: "`load \(role.rawValue) \(source) --as OTHER` takes the other of its heads")
        }
        guard role == .actor, isValueModel else { return }
        throw ShellError.refused(
            "\(source) is a value head and writes nothing", hint: "`load critic \(source)` takes it as a critic")
    }

    // MARK: What is known of it

    /// The folder or file that its weights were read from; nil for a model that is not in this process.
    var origin: String? { checkpoint?.origin }

    /// Trainable numbers, a tied head counted once; nil where they are not known.
    var parameters: Int? { checkpoint?.parameters }

    /// Tokens that it reads and writes together; nil where it is not known.
    var contextLength: Int? { writer?.contextLength ?? valuer?.contextLength }

    /// `llama`; nil where it is not known.
    var architecture: String? { checkpoint?.model.configuration.architecture.name }

    /// Its size and kind: `0.91M parameters, llama with a value head`.
    var summary: String {
        guard let parameters, let architecture else { return "a model that is not in this process" }
        return "\(Span.count(parameters)) parameters, \(architecture)\(isValueModel ? " with a value head" : "")"
    }

    /// What tells it from another of its name: a sum over its weights, or where it is.
    var fingerprint: String {
        guard let checkpoint else { return fixedSource }
        let head = checkpoint.valueHead.map { String(describing: $0.bias) } ?? ""
        return String(checkpoint.model.fingerprint, radix: 16) + head
    }

    /// Bytes of its weights in this process, mapped or in memory.
    var weightBytes: Int { checkpoint?.model.weightBytes ?? 0 }

    // MARK: How it is asked

    /// The template that it reads in a role.
    func template(_ role: Role) -> TemplateChoice { role == .actor ? templates.actor : templates.critic }

    func read(_ template: TemplateChoice, as role: Role) {
        switch role {
        case .actor: templates.actor = template
        case .critic: templates.critic = template
        }
    }

    /// The library's template that it was given in a role (`prompt use`); nil where it reads the one it began with.
    func chosenTemplate(_ role: Role) -> String? {
        guard case .library(let name) = template(role) else { return nil }
        if role == .critic, ownTemplate != nil { return name }
        return name == standardTemplate ? nil : name
    }

    func play(_ role: Role) { played.insert(role) }

    /// Its success rate was measured.
    func takeRate(_ rate: MeasuredRate, measuredOn set: String) { (measured, measuredOn) = (rate, set) }

    /// The name of the workspace's copy when its own template is edited: no other model reads that one unasked.
    var editedName: String? {
        ownTemplate.map { "\($0.name)-of-\(name.replacing("/", with: "-"))" }
    }
}
