import Formats

/// The GGUF models in a folder. One that is split counts once; what llama.cpp puts beside models is none.
struct GGUFFolder {
    private let path: String
    /// The file, or the first part, of each.
    private let models: [String]

    init(_ path: String, _ names: [String]) {
        self.path = path
        let files = names.filter { name in
            let lower = name.lowercased()
            return lower.hasSuffix(".gguf") && !lower.contains("mmproj") && !lower.contains("imatrix")
        }
        var seen: Set<String> = []
        models = files.sorted().filter { name in
            guard let shard = ShardName(name) else { return true }
            return seen.insert(shard.part(1)).inserted
        }
    }

    /// The one to load; nil where there is none.
    /// - Throws: ``CheckpointsError/unsupported(file:what:hint:)`` for several, which it names.
    var file: String? {
        get throws {
            guard let first = models.first else { return nil }
            guard models.count == 1 else {
                throw CheckpointsError.unsupported(
                    file: path, what: "it holds \(models.count) GGUF models: \(models.joined(separator: ", "))",
                    hint: "name the one to load, such as \(path)/\(first)")
            }
            return "\(path)/\(first)"
        }
    }
}
