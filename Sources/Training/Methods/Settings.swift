import Compute

/// Every setting there is: the shell's own, and what the methods declare. Names are verl's where verl has the thing
/// (method.md section 6).
package enum Settings {
    /// In the order of listings and recipes.
    package static let all: [Setting] = {
        var merged: [Setting] = ShellSettings.declared, places: [String: Int] = [:]
        for method in Method.all {
            for declared in method.settings {
                let place = places[declared.key] ?? merged.count
                if place == merged.count { merged.append(declared) }
                places[declared.key] = place
                merged[place] = merged[place].read(by: method.name, from: declared.defaultValue)
            }
        }
        return SettingOrder.sorted(merged)
    }()

    /// Those that the shell's own commands read.
    package static var ofShell: [Setting] { all.filter { $0.shellDefault != nil } }

    /// Those that a method reads; all when none is named.
    package static func of(_ method: Method?) -> [Setting] {
        all.filter { setting in method.map { setting.methods.contains($0.name) } ?? true }
    }

    /// Other spellings of a key behind `train`.
    private static let aliases = ["model": "model.path", "seed": "data.seed"]

    /// Nil where no setting has that key.
    package static func named(_ key: String) -> Setting? { all.first { $0.key == key } }

    /// A method's setting: `seed` is `data.seed` there, `optim.lr` that of the model it trains.
    /// - Throws: ``TrainingError/unknownKey(_:suggestion:)``, ``TrainingError/notRead(_:stage:readers:)``.
    package static func find(_ key: String, of method: Method) throws -> Setting {
        let isOfModel = key.hasPrefix("optim.") || key == "grad_clip"
        let setting = try find(aliases[key] ?? (isOfModel ? "\(method.trains.rawValue).\(key)" : key))
        guard setting.methods.contains(method.name) else {
            throw TrainingError.notRead(setting.key, stage: method.name, readers: setting.readersInWords)
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

extension Setting {
    /// What a method begins with.
    /// - Precondition: the method reads it.
    package func defaultValue(in method: Method) -> String {
        guard let reader = readers.first(where: { $0.method == method.name }) else {
            preconditionFailure("\(method.name) does not read \(key)")
        }
        return reader.defaultValue
    }
}
