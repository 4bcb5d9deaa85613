import Compute
import Generation
import Testing
import Training
import Transformer

@Suite struct RolloutTests {
    @Test func rolloutLogprobsAreTheTrainingForwardsBits() throws {
        let checkpoint = try Support.checkpoint()
        let completer = checkpoint.textModel()
        let prompt = checkpoint.tokenizer.encode("7 | +5 *3 | ", recognisingSpecials: false)
        let requests = (0..<3).map { sample in
            CompletionRequest(
                prompt: Passage(ids: prompt), sampling: Sampling(temperature: 0.8, maxTokens: 20 + 9 * sample),
                key: RandomKey(seed: 5, purpose: .sampling, sample: UInt64(sample)))
        }
        let completions = try completer.complete(requests, cancellation: Cancellation(), onEvent: nil)
        var packed = TrainingBatch(), tree = TrainingBatch()
        let trunk = tree.append(prompt)
        for completion in completions {
            packed.appendSequence(prompt + completion.ids, scored: prompt.count..<prompt.count + completion.ids.count)
            let branch = tree.append(completion.ids.dropLast(), after: trunk)
            for (index, id) in completion.ids.enumerated() {
                tree.target(
                    id, after: index == 0 ? prompt.count - 1 : tree.segments[branch].rows.lowerBound + index - 1)
            }
        }
        let model = try TrainableModel(checkpoint.model)
        for batch in [packed, tree] {
            try model.forward(batch)
            let (ours, recorded) = (try model.scores(temperature: 0.8).logprobs, completions.flatMap(\.logprobs))
            #expect(ours.count == recorded.count && ours.count > 20)
            for index in ours.indices { #expect(ours[index] == recorded[index], "target \(index)") }
        }
    }
}
