import Compute

/// Every setting there is. Names are verl's where verl has the thing (method.md section 6).
package enum Settings {
    package static let all: [Setting] =
        session + model + data + rollout + algorithm + actor + optimiser("actor", stages: [.sft] + StageName.policies)
        + critic
        + optimiser("critic", stages: StageName.conditioned) + trainer

    /// Those that the shell's own commands read.
    package static var ofShell: [Setting] { all.filter { $0.shellDefault != nil } }

    /// Those that a stage reads; all when none is named.
    package static func of(_ stage: StageName?) -> [Setting] {
        all.filter { setting in stage.map(setting.stages.contains) ?? true }
    }

    /// Other spellings of a key behind `train`.
    private static let aliases = ["model": "model.path", "seed": "data.seed"]

    package static func named(_ key: String) -> Setting? { all.first { $0.key == key } }

    /// A stage's setting: `seed` is `data.seed` there, `optim.lr` that of the model it trains.
    /// - Throws: ``TrainingError/unknownKey(_:suggestion:)``, ``TrainingError/notRead(_:stage:readers:)``.
    package static func find(_ key: String, of stage: StageName) throws -> Setting {
        let trained = StageName.critics.contains(stage) ? "critic." : "actor."
        let full = aliases[key] ?? (key.hasPrefix("optim.") || key == "grad_clip" ? trained + key : key)
        let setting = try find(full)
        guard setting.stages.contains(stage) else {
            throw TrainingError.notRead(setting.key, stage: stage.rawValue, readers: setting.readers)
        }
        return setting
    }

    /// The setting, or an error that suggests the likeliest one.
    package static func find(_ key: String) throws -> Setting {
        if let setting = named(key) { return setting }
        throw TrainingError.unknownKey(key, suggestion: nearest(to: key))
    }

    /// What `explain KEY` prints.
    package static func explain(_ key: String) throws -> String { try find(key).explanation }

    /// The key meant by a misspelt one: the same last part, or few letters apart.
    static func nearest(to key: String) -> String? {
        let last = key.split(separator: ".").last.map(String.init) ?? key
        let ranked = all.map { setting -> (String, Int) in
            let tail = setting.key.split(separator: ".").last.map(String.init) ?? setting.key
            return (setting.key, min(DidYouMean.distance(key, setting.key), DidYouMean.distance(last, tail) + 1))
        }
        guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(2, key.count / 4) else { return nil }
        return best.0
    }
}
