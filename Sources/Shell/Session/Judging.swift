import Acting
import Critics
import Generation
import Prompts
import Workspace

/// How loaded critics are asked: what their prompts tell of the actor, under which template and settings.
final class Judging {
    var icc = ICC()
    private let templates: Templates
    private let settings: SettingValues

    init(_ templates: Templates, _ settings: SettingValues) {
        (self.templates, self.settings) = (templates, settings)
    }

    /// Prefixes of a solution that are rated at most.
    var maxPrefixes: Int { settings.integer("critic.max_prefixes") }

    /// How values are read where they are set beside the paper's or an actor's training: the integer, unless set.
    private var paperReadout: GenerativeCritic.Readout { setReadout ?? .parsed }

    /// How `score` reads values: the expectation where the model tells it, unless set.
    func shellReadout(_ model: LoadedModel) throws -> GenerativeCritic.Readout {
        if let setReadout { return setReadout }
        guard !model.isValueModel else { return .parsed }
        return try model.text(for: "a critic that writes chains") is any ScoringModel ? .expected : .parsed
    }

    private var setReadout: GenerativeCritic.Readout? {
        settings.isChanged("critic.value_readout") ? settings.choice("critic.value_readout") : nil
    }

    /// What a model is asked with.
    func prompt(_ model: LoadedModel) throws -> PromptInUse { try templates.prompt(model, .critic) }

    /// What a critic's prompts tell of the actor.
    func told(_ model: LoadedModel) -> ICC { model.isUntold ? icc.untold : icc }

    /// The critic as it would score now: a value head where the model has one.
    /// - Parameters:
    ///   - icc: what its prompts tell, if not what ``told(_:)`` says.
    ///   - length: tokens of a chain at most, if not what `critic.response_length` says.
    func critic(
        _ model: LoadedModel, icc: ICC? = nil, samples: Int? = nil, length: Int? = nil,
        readout: GenerativeCritic.Readout? = nil, seed: UInt64? = nil
    ) throws -> any Critic {
        let icc = icc ?? told(model)
        if model.isValueModel {
            return ValueHeadCritic(
                name: model.name, model: try model.values(for: "a critic"),
                builder: PromptBuilder(try model.weights(for: "a value head")),
                template: try templates.template(model, .critic), icc: icc)
        }
        return try generativeCritic(model, samples: samples, length: length, readout: readout, seed: seed) { _ in icc }
    }

    /// - Parameter icc: what each prefix's prompt tells.
    func generativeCritic(
        _ model: LoadedModel, samples: Int? = nil, length: Int? = nil, readout: GenerativeCritic.Readout? = nil,
        seed: UInt64? = nil, icc: @escaping @Sendable (SolutionPrefix) -> ICC
    ) throws -> GenerativeCritic {
        var options = GenerativeCritic.Options()
        options.samples = samples ?? settings.integer("critic.num_samples")
        options.sampling.temperature = settings.number("critic.temperature")
        options.sampling.maxTokens = length ?? settings.integer("critic.response_length")
        options.readout = readout ?? paperReadout
        options.fallback = settings.choice("critic.parse_fallback")
        options.seed = seed ?? settings.seed
        return GenerativeCritic(
            name: model.name, model: try model.text(for: "a critic that writes chains"), builder: model.builder,
            template: try templates.template(model, .critic), options: options,
            icc: icc)
    }
}
