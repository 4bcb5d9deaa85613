import Compute
import Generation
import Tokenizers
import Transformer

/// How fast a model runs here: prefill, decoding, and scoring the prefixes of a response three ways.
///
/// Shapes are those of performance.md section 3c: a prompt of 160 tokens, a response of 256, 16 prefixes, a suffix
/// of 48, chains of 64. Token ids are arbitrary; nothing ends early.
package struct EngineBenchmark: Sendable {
    /// What was measured of one shape.
    package struct Row: Sendable {
        /// `prefill/512`, `decode/1`, `decode/16`, `score/naive`, `score/shared`, `score/batched`.
        package let name: String
        /// `tokens/s`, or `s` for scoring.
        package let unit: String
        /// [runs], in `unit`.
        package let values: [Double]
        /// The best that ``MachineLimits`` would allow, in the same unit.
        package let floor: Double

        /// Of the runs.
        package var median: Double { values.median }
    }

    /// What may be measured by itself.
    package enum Part: String, Sendable, CaseIterable { case prefill, decode, score }

    /// The model that is timed.
    package let model: Model
    /// Its own.
    package let tokenizer: Tokenizer
    /// How often each shape is run, at least 1.
    package let runs: Int
    private let limits: MachineLimits

    private static let prompt = 160, response = 256, prefixes = 16, suffix = 48, chain = 64

    /// Measures the machine's limits first.
    /// - Throws: `ComputeError.outOfMemory`.
    package init(model: Model, tokenizer: Tokenizer, runs: Int) throws {
        self.model = model
        self.tokenizer = tokenizer
        self.runs = max(1, runs)
        limits = try Cores.shared.withLease(.interactive) { try MachineLimits.measure() }
    }

    /// What this machine could do at best.
    package var machine: MachineLimits { limits }

    /// Measures the parts one after another; each value is one run.
    /// - Throws: `GenerationError.cancelled`, and what the model throws when its context is too short.
    package func rows(_ parts: [Part], cancellation: Cancellation, progress: (String) -> Void) throws -> [Row] {
        var rows: [Row] = []
        func add(_ name: String, _ unit: String, floor: Double, _ measure: () throws -> Double) throws {
            progress(name)
            rows.append(Row(name: name, unit: unit, values: try (0..<runs).map { _ in try measure() }, floor: floor))
        }
        if parts.contains(.prefill) {
            try add("prefill/512", "tokens/s", floor: 512 / seconds(rows: 512, heads: 1, passes: 1)) {
                512 / (try prefill(512, cancellation))
            }
        }
        if parts.contains(.decode) {
            for batch in [1, 16] {
                try add(
                    "decode/\(batch)", "tokens/s",
                    floor: Double(batch) / seconds(rows: batch, heads: batch, passes: 1, context: 512 + 16)
                ) {
                    try decode(batch, steps: 32, cancellation)
                }
            }
        }
        if parts.contains(.score) {
            for way in Way.allCases {
                try add("score/\(way.rawValue)", "s", floor: floor(of: way)) { try score(way, cancellation) }
            }
        }
        return rows
    }

    // MARK: What is measured

    private func tokens(_ count: Int, salt: Int) -> [TokenID] {
        (0..<count).map { TokenID((($0 + salt) * 7919 + salt * 31) % min(1000, model.configuration.vocabulary)) }
    }

    private func completer(sharing: Bool = true) -> LocalCompleter {
        LocalCompleter(name: "bench", model: model, tokenizer: tokenizer, endTokens: [], sharesPrefixes: sharing)
    }

    private func request(_ prompt: [TokenID], _ length: Int) -> CompletionRequest {
        CompletionRequest(
            prompt: Passage(ids: prompt), sampling: Sampling(temperature: 0, maxTokens: length),
            key: RandomKey(seed: 0, purpose: .test))
    }

    private func time(_ work: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try work()
        return (ContinuousClock.now - start).inSeconds
    }

    private func prefill(_ count: Int, _ cancellation: Cancellation) throws -> Double {
        let fresh = completer()
        return try time { _ = try fresh.nextTokenLogprobs([tokens(count, salt: 1)], cancellation: cancellation) }
    }

    /// Tokens a second of `batch` branches after one prompt of 512, the prompt not counted.
    private func decode(_ batch: Int, steps: Int, _ cancellation: Cancellation) throws -> Double {
        let fresh = completer(), prompt = tokens(512, salt: 2)
        _ = try fresh.nextTokenLogprobs([prompt + [1]], cancellation: cancellation)
        let requests = (0..<batch).map { request(prompt + [TokenID($0 + 1)], steps + 1) }
        _ = try fresh.nextTokenLogprobs(requests.map(\.ids), cancellation: cancellation)
        var first: ContinuousClock.Instant?
        let done = try fresh.complete(requests, cancellation: cancellation) { _ in
            if first == nil { first = .now }
        }
        if done.contains(where: { $0.finish == .cancelled }) { throw GenerationError.cancelled }
        return Double(batch * steps) / (ContinuousClock.now - (first ?? .now)).inSeconds
    }

    private enum Way: String, CaseIterable { case naive, shared, batched }

    private var scoringPrompts: [[TokenID]] {
        let problem = tokens(Self.prompt, salt: 3), solution = tokens(Self.response, salt: 4),
            cue = tokens(Self.suffix, salt: 5)
        return (0..<Self.prefixes).map { problem + solution.prefix($0 * Self.response / Self.prefixes) + cue }
    }

    /// Seconds to write one chain for each prefix: prompts computed alone and chains one by one, prompts shared and
    /// chains one by one, everything shared and decoded as one batch.
    private func score(_ way: Way, _ cancellation: Cancellation) throws -> Double {
        let fresh = completer(sharing: way != .naive)
        let requests = scoringPrompts.map { request($0, Self.chain) }
        let calls = way == .batched ? [requests] : requests.map { [$0] }
        return try time {
            for call in calls {
                let done = try fresh.complete(call, cancellation: cancellation, onEvent: nil)
                if done.contains(where: { $0.finish == .cancelled }) { throw GenerationError.cancelled }
            }
        }
    }

    // MARK: What would be possible

    /// The larger of operations over peak and bytes over bandwidth, for `rows` rows of which `heads` need logits.
    /// `context` counts the keys and values that a pass reads.
    private func seconds(rows: Int, heads: Int, passes: Int, context: Int = 0) -> Double {
        let c = model.configuration, head = c.vocabulary * c.hidden
        let perRow = Double(2 * (c.parameters - (c.tiedHead ? head : 2 * head)))
        let kv = Double(8 * c.layers * c.kvWidth * context)
        return max(
            (Double(rows) * perRow + Double(2 * heads * head)) / limits.operationsPerSecond,
            Double(passes) * (Double(model.passBytes) + kv) / limits.bytesPerSecond)
    }

    private func floor(of way: Way) -> Double {
        let k = Self.prefixes, decoding = k * (Self.chain - 1)
        let alone = scoringPrompts.reduce(0) { $0 + $1.count }
        let tree = Self.prompt + Self.response * (k - 1) / k + k * Self.suffix
        return switch way {
        case .naive:
            seconds(rows: alone, heads: k, passes: k) + seconds(rows: decoding, heads: decoding, passes: decoding)
        case .shared:
            seconds(rows: tree, heads: k, passes: k) + seconds(rows: decoding, heads: decoding, passes: decoding)
        case .batched:
            seconds(rows: tree, heads: k, passes: 1) + seconds(rows: decoding, heads: decoding, passes: Self.chain - 1)
        }
    }
}
