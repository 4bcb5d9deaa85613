import Acting
import Compute
import Generation
import Problems
import Prompts
import Tokenizers

/// A language model that rates a prefix by thinking aloud: a chain of thought that ends in an integer 0...10.
package final class GenerativeCritic: Critic {
    /// How a chain's value is read.
    package enum Readout: String, Sendable, Codable, CaseIterable {
        /// The integer that the chain ends in, over 10.
        case parsed
        /// The mean of the distribution over integers at its place, over 10.
        case expected
    }

    /// What a chain that ends in no score is worth.
    package enum Fallback: String, Sendable, Codable, CaseIterable {
        /// The actor's success rate as the prompt's snapshot knows it; nothing where it is unknown.
        case icc
        /// What the model would say after the cue.
        case forced
        /// Nothing.
        case fail
    }

    /// How it is asked and read.
    package struct Options: Sendable, Codable, Equatable {
        /// Chains for each prefix.
        package var samples = 1
        /// How a chain is sampled; `maxTokens` bounds the chain alone.
        package var sampling = Sampling(temperature: 1, maxTokens: 64)
        /// How a chain's value is read.
        package var readout = Readout.parsed
        /// What a chain that ends in no score is worth.
        package var fallback = Fallback.forced
        /// Whether parsed chains carry the distribution too; it costs one or two rows of logits each, and only a
        /// model that rates given tokens has it.
        package var readsDistribution = true
        /// Of the chains' random numbers.
        package var seed: UInt64 = 0
        /// Of a training run: each draws chains of its own.
        package var iteration: UInt64 = 0

        package init() {}
    }

    /// Kept in its valuations.
    package let name: String
    package let model: any TextModel
    package let builder: any Prompting
    package let template: PromptTemplate
    /// How it is asked and read.
    package let options: Options
    /// What a prefix's prompt tells: the same for all in the shell, with fields dropped at random in training.
    private let icc: @Sendable (SolutionPrefix) -> ICC

    /// A critic that is told the same fields of every prefix.
    package convenience init(
        name: String, model: any TextModel, builder: any Prompting, template: PromptTemplate, icc: ICC = ICC(),
        options: Options = Options()
    ) {
        self.init(name: name, model: model, builder: builder, template: template, options: options) { _ in icc }
    }

    package init(
        name: String, model: any TextModel, builder: any Prompting, template: PromptTemplate, options: Options,
        icc: @escaping @Sendable (SolutionPrefix) -> ICC
    ) {
        self.name = name
        self.model = model
        self.builder = builder
        self.template = template
        self.icc = icc
        self.options = options
    }

    package func prompts(for prefixes: [SolutionPrefix]) throws -> [Passage] {
        try prompts(for: prefixes, telling: prefixes.map(told))
    }

    private func prompts(for prefixes: [SolutionPrefix], telling told: [[ICCValue]]) throws -> [Passage] {
        try zip(prefixes, told).flatMap { prefix, told in
            try builder.critic(template, problem: prefix.problem.text, solutions: [prefix.text], icc: told)
        }
    }

    /// What a prefix's prompt tells of the actor that sampled its solution.
    private func told(_ prefix: SolutionPrefix) -> [ICCValue] { icc(prefix).values(for: prefix.solution.actor) }

    /// All prefixes times `options.samples` chains, decoded as one batch over the tree of their prompts.
    /// - Throws: ``GenerationError/lacks(model:_:need:)`` for a model that does not rate given tokens where the readout
    ///   or the fallback is read from them, and ``CriticsError/tooLong(_:)``, before work
    ///   starts; what the model throws.
    package func values(
        for prefixes: [SolutionPrefix], cancellation: Cancellation, progress: (@Sendable (Int, Int) -> Void)?
    ) throws -> [Valuation] {
        let clock = ContinuousClock(), start = clock.now
        let reader = try reader(), told = prefixes.map(told), prompts = try prompts(for: prefixes, telling: told)
        try checkContext(
            prefixes, needed: prompts.map { $0.ids.count + options.sampling.maxTokens }, limit: model.contextLength)
        let requests = zip(prefixes, prompts).flatMap(requests)
        let total = requests.count * options.sampling.maxTokens
        var done = 0
        let completions = try model.complete(requests, cancellation: cancellation) { _ in
            done += 1
            progress?(done, total)
        }
        var drafts = zip(requests, completions).enumerated().map { index, pair in
            draft(pair.0.prompt.ids, pair.1, of: prefixes[index / max(options.samples, 1)], reader)
        }
        if let reader { try read(&drafts, reader, cancellation) }
        let seconds = (clock.now - start).inSeconds / Double(max(prefixes.count, 1))
        let samples = max(options.samples, 1)
        return prefixes.indices.compactMap { index in
            let chains = drafts[index * samples..<(index + 1) * samples].compactMap(\.finished)
            guard !chains.isEmpty else { return nil }
            var valuation = Valuation(of: prefixes[index], by: name)
            valuation.chains = chains
            valuation.value = mean(chains.compactMap(\.value))
            (valuation.prompt, valuation.promptIDs) = (prompts[index].text, prompts[index].ids)
            valuation.icc = told[index]
            valuation.seconds = seconds
            return valuation
        }
    }

    private func requests(_ prefix: SolutionPrefix, _ prompt: Passage) -> [CompletionRequest] {
        let grammar = template.grammar
        return (0..<max(options.samples, 1)).map { sample in
            let key = RandomKey(
                seed: options.seed, purpose: .critic, iteration: options.iteration, problem: UInt64(prefix.problem.id),
                sample: StableHash(prefix.solution.id, prefix.step, sample).value)
            return CompletionRequest(
                prompt: prompt, sampling: options.sampling, key: key, isClosed: { grammar.isClosed($0) })
        }
    }
}

