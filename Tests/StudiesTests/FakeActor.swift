import Acting
import Compute
import Critics
import Foundation
import Generation
import Jumps
import Problems
import Prompts
import Studies
import Synchronization
import Tokenizers

/// An actor of the starter task that writes what it is told to and never draws: of its continuations of a beginning,
/// exactly as many are right as a test says. Nothing of a study's numbers is then left to chance.
final class FakeActor: TokenModel {
    /// What a test decides.
    struct Script: Sendable {
        /// The digits that the lines of a solution claim, by problem and sample.
        var claims: @Sendable (_ problem: Int, _ sample: Int) -> [Int] = { _, _ in [] }
        /// How many of `rollouts` continuations of a beginning of so many lines end right.
        var successes: @Sendable (_ problem: Int, _ claims: [Int]) -> Int = { _, _ in 0 }
        /// The digit that the next line claims, by problem and draw, where a study ranks next steps.
        var next: @Sendable (_ problem: Int, _ draw: Int) -> Int = { _, _ in 0 }
        /// Solutions that the token limit cuts off, by problem and sample.
        var isCutOff: @Sendable (_ problem: Int, _ sample: Int) -> Bool = { _, _ in false }
    }

    let name = "fake"
    let contextLength: Int? = 4096
    let tokenizer: Tokenizer
    let endTokens: Set<TokenID>
    private let rollouts: Int
    private let script: Script
    private let problems: [Int: Jumps]
    /// Continuations so far, by the text they go on from.
    private let continued = Mutex<[String: Int]>([:])
    private let calls = Mutex(0)

    /// How often anything was asked of it.
    var asked: Int { calls.withLock { $0 } }

    init(_ problems: [Problem], rollouts: Int, _ script: Script) throws {
        Tasks.register(JumpsTask())
        tokenizer = try Tokenizer(tokenizerJSON: JumpsTask.tokenizerJSON())
        endTokens = Set([tokenizer.id(ofSpecial: JumpsTask.endOfText)].compactMap { $0 })
        (self.rollouts, self.script) = (rollouts, script)
        self.problems = Dictionary(
            uniqueKeysWithValues: problems.compactMap { one in Jumps(text: one.text).map { (one.id, $0) } })
    }

    func complete(
        _ requests: [CompletionRequest], cancellation: Cancellation, onEvent: ((CompletionEvent) -> Void)?
    ) -> [Completion] {
        calls.withLock { $0 += 1 }
        return requests.map { request in
            let problem = Int(request.key.problem), sample = Int(truncatingIfNeeded: request.key.sample)
            let text = tokenizer.decode(request.ids).components(separatedBy: FakeActor.cue).last ?? ""
            guard let jumps = problems[problem] else {
                return Completion(ids: [], logprobs: [], bytes: [], finish: .stop)
            }
            let written = jumps.claims(in: text).compactMap { $0 }
            let claims =
                switch request.key.purpose {
                case .truth:
                    rest(
                        of: jumps, after: written,
                        isRight: turn(problem, text, among: rollouts) < script.successes(problem, written))
                case .pool: rest(of: jumps, after: written + [script.next(problem, sample)], isRight: true)
                default: script.claims(problem, sample)
                }
            return completion(
                String(jumps.solutionText(claims: claims).dropFirst(text.count)),
                isCutOff: request.key.purpose == .sampling && script.isCutOff(problem, sample))
        }
    }

    private static let cue = "A:\n"

    /// The place of a continuation among those of its text, anew after each `count`.
    private func turn(_ problem: Int, _ text: String, among count: Int) -> Int {
        continued.withLock { seen in
            defer { seen["\(problem) \(text)", default: 0] += 1 }
            return seen["\(problem) \(text)", default: 0] % count
        }
    }

    /// What the grader reads is the last line's digit.
    private func rest(of jumps: Jumps, after written: [Int], isRight: Bool) -> [Int] {
        let missing = jumps.groups.count - written.count
        guard missing > 0 else { return written }
        return written + Array(repeating: 0, count: missing - 1) + [(jumps.answer + (isRight ? 0 : 1)) % 10]
    }

    private func completion(_ text: String, isCutOff: Bool) -> Completion {
        let ids = tokenizer.encode(text, recognisingSpecials: false)
        let all = isCutOff ? ids : ids + Array(endTokens)
        return Completion(
            ids: all, logprobs: all.map { _ in -0.5 }, bytes: Array(text.utf8), finish: isCutOff ? .length : .stop)
    }

}

extension FakeActor {
    private static let template = "{{% CONTENT_TYPE:TEXT}}\n{{! form: text }}\nQ: {{problem}}\nA:\n\n"

    private var builder: PromptBuilder { PromptBuilder(tokenizer: tokenizer, chatTemplate: nil, bos: nil) }

    /// It as studies know actors.
    func actor(_ name: String = "fake") throws -> Actor {
        Actor(
            name: name, parameters: 1, model: self, builder: builder,
            template: try PromptTemplate(name: "a", role: .actor, text: Self.template),
            sampling: Sampling(maxTokens: 200))
    }

    func subject(_ name: String = "fake", rate: Double? = nil) throws -> Approximation.Subject {
        var options = MonteCarlo.Options()
        options.rollouts = rollouts
        let actor = try actor(name), truth = MonteCarlo(actor: actor, options: options)
        return .init(
            actor: actor, snapshot: actor.snapshot(rate: rate.map { SuccessRate(value: $0, source: .measured(100)) }),
            truth: truth)
    }
}
