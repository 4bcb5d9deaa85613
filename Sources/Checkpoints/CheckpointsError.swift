import Compute
import Transformer

/// Why a source is not a model that we run. Each case names the file and, where there is one, the key or tensor.
package enum CheckpointsError: GenacError {
    /// A model, or a feature of one, that is known and refused rather than run wrongly.
    case unsupported(file: String, what: String, hint: String)
    /// A setting that is missing or makes no sense.
    case setting(file: String, key: String, what: String)
    /// A tensor that is missing, in excess, or not as the configuration says.
    case tensor(file: String, name: String, what: String)
    /// A file that is not there.
    case missing(path: String, what: String)
    /// Neither a path nor a repository in the hub's cache: never downloaded, or elsewhere, or `near` is meant.
    case notInCache(source: String, repository: String, cache: String, near: String?)
    /// A part of the checkpoint, such as its chat template, that could not be read.
    case part(file: String, what: String, hint: String?)

    /// What is wrong, without where.
    package var what: String {
        switch self {
        case .unsupported(_, let what, _), .part(_, let what, _): what
        case .setting(_, let key, let what): "\(key) \(what)"
        case .tensor(_, _, let what), .missing(_, let what): what
        case .notInCache(_, let repository, let cache, _):
            "there is no such file or directory, and no repository \(repository) in \(cache)"
        }
    }

    /// The file or path, and the tensor.
    package var location: String? {
        switch self {
        case .unsupported(let file, _, _), .setting(let file, _, _), .part(let file, _, _): file
        case .tensor(let file, let name, _): "\(file): tensor \(name.debugDescription)"
        case .missing(let path, _): path
        case .notInCache(let source, _, _, _): source
        }
    }

    /// What may help.
    package var hint: String? {
        switch self {
        case .unsupported(_, _, let hint): hint
        case .setting: "check that the file is complete and belongs to this model"
        case .tensor: "check that the weights and the configuration belong together"
        case .missing:
            "a model is a Hugging Face directory, a .safetensors file beside its config.json, a .gguf file, or "
                + "ORG/NAME in the hub's cache"
        case .notInCache(_, _, _, let near?): "did you mean \(near)?"
        case .notInCache(_, let repository, _, nil):
            "`hf download \(repository)` fetches a model of the hub; HF_HUB_CACHE or HF_HOME name another cache"
        case .part(_, _, let hint): hint
        }
    }

    /// `Llama, SmolLM2, Qwen2 and Qwen2.5 are run`
    static var families: String {
        let models = Architecture.all.flatMap(\.models)
        return models.dropLast().joined(separator: ", ") + " and \(models[models.count - 1]) are run"
    }
}
