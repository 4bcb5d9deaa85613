/// What `train` can run: a name, the settings that it reads, and how a stage is made of them. Each is declared in its
/// own file beside this one.
package struct Method: Sendable, Hashable {
    /// Every method there is.
    package static let all: [Method] = [.sft, .criticRL, .valueHead, .genac, .ppo, .grpo, .rloo, .vineppo]

    /// As `train NAME` and recipes say it.
    package let name: String
    /// What it is, in a sentence.
    package let summary: String
    /// Whose weights `model.path` names.
    let trains: ModelRole
    /// Its own declarations, with the values that it begins with.
    package let settings: [Setting]
    private let make: @Sendable (Recipe, Resources) throws -> any Stage

    /// - Parameter make: the stage of a run with these settings. It checks them and the memory before it takes any.
    init<Group: SettingGroup>(
        _ name: String, _ summary: String, trains: ModelRole,
        _ make: @escaping @Sendable (Group, Resources) throws -> any Stage
    ) {
        (self.name, self.summary, self.trains, settings) = (name, summary, trains, Group.declared)
        self.make = { try make($0.settings(), $1) }
    }

    /// Nil where no method has that name.
    package static func named(_ name: String) -> Method? { all.first { $0.name == name } }

    /// - Throws: ``TrainingError/wrongValue(key:value:expected:)`` for settings that do not go together; what is wrong
    ///   with the recipe's models or data; ``TrainingError/noMemory(needed:available:)``.
    func stage(_ recipe: Recipe, _ resources: Resources) throws -> any Stage {
        do {
            return try make(recipe, resources)
        } catch let unfit as UnfitSetting {
            throw TrainingError.wrongValue(
                key: unfit.key, value: recipe.text(unfit.key), expected: unfit.expected)
        }
    }

    package static func == (a: Method, b: Method) -> Bool { a.name == b.name }

    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
