import Acting
import Checkpoints
import Compute
import Critics
import Generation
import Jumps
import Problems
import Prompts
import Studies
import Testing
import Tokenizers
import Training
import Transformer

/// One right solution of two lines under every credit, its values told: 0.4 of the problem, 0.7 after the first line.
@Suite struct CreditComparisonTests {
    private static let problem = Jumps(start: 7, groups: [[.init(.plus, 1)], [.init(.plus, 1)]]).problem(
        id: 1, source: "test")
    private let critic = FakeCritic([1: [0.4, 0.7]])
    private let fake: FakeActor
    private let solved: Actor.Solved

    init() throws {
        var script = FakeActor.Script()
        script.claims = { _, _ in [8, 9] }
        script.successes = { _, written in [2, 3][written.count] }
        fake = try FakeActor([Self.problem], rollouts: 4, script)
        let actor = try fake.actor()
        let order = Actor.Order(problem: Self.problem, key: RandomKey(seed: 0, purpose: .sampling, problem: 1))
        solved = try actor.solve([order], as: actor.snapshot(rate: nil))[0]
    }

    private func columns(
        _ judges: CreditComparison.Judges, others: [Double] = [],
        _ change: (inout CreditComparison.Options) -> Void = { _ in }
    ) throws -> [Method: CreditComparison.Column] {
        let report = try report(judges, others: others, change)
        return Dictionary(uniqueKeysWithValues: report.columns.map { ($0.method, $0) })
    }

    private func report(
        _ judges: CreditComparison.Judges, outcome: Double = 1, others: [Double] = [],
        _ change: (inout CreditComparison.Options) -> Void = { _ in }
    ) throws -> CreditComparison.Report {
        var options = CreditComparison.Options()
        change(&options)
        return try CreditComparison(judges: judges, options: options).run(
            .init(solved: solved, outcome: outcome, others: others), cancellation: Cancellation())
    }

    private func expect(_ found: CreditComparison.Column?, _ advantages: [Double]) {
        #expect(near(found?.advantages ?? [], advantages), "\(String(describing: found))")
    }

    @Test("segments are what lies between two rated states, and end with the solution")
    func segments() throws {
        let first = solved.steps[0].tokens.count
        #expect(try report(.init(genac: critic)).segments == [0..<first, first..<solved.solution.ids.count])
        #expect(try report(.init(genac: critic)) { $0.maxPrefixes = 1 }.segments == [0..<solved.solution.ids.count])
    }

    @Test("genac: generalised advantages over states")
    func genac() throws {
        let column = try columns(.init(genac: critic))[.genac]
        #expect(column?.values == [0.4, 0.7])
        expect(column, [0.7 - 0.4 + 0.95 * 0.3, 1 - 0.7])
        expect(try columns(.init(genac: critic)) { $0.gamma = 0.9 }[.genac], [0.9 * 0.7 - 0.4 + 0.9 * 0.95 * 0.3, 0.3])
        expect(try columns(.init(genac: critic)) { $0.lambda = 1 }[.genac], [1 - 0.4, 1 - 0.7])
        expect(try columns(.init(genac: critic)) { $0.maxPrefixes = 1 }[.genac], [1 - 0.4])
        #expect(throws: CriticsError.self, "a state without a value is no state worth 0") {
            try columns(.init(genac: FakeCritic { _ in nil }))
        }
    }

    @Test("vineppo: differences of the actor's own continuations, 2 and 3 of 4, whatever lambda is")
    func vineppo() throws {
        let column = try columns(.init(vineppo: fake.subject().truth)) { $0.lambda = 1 }[.vineppo]
        #expect(column?.values == [0.5, 0.75])
        expect(column, [0.25, 0.25])
    }

    @Test("ppo: over tokens, each segment's mean told")
    func ppo() throws {
        // A head that says 1/4 of every token: from the last token back, 3/4 times 0.95 for each token between.
        let column = try columns(.init(ppo: head(bias: 0.25)))[.ppo]
        let count = solved.solution.ids.count, first = solved.steps[0].tokens.count
        let tokens = (0..<count).map { token in (0..<count - 1 - token).reduce(0.75) { sum, _ in sum * 0.95 } }
        #expect(column?.values == [0.25, 0.25])
        expect(
            column,
            [tokens[..<first].reduce(0, +) / Double(first), tokens[first...].reduce(0, +) / Double(count - first)])
    }

    @Test("grpo and rloo: one number for the whole solution, from the scores of all four")
    func groups() throws {
        let columns = try columns(.init(), others: [0, 0, 1])
        // Mean 1/2, standard deviation of the sample the root of 1/3; the others' mean 1/3.
        let scaled = 0.5 / ((1.0 / 3).squareRoot() + 1e-6)
        expect(columns[.grpo], [scaled, scaled])
        expect(columns[.rloo], [2.0 / 3, 2.0 / 3])
        #expect(columns.count == 2 && columns.values.allSatisfy { $0.values == nil })
    }

    @Test("what a credit needs and is not there leaves it out; the others stand in the methods' order")
    func leftOut() throws {
        #expect(try report(.init()).columns.isEmpty)
        let all = try report(.init(genac: critic, ppo: head(bias: 0), vineppo: fake.subject().truth), others: [0])
        #expect(all.columns.map(\.method) == Method.all.filter { ![.sft, .criticRL, .valueHead].contains($0) })
    }

    @Test("the outcome told counts, whatever the rollout's own record says")
    func ownOutcome() throws {
        let columns = try report(.init(genac: critic), outcome: 0.5, others: [0]).columns
        expect(columns.first { $0.method == .genac }, [0.7 - 0.4 + 0.95 * -0.2, 0.5 - 0.7])
        expect(columns.first { $0.method == .rloo }, [0.5, 0.5])
    }

    @Test("cancelled it has nothing to say")
    func cancelled() throws {
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(throws: GenerationError.self) {
            try CreditComparison(judges: .init(genac: critic), options: .init()).run(
                .init(solved: solved, outcome: 1, others: []), cancellation: cancellation)
        }
    }

    /// A value head that hears nothing of a random model and says `bias`.
    private func head(bias: Float) throws -> ValueHeadCritic {
        let tokenizer = fake.tokenizer
        return ValueHeadCritic(
            name: "head",
            model: LocalValueModel(
                LocalCompleter(
                    name: "tiny", model: try TinyStudyModel.model(tokenizer), tokenizer: tokenizer,
                    endTokens: fake.endTokens),
                head: ValueHead(weight: try FloatBuffer(count: TinyStudyModel.hidden), bias: bias)),
            builder: PromptBuilder(tokenizer: tokenizer, chatTemplate: nil, bos: nil),
            template: try PromptTemplate(
                name: "c", role: .critic,
                text: "{{% CONTENT_TYPE:TEXT}}\n{{! form: text }}\n{{! cue: S: }}\n{{problem}}\n{{solution}}\n\n"))
    }
}

/// A random model small enough for milliseconds.
enum TinyStudyModel {
    static let hidden = 32

    static func model(_ tokenizer: Tokenizer, positions: Int = 256) throws -> Model {
        try Initialisation.model(
            Configuration(
                architecture: .llama, hidden: hidden, layers: 2, heads: 4, kvHeads: 2, headDim: 8, intermediate: 48,
                vocabulary: tokenizer.vocabularySize, maxPositions: positions), seed: 3)
    }
}
