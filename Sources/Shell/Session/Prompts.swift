import Acting
import Critics
import Workspace
import Prompts

extension Session {
    /// Templates: the workspace's edited copies first, then the workspace's own, then those that came with genac.
    static func prompts(_ workspace: Workspace, _ home: Home) -> PromptLibrary {
        PromptLibrary(workspace: workspace.directory + "/.genac/prompts", homes: home.roots.map { $0 + "/prompts" })
    }

    var prompts: PromptLibrary { Self.prompts(workspace, home) }

    /// What a critic's prompts tell of the actor.
    func told(_ model: LoadedModel) -> ICC { model.isUntold ? icc.untold : icc }

    /// The critic as it would score now: a value head where the model has one.
    /// - Parameters:
    ///   - icc: what its prompts tell, if not what ``told(_:)`` says.
    ///   - length: tokens of a chain at most, if not what `critic.response_length` says.
    func critic(
        _ model: LoadedModel, icc: ICC? = nil, samples: Int? = nil, length: Int? = nil,
        readout: GenerativeCritic.Readout? = nil
    ) throws -> any Critic {
        let icc = icc ?? told(model)
        if model.isValueModel {
            return ValueHeadCritic(
                name: model.name, model: try model.values(for: "a critic"),
                builder: PromptBuilder(try model.weights(for: "a value head")),
                template: try template(model, .critic), icc: icc)
        }
        return try generativeCritic(model, samples: samples, length: length, readout: readout) { _ in icc }
    }

    /// - Parameter icc: what each prefix's prompt tells.
    func generativeCritic(
        _ model: LoadedModel, samples: Int? = nil, length: Int? = nil, readout: GenerativeCritic.Readout? = nil,
        icc: @escaping @Sendable (SolutionPrefix) -> ICC
    ) throws -> GenerativeCritic {
        var options = GenerativeCritic.Options()
        options.samples = samples ?? settings.integer("critic.num_samples")
        options.sampling.temperature = settings.number("critic.temperature")
        options.sampling.maxTokens = length ?? settings.integer("critic.response_length")
        options.readout = readout ?? settings.choice("critic.value_readout")
        options.fallback = settings.choice("critic.parse_fallback")
        options.seed = seed
        return GenerativeCritic(
            name: model.name, model: try model.text(for: "a critic that writes chains"), builder: model.builder,
            template: try template(model, .critic), options: options,
            icc: icc)
    }
}
