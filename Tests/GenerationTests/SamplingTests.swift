import Compute
import Foundation
import Generation
import Testing
import Tokenizers

/// Which tokens are drawn, how often, and with which log-probability.
@Suite struct SamplingTests {
    let tiny: TinyModel
    let prompt: [TokenID]

    init() throws {
        tiny = try TinyModel.shared.get()
        prompt = tiny.tokens(9)
    }

    /// First tokens of `count` samples of the prompt, as one batch.
    private func draws(_ sampling: Sampling, count: Int, seed: UInt64 = 7) throws -> [Completion] {
        var one = sampling
        one.maxTokens = 1
        return try tiny.completer().complete((0..<count).map { sampled(prompt, one, sample: $0, seed: seed) })
    }

    @Test func greedyIsTheArgmaxOfTheNextTokenDistributionAtEachStep() throws {
        let completer = tiny.completer(endTokens: [])
        let written = try completer.complete([
            sampled(prompt, Sampling(temperature: 0, topK: 3, topP: 0.5, maxTokens: 30))
        ])[0]
        #expect(written.finish == .length && written.ids.count == 30)
        var context = prompt
        for (id, logprob) in zip(written.ids, written.logprobs) {
            let row = try completer.next([context])[0]
            #expect(row.max() == row[Int(id)])
            #expect(logprob == row[Int(id)], "greedy records the log-probability at temperature 1")
            context.append(id)
        }
    }

    @Test(arguments: [1.0, 0.6, 1.7]) func sampledFrequenciesMatchTheDistribution(_ temperature: Double) throws {
        let exact = distribution(try tiny.completer().next([prompt])[0], temperature: temperature)
        let count = 20_000
        let seen = try draws(Sampling(temperature: temperature), count: count)
        var counts = [Int](repeating: 0, count: exact.count)
        for completion in seen { counts[Int(completion.ids[0])] += 1 }
        // Cells of too few expected draws go together.
        var chi = 0.0, cells = 0, restSeen = 0.0, restExpected = 0.0
        for (seen, p) in zip(counts, exact) {
            let expected = p * Double(count)
            if expected < 8 {
                restSeen += Double(seen)
                restExpected += expected
            } else {
                chi += pow(Double(seen) - expected, 2) / expected
                cells += 1
            }
        }
        if restExpected > 0 { chi += pow(restSeen - restExpected, 2) / restExpected }
        // Five standard deviations above the mean of chi-square.
        #expect(cells > 20)
        #expect(chi < Double(cells) + 5 * (2 * Double(cells)).squareRoot(), "\(chi) over \(cells) cells")
    }

    /// The definition: temperature, then top-k, then top-p over what is left, then min-p against the likeliest.
    private func reference(_ p: [Double], _ s: Sampling) -> Set<TokenID> {
        var order = p.indices.sorted { (-p[$0], $0) < (-p[$1], $1) }
        if s.topK > 0 { order = Array(order.prefix(s.topK)) }
        let mass = order.reduce(0) { $0 + p[$1] }
        var held = 0.0, kept: [Int] = []
        for index in order {
            if s.topP < 1, held >= s.topP * mass { break }
            held += p[index]
            kept.append(index)
        }
        return Set(kept.filter { p[$0] >= s.minP * p[order[0]] }.map { TokenID($0) })
    }

    @Test func filtersAllowExactlyTheTokensOfTheirDefinition() throws {
        for temperature in [0.5, 1.0] {
            for sampling in [
                Sampling(temperature: temperature, topK: 1), Sampling(temperature: temperature, topK: 5),
                Sampling(temperature: temperature, topP: 0.3), Sampling(temperature: temperature, topP: 1e-9),
                Sampling(temperature: temperature, minP: 0.5), Sampling(temperature: temperature, minP: 1),
                Sampling(temperature: temperature, topK: 12, topP: 0.7),
                Sampling(temperature: temperature, topK: 20, topP: 0.9, minP: 0.4),
                Sampling(temperature: temperature, topK: 100_000, topP: 0.2),
            ] { try expectExactly(sampling) }
        }
    }

