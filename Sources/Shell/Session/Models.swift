import Compute

/// The models of a session, and which plays which role.
package final class Models {
    private(set) var all: [LoadedModel] = []
    private var inRole: [Role: String] = [:]

    init() {}

    /// - Throws: ``ShellError/refused(_:hint:)`` where none is called so.
    package func find(_ name: String) throws -> LoadedModel {
        if let model = all.first(where: { $0.name == name }) { return model }
        // `save critic DIR` means the one in that role, where no model has the name.
        if let role = Role(rawValue: name), inRole[role] != nil { return try model(role) }
        let near = DidYouMean.nearest(to: name, in: all.map(\.name))
        let hint =
            all.isEmpty
            ? "`load actor SOURCE` loads one"
            : near.map { "did you mean \($0)?" } ?? "loaded are: \(all.map(\.name).joined(separator: ", "))"
        throw ShellError.refused("there is no model \(name)", hint: hint)
    }

    /// - Throws: ``ShellError/refused(_:hint:)`` when none plays the role.
    func model(_ role: Role) throws -> LoadedModel {
        guard let name = inRole[role] else {
            throw ShellError.refused(
                "no \(role.rawValue) is loaded",
                hint:
                    "`load \(role.rawValue) starter:\(role.rawValue)`, or any other SOURCE; `use \(role.rawValue) "
                    + "NAME` takes a loaded one"
            )
        }
        return try find(name)
    }

    func has(_ role: Role) -> Bool { inRole[role] != nil }

    /// Roles that `model` plays now.
    func roles(of model: LoadedModel) -> [Role] { Role.allCases.filter { inRole[$0] == model.name } }

    /// A model that is in memory from now on.
    package func add(_ model: LoadedModel) { all.append(model) }

    /// From now on it is meant where a role is.
    package func use(_ model: LoadedModel, as role: Role) {
        inRole[role] = model.name
        model.play(role)
    }

    func remove(_ name: String) throws {
        let model = try find(name)
        all.removeAll { $0 === model }
        for role in Role.allCases where inRole[role] == name { inRole[role] = nil }
    }

    /// The named model, else the actor, else the critic: for commands that only need some model's tokens.
    func any(_ name: String?) throws -> LoadedModel {
        if let name { return try find(name) }
        return has(.actor) || !has(.critic) ? try model(.actor) : try model(.critic)
    }

    /// The same for commands that need what it thinks of words.
    func writer(_ name: String?) throws -> LoadedModel {
        let model = try any(name)
        guard !model.isValueModel else {
            throw ShellError.refused(
                "\(model.name) is a value head and knows nothing of words", hint: "name another with --model")
        }
        return model
    }
}
