import Acting
import Compute
import Critics
import Formats
import Foundation
import Generation
import Problems
import Terminal

/// Writes one solution step by step and has the critic rate the prefix as each step ends. The random numbers go on
/// where they stopped, so the solution is the one that would have been written at once.
struct LiveScoring {
    let console: Console
    let actor: Actor
    let judge: any Critic
    let order: Actor.Order
    let snapshot: ActorSnapshot
    /// What the solution will be called.
    let id: Int

    private var problem: Problem { order.problem }
    private var begun: Passage { order.prefix?.written ?? Passage() }

    /// - Returns: the whole completion, and the valuations by step.
    func write() throws -> (Completion, [Int: Valuation]) {
        let display = LiveDisplay(console, id: id)
        display.text(begun.text)
        let request = try actor.requests([order])[0]
        // A stop text may lie across two steps, and only from its ids is a text taken up under the numbers it was begun
        // with: then it is written at once, and the steps are rated afterwards.
        guard request.sampling.stop.isEmpty, let model = actor.model as? any TokenModel else {
            let completion = try actor.model.complete([request], cancellation: console.cancellation) {
                display.bytes($0.bytes)
            }
            display.finish()
            return (completion[0], [:])
        }
        var whole = Completion(ids: [], logprobs: [], bytes: [], finish: .length)
        var valuations: [Int: Valuation] = [:]
        try rate(after: whole, &valuations, display)
        repeat {
            let part = try model.complete([next(request, whole, model)], cancellation: console.cancellation) {
                display.bytes($0.bytes)
            }[0]
            whole.ids += part.ids
            whole.logprobs += part.logprobs
            whole.bytes += part.bytes
            whole.finish = part.finish
            let hasEnded = part.ids.last.map(model.endTokens.contains) ?? true
            if hasEnded || part.finish == .cancelled { break }
            whole.finish = .length
            if whole.ids.count < request.sampling.maxTokens { try rate(after: whole, &valuations, display) }
        } while whole.ids.count < request.sampling.maxTokens
        display.finish()
        return (whole, valuations)
    }

    /// The request that writes up to the end of the next step.
    private func next(
        _ request: CompletionRequest, _ whole: Completion, _ model: any TokenModel
    ) -> CompletionRequest {
        var part = request
        part.begun.ids += whole.ids
        part.begun.text += whole.text
        part.drawn = whole.ids.count
        part.sampling.maxTokens -= whole.ids.count
        if case .tokens(let size) = problem.stepRule {
            part.sampling.maxTokens = min(part.sampling.maxTokens, size - part.begun.ids.count % size)
            return part
        }
        let rule = problem.stepRule, before = model.writtenBytes(part.begun.ids)
        let known = Self.ended(before, rule)
        part.isClosed = { Self.ended(before + $0, rule) > known }
        return part
    }

    /// How many steps of a text that goes on have surely ended.
    private static func ended(_ text: [UInt8], _ rule: StepRule) -> Int {
        let steps = StepSplitter.split(text.map { [$0] }, rule: rule)
        return rule == .newline && text.last == 0x0A ? steps.count : max(0, steps.count - 1)
    }

    private func rate(
        after whole: Completion, _ valuations: inout [Int: Valuation], _ display: LiveDisplay
    ) throws {
        let draft = actor.written(id: id, order, whole, as: snapshot), steps = try actor.steps(of: draft, problem)
        let step = hasEnded(steps.last, draft.text) ? steps.count : max(0, steps.count - 1)
        guard valuations[step] == nil, !console.cancellation.isCancelled else { return }
        let prefix = try SolutionPrefix(problem: problem, solution: draft, steps: steps, step: step)
        do {
            // One that the critic has no room for is said under the table.
            guard
                let valuation = try judge.valuesWhereRoom(
                    for: [prefix], cancellation: console.cancellation, progress: nil
                ).values.first
            else { return }
            valuations[step] = valuation
            display.rated(valuation)
        } catch {
            // What is written so far is kept, as after any Ctrl-C.
            guard console.cancellation.isCancelled else { throw error }
        }
    }

    private func hasEnded(_ step: Step?, _ text: String) -> Bool {
        guard let step else { return true }
        switch problem.stepRule {
        case .newline: return text.hasSuffix("\n")
        case .tokens(let size): return step.tokens.count == size
        case .vine: return false
        }
    }
}

/// The text of one solution as it comes, a line with the critic's value after each step.
private final class LiveDisplay {
    private let console: Console
    private let style: Style
    private var pending = StreamingText("")

    init(_ console: Console, id: Int) {
        self.console = console
        style = Style(hasColour: console.output.hasColour)
        if console.streams { console.output.line(style.bold("solution \(id)")) }
    }

    func text(_ text: String) { bytes(Array(text.utf8)) }

    func bytes(_ bytes: [UInt8]) {
        guard console.streams else { return }
        pending.append(bytes)
        console.output.write(TextWidth.visible(pending.take()))
    }

    func rated(_ valuation: Valuation) {
        guard console.streams else { return }
        if console.output.isInsideLine { console.output.line() }
        let value = valuation.value.map { String(format: "%.2f ", $0) + Bar.text($0) } ?? "no value"
        console.output.line(style.accent("    \(valuation.prefix)  \(value)"))
    }

    func finish() {
        guard console.streams else { return }
        pending.end()
        console.output.write(TextWidth.visible(pending.take()))
        if console.output.isInsideLine { console.output.line() }
    }
}