    @Test func topPAfterTopKCountsTheMassOfAllTopKTokens() throws {
        for topK in [10, 40, 150] {
            for topP in [0.05, 0.1, 0.5, 0.9] { try expectExactly(Sampling(topK: topK, topP: topP)) }
        }
    }

    /// Draws until every allowed token must have come: one is missed with probability below e^-14.
    private func expectExactly(_ sampling: Sampling) throws {
        let p = distribution(try tiny.completer().next([prompt])[0], temperature: sampling.temperature)
        let allowed = reference(p, sampling)
        let rarest = (allowed.map { p[Int($0)] }.min() ?? 1) / allowed.reduce(0) { $0 + p[Int($1)] }
        let count = min(30_000, Int(14 / rarest) + 50)
        let seen = Set(try draws(sampling, count: count).map { $0.ids[0] })
        #expect(seen.isSubset(of: allowed), "\(sampling)")
        if Double(count) * rarest >= 14 { #expect(seen == allowed, "\(sampling)") }
    }

    @Test func recordedLogprobsAreOfTheFullDistributionAtTheSamplingTemperature() throws {
        let completer = tiny.completer(endTokens: [])
        for sampling in [
            Sampling(temperature: 1, maxTokens: 12), Sampling(temperature: 0.6, maxTokens: 12),
            Sampling(temperature: 1.5, topK: 5, maxTokens: 12),
            Sampling(temperature: 0.8, topP: 0.5, minP: 0.1, maxTokens: 12),
        ] {
            let written = try completer.complete([sampled(prompt, sampling)])[0]
            #expect(written.ids.count == written.logprobs.count)
            for index in written.ids.indices {
                let row = try completer.next([prompt + written.ids[..<index]])[0]
                let exact = log(distribution(row, temperature: sampling.temperature)[Int(written.ids[index])])
                #expect(abs(Double(written.logprobs[index]) - exact) < 3e-5, "\(sampling)")
            }
        }
    }

    @Test func theMeanImportanceRatioIsOne() throws {
        // New weights over old, on the old model's samples: E[exp(new - old)] = 1, as long as both are at one
        // temperature.
        let other = try TinyModel(seed: 2, scale: 0.25).completer()
        for temperature in [0.7, 1.0] {
            let new = distribution(try other.next([prompt])[0], temperature: temperature)
            let ratios = try draws(Sampling(temperature: temperature), count: 20_000).map { written in
                new[Int(written.ids[0])] / exp(Double(written.logprobs[0]))
            }
            let mean = ratios.reduce(0, +) / Double(ratios.count)
            let variance = ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(ratios.count - 1)
            #expect(abs(mean - 1) < 3 * (variance / Double(ratios.count)).squareRoot(), "T \(temperature): \(mean)")
        }
    }

    @Test func theMeanImportanceRatioOfTheSameModelIsOne() throws {
        let old = distribution(try tiny.completer().next([prompt])[0], temperature: 0.6)
        for written in try draws(Sampling(temperature: 0.6), count: 500) {
            #expect(abs(old[Int(written.ids[0])] / exp(Double(written.logprobs[0])) - 1) < 3e-5)
        }
    }

    @Test func aTemperatureNearZeroIsGreedyOrRefused() throws {
        let greedy = try draws(Sampling(temperature: 0), count: 1)[0].ids
        for temperature in [1e-3, 1e-6, 1e-30, 1e-40, 1e-60, 1e-300] {
            do {
                let written = try draws(Sampling(temperature: temperature), count: 1)[0]
                #expect(written.ids == greedy, "T \(temperature)")
                #expect(written.logprobs[0].isFinite && written.logprobs[0] <= 0, "T \(temperature)")
            } catch GenerationError.invalidSampling {
                #expect(temperature < 1e-6, "in range, and refused")
            }
        }
    }
}
