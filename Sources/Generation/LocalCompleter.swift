import Compute
import Foundation
import Tokenizers
import Transformer

/// A model in this process. Prompts with common token prefixes are computed once, everything is decoded as one batch,
/// and what was computed stays for the next call. Calls from several threads take turns.
///
/// Sendable unchecked: cache, store and scratch are touched in ``exclusively(_:)`` alone, a pass at a time, so that no
/// caller's closure runs in it.
package final class LocalCompleter: ScoringModel, @unchecked Sendable {
    /// Shown beside what it writes.
    package let name: String
    /// Its weights.
    package let model: Model
    /// Its words.
    package let tokenizer: Tokenizer
    /// Every id after which a text is over.
    package let endTokens: Set<TokenID>
    /// Always known: the positions that the model was made for.
    package var contextLength: Int? { limit }
    /// Tokens of prompt and completion together.
    var limit: Int { model.configuration.maxPositions }

    /// Commands take the cores from jobs; a job's own rollouts do not.
    let priority: Cores.Priority
    /// Off only to measure what sharing saves: then nothing is kept and every prompt is computed alone.
    let sharesPrefixes: Bool
    let cache: KVCache
    let scratch = ForwardScratch()
    var store = PrefixStore(limit: 512)
    private let lock = NSLock()

    /// Rows of one forward pass, and sequences decoded at once.
    static let chunkRows = 512
    static let batchSequences = 64
    /// Bytes of keys and values kept from call to call.
    static let keptBytes = 1 << 30

    /// A model with nothing kept yet.
    /// - Parameters:
    ///   - priority: commands take the cores from jobs; a job's own rollouts do not.
    ///   - sharesPrefixes: off only to measure what sharing saves.
    package init(
        name: String, model: Model, tokenizer: Tokenizer, endTokens: Set<TokenID>,
        priority: Cores.Priority = .interactive, sharesPrefixes: Bool = true
    ) {
        self.name = name
        self.model = model
        self.tokenizer = tokenizer
        self.endTokens = endTokens
        self.priority = priority
        self.sharesPrefixes = sharesPrefixes
        cache = KVCache(configuration: model.configuration)
    }

    /// Bytes of the keys and values kept.
    package var liveBytes: Int { cache.liveBytes }

    /// The prompts shared or not.
    package func residentBytes(sequences: Int, length: Int) -> Int {
        let c = model.configuration
        let rows = 4 * Self.chunkRows * (4 * c.hidden + 2 * c.queryWidth + 2 * c.kvWidth + 2 * c.intermediate)
        return model.weightBytes + sequences * cache.bytes(positions: length) + rows
            + 4 * Self.batchSequences * c.vocabulary
    }

    /// Forgets kept prefixes.
    package func clear() { lock.withLock { store.removeAll() } }

    /// A piece of work on the cache, the store and the scratch. Its order of locks is that of ``Cores``; no caller's
    /// closure runs in it.
    func exclusively<T>(_ body: () throws -> T) rethrows -> T {
        try lock.withLock {
            defer { while cache.liveBytes > Self.keptBytes, !store.isEmpty { store.dropOldest() } }
            return try Cores.shared.withLease(priority, body)
        }
    }

    // MARK: Prefill

    /// A prompt's path and the final hidden state of its last token [hidden].
    struct Prefilled {
        var path: KVPath
        var hidden: [Float]
    }

    static func state(of prompt: [TokenID], in prefilled: [[TokenID]: Prefilled]) -> Prefilled {
        guard let state = prefilled[prompt] else {
            preconditionFailure("a prompt that was asked for was not prefilled")
        }
        return state
    }

    /// Computes every prompt, shared prefixes once. Equal prompts are computed once too.
    func prefill(_ prompts: [[TokenID]], cancellation: Cancellation) throws -> [[TokenID]: Prefilled] {
        var paths: [[TokenID]: KVPath] = [:]
        var planned = PrefixStore(limit: .max)
        var work: [(prompt: [TokenID], segment: Segment, ends: Bool)] = []
        for prompt in prompts where paths[prompt] == nil {
            guard !prompt.isEmpty else { throw GenerationError.emptyPrompt }
            var start = KVPath()
            if sharesPrefixes {
                start = store.longestMatch(prompt, atMost: prompt.count - 1)
                let earlier = planned.longestMatch(prompt, atMost: prompt.count - 1)
                if earlier.count > start.count { start = earlier }
            }
            let path = try cache.extended(start, by: prompt.count - start.count)
            paths[prompt] = path
            planned.keep(prompt, path)
            for first in stride(from: start.count, to: prompt.count, by: Self.chunkRows) {
                let end = min(first + Self.chunkRows, prompt.count)
                work.append(
                    (prompt, Segment(tokens: Array(prompt[first..<end]), path: path.prefix(end)), end == prompt.count))
            }
        }
        return try run(work, paths: paths, cancellation: cancellation)
    }

    private func run(
        _ work: [(prompt: [TokenID], segment: Segment, ends: Bool)], paths: [[TokenID]: KVPath],
        cancellation: Cancellation
    ) throws -> [[TokenID]: Prefilled] {
        var done: [[TokenID]: Prefilled] = [:]
        let width = model.configuration.hidden
        var next = 0
        while next < work.count {
            if cancellation.isCancelled { throw GenerationError.cancelled }
            let first = next
            var rows = 0
            while next < work.count, rows == 0 || rows + work[next].segment.tokens.count <= Self.chunkRows {
                rows += work[next].segment.tokens.count
                next += 1
            }
            let chunk = work[first..<next]
            let hidden = try model.forward(chunk.map(\.segment), cache: cache, scratch: scratch)
            var row = 0
            for item in chunk {
                row += item.segment.tokens.count
                guard item.ends, let path = paths[item.prompt] else { continue }
                let start = (row - 1) * width
                done[item.prompt] = Prefilled(path: path, hidden: (start..<start + width).map { hidden[$0] })
            }
        }
        if sharesPrefixes { for (prompt, path) in paths { store.keep(prompt, path) } }
        return done
    }

    /// Logits [states.count, vocabulary] of hidden states.
    func logits(_ states: [[Float]]) throws -> FloatBuffer {
        let buffer = try FloatBuffer(states.flatMap { $0 })
        return try model.logits(buffer, rows: Array(0..<states.count), scratch: scratch)
    }

    // MARK: Completing

    /// Prompts that share token prefixes are prefilled once, and all are decoded as one batch.
    /// - Throws: ``GenerationError``; `TransformerError` for a token outside the vocabulary.
    package func complete(
        _ requests: [CompletionRequest], cancellation: Cancellation, onEvent: ((CompletionEvent) -> Void)?
    ) throws -> [Completion] {
        let prompts = requests.map(\.ids)
        for (request, prompt) in zip(requests, prompts) { try check(request, promptTokens: prompt.count) }
        return try Cores.shared.withPrecedence(priority) {
            let prefilled: [[TokenID]: Prefilled]
            do {
                prefilled = try exclusively { try prefill(prompts, cancellation: cancellation) }
            } catch GenerationError.cancelled {
                return requests.map { _ in Completion(ids: [], logprobs: [], bytes: [], finish: .cancelled) }
            }
            var runs = requests.enumerated().map { index, request in
                let prompt = prompts[index]
                return DecodingRun(request: request, prompt: prompt, path: Self.state(of: prompt, in: prefilled).path)
            }
            try decode(&runs, prefilled: prefilled, cancellation: cancellation, onEvent: onEvent)
            if sharesPrefixes { exclusively { for run in runs { store.keep(run.prompt + run.ids, run.path) } } }
            return runs.map(\.completion)
        }
    }

    private func check(_ request: CompletionRequest, promptTokens: Int) throws {
        let s = request.sampling
        guard s.maxTokens >= 1, s.temperature == 0 || Sampling.temperatures.contains(s.temperature), s.topP > 0,
            s.topP <= 1,
            s.minP >= 0, s.minP <= 1, s.topK >= 0
        else { throw GenerationError.invalidSampling("sampling settings are out of range: \(s)") }
        guard s.maxTokens <= limit - promptTokens else {
            throw GenerationError.contextTooLong(prompt: promptTokens, maxTokens: s.maxTokens, limit: limit)
        }
    }

    private func decode(
        _ runs: inout [DecodingRun], prefilled: [[TokenID]: Prefilled], cancellation: Cancellation,
        onEvent: ((CompletionEvent) -> Void)?
    ) throws {
        for first in stride(from: 0, to: runs.count, by: Self.batchSequences) {
            let group = Array(first..<min(first + Self.batchSequences, runs.count))
            let states = group.map { Self.state(of: runs[$0].prompt, in: prefilled).hidden }
            take(try exclusively { try draw(group, of: runs, from: try logits(states)) }, group, into: &runs, onEvent)
        }
        var waiting = Array(runs.indices.filter { runs[$0].finish == nil }.reversed())
        var active: [Int] = []
        while true {
            active.removeAll { runs[$0].finish != nil }
            while active.count < Self.batchSequences, let index = waiting.popLast() { active.append(index) }
            if active.isEmpty { return }
            if cancellation.isCancelled {
                for index in runs.indices where runs[index].finish == nil { runs[index].finish = .cancelled }
                return
            }
            take(try exclusively { try step(active, of: &runs) }, active, into: &runs, onEvent)
        }
    }

    /// Computes the newest token of each active run, and draws its next one.
    private func step(_ active: [Int], of runs: inout [DecodingRun]) throws -> [DrawnToken] {
        var segments: [Segment] = []
        for index in active {
            runs[index].path = try cache.extended(runs[index].path, by: 1)
            segments.append(Segment(tokens: [runs[index].ids[runs[index].ids.count - 1]], path: runs[index].path))
        }
        let hidden = try model.forward(segments, cache: cache, scratch: scratch)
        precondition(hidden.count >= active.count * model.configuration.hidden)
        return try draw(active, of: runs, from: try model.logits(hidden, rows: Array(active.indices), scratch: scratch))
    }

    /// Draws the next token of each run from its row of logits; rows are shared among the threads.
    /// - Throws: ``GenerationError/notANumber(model:token:value:tensor:)``.
    private func draw(_ indices: [Int], of runs: [DecodingRun], from logits: FloatBuffer) throws -> [DrawnToken] {
        let vocabulary = model.configuration.vocabulary
        let samplers = indices.map { index in
            let run = runs[index]
            return (Sampler(sampling: run.request.sampling, key: run.request.key), run.request.drawn + run.ids.count)
        }
        let drawn = DrawnTokens(count: indices.count)
        Cores.shared.parallel(indices.count) { chunk, _ in
            let (sampler, step) = samplers[chunk], row = LogitRow(logits, row: chunk, count: vocabulary)
            if let value = row.notFinite {
                drawn.set(chunk, .notFinite(value, step: step))
            } else {
                let (id, logprob) = sampler.draw(row, step: step)
                drawn.set(chunk, .token(DrawnToken(id: id, logprob: logprob)))
            }
        }
        return try drawn.values.map { one in
            switch one {
            case .token(let token): return token
            case .notFinite(let value, let step): throw notANumber(value, token: step + 1)
            }
        }
    }

    /// Gives the runs their tokens and tells of them; stop rules and the teller are the caller's, so no lock is held.
    private func take(
        _ drawn: [DrawnToken], _ indices: [Int], into runs: inout [DecodingRun], _ onEvent: ((CompletionEvent) -> Void)?
    ) {
        for (token, index) in zip(drawn, indices) {
            let added = runs[index].append(token.id, token.logprob, tokenizer: tokenizer, endTokens: endTokens)
            onEvent?(CompletionEvent(request: index, bytes: added))
        }
    }

    /// Says which tensor is to blame, where one is: reading all of them is worth it now.
    func notANumber(_ value: Float, token: Int, head: ValueHead? = nil) -> GenerationError {
        let bad = head?.firstNotFinite ?? model.firstNotFinite
        return .notANumber(model: name, token: token, value: value, tensor: bad?.description)
    }
}
