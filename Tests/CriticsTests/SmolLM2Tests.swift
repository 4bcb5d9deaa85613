import Acting
import Checkpoints
import Compute
import Critics
import Foundation
import Generation
import Problems
import PromptKit
import Prompts
import Testing
import Tokenizers

/// The file that `make smollm2` fetches, where it was fetched.
private let smollm2: String? = {
    let folder = promptsFolder() + "/../models/smollm2"
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.first { $0.hasSuffix(".gguf") }.map { "\(folder)/\($0)" }
}()

@Suite(.enabled(if: smollm2 != nil)) struct SmolLM2Tests {
    static let text = """
        Natalia sold 48 clips in April.
        In May she sold half as many, which is 48 / 2 = 24 clips.
        Altogether she sold 48 + 24 = 72 clips.
        The answer is 72.
        """

    @Test func aRealChatModelScoresEveryPrefixOverASharedTrunk() throws {
        let checkpoint = try Checkpoint.load(#require(smollm2))
        let (solution, steps) = makeSolution(Self.text, tokenizer: checkpoint.tokenizer)
        let natalia = Problem(
            id: 1, text: "Natalia sold clips to 48 friends in April, and half as many in May. How many in all?",
            answer: "72")
        let prefixes = try (0..<steps.count).map {
            try SolutionPrefix(problem: natalia, solution: solution, steps: steps, step: $0)
        }
        let library = PromptLibrary(workspace: nil, homes: [promptsFolder()])
        var options = GenerativeCritic.Options()
        options.sampling = Sampling(temperature: 0.7, maxTokens: 40)
        let critic = GenerativeCritic(
            name: "smollm2", model: checkpoint.textModel(), builder: PromptBuilder(checkpoint),
            template: try library.load(.critic, "default"), options: options)

        let prompts = try critic.prompts(for: prefixes)
        for (prompt, prefix) in zip(prompts, prefixes) {
            #expect(checkpoint.tokenizer.decode(prompt.ids) == prompt.text)
            #expect(prompt.text.contains(prefix.text + "</solution>\n"))
        }
        let close = try #require(prompts[0].text.range(of: "</solution>", options: .backwards))
        let tail = checkpoint.tokenizer.encode(String(prompts[0].text[close.lowerBound...]), recognisingSpecials: true)
            .count
        for (shorter, longer) in zip(prompts, prompts.dropFirst()) {
            let shared = zip(shorter.ids, longer.ids).prefix { $0 == $1 }.count
            #expect(shared >= shorter.ids.count - tail - 1)
        }
        let values = try critic.values(for: prefixes, cancellation: Cancellation(), progress: nil)
        #expect(values.count == prefixes.count)
        for value in values {
            let distribution = try #require(value.chains[0].distribution)
            #expect(abs(distribution.reduce(0, +) - 1) < 1e-9 && (value.chains[0].mass ?? 0) > 0.1)
            #expect(value.value.map { (0...1).contains($0) } == true)
        }
    }
}