extension GenerativeCritic {
    /// A chain on its way to a value.
    private struct Draft {
        var chain: Chain
        /// Where its distribution is to be read, if it is.
        var place: ScoreReader.Place?
        var isCancelled = false

        var finished: Chain? { isCancelled ? nil : chain }
    }

    /// What reads scores out of the model's own probabilities; nil for a model that gives none, where none are needed.
    private func reader() throws -> ScoreReader? {
        if options.readout == .expected { _ = try model.scores(for: "the expected readout") }
        if options.fallback == .forced { _ = try model.scores(for: "the forced fallback") }
        return (model as? any ScoringModel).map { ScoreReader($0, grammar: template.grammar) }
    }

    private func draft(
        _ prompt: [TokenID], _ completion: Completion, of prefix: SolutionPrefix, _ reader: ScoreReader?
    ) -> Draft {
        var draft = Draft(
            chain: Chain(
                text: completion.text, ids: completion.ids, logprobs: completion.logprobs, score: nil, value: nil,
                status: .failed, forcedIDs: []))
        guard completion.finish != .cancelled else {
            draft.isCancelled = true
            return draft
        }
        switch template.grammar.parse(completion.bytes, ended: completion.finish == .stop) {
        case .success(let score):
            draft.chain.status = .parsed
            draft.chain.score = score
            draft.chain.value = Double(score) / Double(ScoreGrammar.highest)
            if options.readsDistribution || options.readout == .expected {
                draft.place = reader?.place(prompt: prompt, chain: written(completion), text: completion.bytes)
            }
        case .failure(let failure):
            draft.chain.failure = failure
            fallBack(&draft, prompt, completion, reader, prefix)
        }
        return draft
    }

    /// The ids that say what a chain says: all but its end token.
    private func written(_ completion: Completion) -> ArraySlice<TokenID> {
        let hasEnd = completion.ids.last.map { (model as? any TokenModel)?.endTokens.contains($0) == true } ?? false
        return completion.ids.dropLast(hasEnd ? 1 : 0)
    }

    private func fallBack(
        _ draft: inout Draft, _ prompt: [TokenID], _ completion: Completion, _ reader: ScoreReader?,
        _ prefix: SolutionPrefix
    ) {
        switch options.fallback {
        case .fail: return
        case .icc:
            guard let rate = icc(prefix).successRate(for: prefix.solution.actor) else { return }
            draft.chain.status = .fallback
            draft.chain.value = rate
        case .forced:
            guard
                let forced = reader?.forcedPlace(prompt: prompt, chain: written(completion), text: completion.bytes),
                model.contextLength.map({ forced.place.context.count < $0 }) ?? true
            else { return }
            draft.place = forced.place
            draft.chain.forcedIDs = forced.appended
        }
    }

    /// Reads all distributions that are wanted, in one batch, and what follows from them. After a cancellation
    /// chains that needed a distribution for their value count as unfinished.
    private func read(_ drafts: inout [Draft], _ reader: ScoreReader, _ cancellation: Cancellation) throws {
        let wanted = drafts.indices.filter { drafts[$0].place != nil }
        let distributions: [ScoreDistribution?]
        do {
            if cancellation.isCancelled { throw GenerationError.cancelled }
            distributions = try reader.distributions(
                at: wanted.compactMap { drafts[$0].place }, cancellation: cancellation)
        } catch GenerationError.cancelled {
            for index in wanted where drafts[index].chain.status != .parsed || options.readout == .expected {
                drafts[index].isCancelled = true
            }
            return
        }
        for (index, distribution) in zip(wanted, distributions) {
            guard let distribution else { continue }
            take(distribution, into: &drafts[index].chain)
        }
    }

    private func take(_ distribution: ScoreDistribution, into chain: inout Chain) {
        chain.distribution = distribution.probabilities
        chain.mass = distribution.mass
        let isForced = chain.status != .parsed
        if isForced {
            chain.status = .forced
            chain.score = distribution.likeliest
        }
        if options.readout == .expected {
            chain.value = distribution.expected
        } else if isForced {
            chain.value = Double(distribution.likeliest) / Double(ScoreGrammar.highest)
        }
    }

    private func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}
