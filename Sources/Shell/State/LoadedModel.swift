import ArgumentParser
import Checkpoints
import Critics
import Foundation
import Generation
import Problems
import Tokenizers
import Training

/// What a model is for.
public enum Role: String, Sendable, CaseIterable, ExpressibleByArgument {
    case actor, critic

    var template: PromptTemplate.Role { self == .actor ? .actor : .critic }
}

/// A model in memory, under the name a user gives it.
public final class LoadedModel {
    public let name: String
    /// As typed at `load`.
    public let source: String
    public let checkpoint: Checkpoint
    public let completer: LocalCompleter
    public let builder: PromptBuilder
    /// The prompt template for each role it may take.
    var templates: [Role: String]

    init(name: String, source: String, checkpoint: Checkpoint) {
        self.name = name
        self.source = source
        self.checkpoint = checkpoint
        completer = LocalCompleter(
            name: name, model: checkpoint.model, tokenizer: checkpoint.tokenizer, endTokens: checkpoint.endTokens)
        builder = PromptBuilder(
            tokenizer: checkpoint.tokenizer, chatTemplate: checkpoint.chatTemplate,
            bos: checkpoint.addsBOS ? checkpoint.bosToken : nil, namedBOS: checkpoint.bosToken, namedEOS: checkpoint.eosToken)
        let template = Self.speaksStarter(checkpoint) ? StarterTask.promptName : "default"
        templates = [.actor: template, .critic: template]
    }

    /// Bytes of the weights, mapped or in memory; a tied head is counted once.
    var weightBytes: Int {
        let weights = checkpoint.model.weights
        var parts = weights.layers.flatMap { [$0.q, $0.k, $0.v, $0.o, $0.gate, $0.up, $0.down] } + [weights.embedding]
        if weights.head.bytes.baseAddress != weights.embedding.bytes.baseAddress { parts.append(weights.head) }
        return parts.reduce(0) { $0 + $1.bytes.count }
    }

    /// Models with the starter's few words were trained under the starter's prompts.
    private static func speaksStarter(_ checkpoint: Checkpoint) -> Bool {
        guard checkpoint.chatTemplate == nil, checkpoint.tokenizer.vocabularySize <= 1024 else { return false }
        return StarterTask.words.prefix(16).allSatisfy { checkpoint.tokenizer.encode($0, recognisingSpecials: false).count == 1 }
    }
}

/// Turns what a user may name a model by into a path.
struct ModelSource: Sendable {
    let home: Home
    let runs: String

    /// - Throws: ``ShellError/refused(_:hint:)`` for a starter or run that is not there.
    func path(_ source: String) throws -> String {
        if source.hasPrefix("starter:") {
            let name = String(source.dropFirst("starter:".count))
            guard !name.contains("/"), let path = home.find("starter/\(name)/config.json") else {
                let places = home.roots.map { $0 + "/starter" }.filter { FileManager.default.fileExists(atPath: $0) }
                let found = Swift.Set(places.flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] }).sorted()
                throw ShellError.refused(
                    "there is no starter model \(name)",
                    hint: found.isEmpty ? "no starter folder was found in the workspace, $GENAC_HOME or above the executable" : "there are: \(found.joined(separator: ", "))")
            }
            return (path as NSString).deletingLastPathComponent
        }
        if source.hasPrefix("run:") {
            let parts = source.dropFirst("run:".count).split(separator: "@", maxSplits: 1).map(String.init)
            guard let name = parts.first, parts.count == 1 || Int(parts[1]) != nil else {
                throw ShellError.refused("\(source) names no run", hint: "write run:ID or run:ID@STEP; `runs` lists them")
            }
            let id = name == "last" ? try newestRun() : name
            return try RunDirectory.actorPath(of: id, step: parts.count == 2 ? Int(parts[1]) : nil, in: runs)
        }
        if source.hasPrefix("http://") || source.hasPrefix("https://") {
            throw ShellError.refused("endpoints are not supported yet", hint: "give a directory, a .safetensors or a .gguf file")
        }
        return home.file(source)
    }

    /// The run that was started last.
    func newestRun() throws -> String {
        let dated = try RunDirectory.list(in: runs).map { id -> (String, Date) in
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(runs)/\(id)/recipe.json")
            return (id, attributes?[.modificationDate] as? Date ?? .distantPast)
        }
        guard let newest = dated.max(by: { $0.1 < $1.1 }) else {
            throw ShellError.refused("there is no run yet", hint: "`train sft …` makes one")
        }
        return newest.0
    }

    func load(_ source: String, name: String? = nil) throws -> Checkpoint {
        try Checkpoint.load(path(source), name: name)
    }

    /// A name for what `source` says: `starter:actor` is `actor`, `run:sft-1@20` is `sft-1@20`.
    func defaultName(_ source: String) -> String {
        for prefix in ["starter:", "run:"] where source.hasPrefix(prefix) { return String(source.dropFirst(prefix.count)) }
        let last = URL(fileURLWithPath: source).standardizedFileURL.lastPathComponent
        for ending in [".gguf", ".safetensors"] where last.hasSuffix(ending) { return String(last.dropLast(ending.count)) }
        return last
    }
}
