import Acting
import Compute
import Critics
import Foundation
import Generation
import Jumps
import ModelKit
import Problems
import PromptKit
import Prompts
import Testing
import Tokenizers

/// Traces: the exact teacher, the filter, and that a row is what the critic is later asked.
@Suite struct TraceTests {
    let jumps = Jumps(
        start: 7,
        groups: [
            [.init(.plus, 5), .init(.times, 3)], [.init(.minus, 4)],
            [.init(.plus, 1), .init(.plus, 1), .init(.plus, 1)],
        ])
    let tokenizer: Tokenizer
    let builder: PromptBuilder
    let template: PromptTemplate

    init() throws {
        tokenizer = try Tokenizer(tokenizerJSON: JumpsTask.tokenizerJSON())
        builder = PromptBuilder(tokenizer: tokenizer, chatTemplate: nil, bos: nil)
        template = try PromptLibrary(workspace: nil, homes: [promptsFolder()]).load(.critic, JumpsTask.templateName)
    }

    private func prefixes(_ text: String, id: Int = 2) throws -> [SolutionPrefix] {
        let (solution, steps) = makeSolution(text, id: id, tokenizer: tokenizer)
        return try (0..<steps.count).map {
            try SolutionPrefix(
                problem: jumps.problem(id: 1, source: "test"), solution: solution, steps: steps, step: $0)
        }
    }

    private let skill = JumpsSkill(accuracy: [0.9, 0.8, 0.5])

    @Test func theExactCriticRedoesEveryLineAndScoresByTheMeasuredSkill() throws {
        let right = jumps.solutionText, exact = ExactCritic(skills: ["Tiny": skill], jitter: 0)
        let values = try exact.values(for: prefixes(right), cancellation: Cancellation(), progress: nil)
        #expect(values.count == 3)
        for (step, valuation) in values.enumerated() {
            let claims = Array(jumps.results.prefix(step)), value = skill.value(of: jumps, after: claims)
            let score = Int((10 * value).rounded())
            #expect(valuation.chains.map(\.text) == [jumps.chain(claims: claims, score: score)])
            #expect(valuation.value == Double(score) / 10 && valuation.chains[0].status == .parsed)
        }
        let wrong = try exact.values(
            for: prefixes(jumps.solutionText(claims: [0, 6, 9])), cancellation: Cancellation(), progress: nil)
        #expect(wrong[1].chains[0].text.contains("bad") && (wrong[1].value ?? 1) <= 0.1)
    }

    @Test func jitterVariesScoresByKeyAndTheSeedRepeatsThem() throws {
        func scores(_ seed: UInt64) throws -> [Int?] {
            try ExactCritic(skills: ["Tiny": skill], samples: 40, jitter: 0.5, seed: seed)
                .values(
                    for: Array(prefixes(jumps.solutionText).prefix(1)), cancellation: Cancellation(), progress: nil)[0]
                .chains.map(\.score)
        }
        #expect(try Set(scores(1)).count > 1 && scores(1) == scores(1) && scores(1) != scores(2))
    }

    @Test func whatCannotBeSolvedExactlyIsAnError() throws {
        let prefix = try prefixes(jumps.solutionText)
        #expect(throws: JumpsError.unmeasuredActor(name: "Tiny")) {
            try ExactCritic(skills: [:]).values(for: prefix, cancellation: Cancellation(), progress: nil)
        }
        let (solution, steps) = makeSolution("5", tokenizer: tokenizer)
        let other = try SolutionPrefix(problem: problem, solution: solution, steps: steps, step: 0)
        #expect(throws: JumpsError.otherTask(problem: 1)) {
            try ExactCritic(skills: ["Tiny": skill]).values(for: [other], cancellation: Cancellation(), progress: nil)
        }
    }

    @Test func linesAreCountedByTheirOperations() {
        var lines = jumps.tally(jumps.solutionText)
        // The second line is wrong; the third goes on from what it claims, and does so rightly.
        let first = jumps.results[0], claimed = (jumps.results[1] + 1) % 10
        for text in [jumps.solutionText(claims: [first, claimed, (claimed + 3) % 10]), "no line of it"] {
            lines = lines + jumps.tally(text)
        }
        #expect(JumpsTask().read(problem.text) == nil)
        let counts = (1...3).map { [lines.counts[$0]?.right, lines.counts[$0]?.total] }
        #expect(counts == [[1, 2], [2, 3], [2, 2]])
        let accuracy = lines.skill?.accuracy ?? []
        #expect(accuracy.count == 3 && abs(accuracy[0] - 0.5) < 1e-12 && abs(accuracy[1] - 0.625) < 1e-12)
        #expect(StepTally().skill == nil)
    }

    @Test func rowsAreWhatTheCriticIsLaterAskedAndOnlyThoseThatAgreeWithTheTruth() throws {
        // The actor always goes on rightly: every right beginning is worth 1, every wrong one 0.
        let actor = ScriptedModel(tokenizer) { request in
            let written = self.tokenizer.decode(request.ids)
            let claims = self.jumps.claims(in: String(written.components(separatedBy: "A:\n").last ?? ""))
            let rest = self.jumps.solutionText.split(separator: "\n").dropFirst(claims.count).joined(separator: "\n")
            return (rest, .stop)
        }
        var options = MonteCarlo.Options()
        options.rollouts = 4
        let truth = MonteCarlo(actor: try makeActor(actor), options: options)
        func yield(_ filter: TraceMaker.Filter, _ skill: JumpsSkill) throws -> TraceMaker.Yield {
            let maker = TraceMaker(
                teacher: ExactCritic(skills: ["Tiny": skill], samples: 2, jitter: 0), truth: truth, filter: filter,
                builder: builder, template: template,
                icc: { _ in ICC() })
            // The bare problem of the second solution is the same beginning as the first's.
            return try maker.rows(
                from: prefixes(jumps.solutionText) + prefixes(jumps.solutionText, id: 3), cancellation: Cancellation())
        }
        let all = try yield(.all, JumpsSkill(accuracy: [0.5, 0.5, 0.5]))
        #expect(all.prefixes == 3 && all.chains == 6 && all.rows.count == 6)
        for (row, prefix) in zip([all.rows[0], all.rows[2], all.rows[4]], try prefixes(jumps.solutionText)) {
            let asked = try builder.critic(
                template, problem: jumps.text, solutions: [prefix.text], icc: ICC().values(for: snapshot))[0]
            #expect(row.prompt == asked.text && row.actor == "Tiny" && row.rollouts == 4)
            #expect(
                template.grammar.parse(Array(row.response.utf8), ended: true)
                    == .success(Int((row.value * 10).rounded())))
        }
        let perfect = JumpsSkill(accuracy: [1, 1, 1])
        #expect(try yield(.within(0.1), perfect).rows.count == 6)
        #expect(try yield(.within(0.1), JumpsSkill(accuracy: [0.5, 0.5, 0.5])).rows.isEmpty)
    }

    @Test func filtersAreReadAsTheyAreWritten() {
        for text in ["all", "within:0.15", "within:0.0"] { #expect(TraceMaker.Filter(text)?.description == text) }
        for text in ["", "some", "within:", "within:2", "within:-0.1", "within:x"] {
            #expect(TraceMaker.Filter(text) == nil)
        }
    }
}
