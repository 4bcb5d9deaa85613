import Checkpoints
import Transformer
import Prompts

/// What a stage of joint training is made of, known before any of it is made: its critic's weights and template, and
/// the memory that all of it takes.
struct PolicyPlan {
    private let recipe: Recipe
    private let critic: (checkpoint: Checkpoint, template: PromptTemplate)?
    /// Bytes that the whole stage holds at most.
    let bytes: Int

    init(_ recipe: Recipe, _ actor: Checkpoint, _ stream: any RolloutStream, _ resources: Resources) throws {
        self.recipe = recipe
        switch recipe.stage {
        case .genac:
            critic = try Self.critic(
                recipe, resources.languageModel(recipe.text("critic.model.path"), as: .critic), resources)
        case .ppo:
            critic = try Self.critic(recipe, resources.load(recipe.text("critic.model.path"), .critic), resources)
            if let critic { try stream.checkWords(of: critic.checkpoint) }
        case .grpo, .rloo, .vineppo: critic = nil
        case .sft, .criticRL, .valueHead: preconditionFailure("\(recipe.stage.rawValue) is no joint training")
        }
        bytes = try PolicyMemory(recipe, actor, critic, stream).bytes
    }

    private static func critic(_ recipe: Recipe, _ checkpoint: Checkpoint, _ resources: Resources) throws -> (
        Checkpoint, PromptTemplate
    ) {
        (checkpoint, try resources.criticTemplate(recipe, for: checkpoint))
    }

    func credit(totalSteps: Int) throws -> any Credit {
        switch recipe.stage {
        case .genac:
            let (checkpoint, template) = madeCritic
            return GenerativeCredit(
                try GenerativeLearner(checkpoint, template: template, recipe, totalSteps: totalSteps), recipe)
        case .ppo:
            let (checkpoint, template) = madeCritic
            return HeadCredit(try HeadLearner(checkpoint, template: template, recipe, totalSteps: totalSteps), recipe)
        case .vineppo: return VineCredit(recipe)
        case .grpo: return GroupCredit(.mean(scaled: recipe.flag("algorithm.norm_adv_by_std_in_grpo")))
        case .rloo: return GroupCredit(.others)
        case .sft, .criticRL, .valueHead: preconditionFailure("\(recipe.stage.rawValue) is no joint training")
        }
    }

    private var madeCritic: (checkpoint: Checkpoint, template: PromptTemplate) {
        guard let critic else { preconditionFailure("\(recipe.stage.rawValue) was planned without a critic") }
        return critic
    }
}
