import Acting
import Compute
import Critics
import Jumps
import Problems
import Studies
import Testing

/// How often actors that are told what to solve are found to: two problems in one set, one in another.
@Suite struct SuccessTests {
    static func problem(_ id: Int) -> Problem {
        Jumps(start: id % 10, groups: [[.init(.plus, 3)]]).problem(id: id, source: "test")
    }

    /// An actor that is right where it is told to be.
    static func actor(
        _ problems: [Problem], isCutOff: @escaping @Sendable (Int, Int) -> Bool = { _, _ in false },
        isRight: @escaping @Sendable (_ problem: Int, _ sample: Int) -> Bool
    ) throws -> Actor { try fake(problems, isCutOff: isCutOff, isRight: isRight).actor() }

    private static func fake(
        _ problems: [Problem], isCutOff: @escaping @Sendable (Int, Int) -> Bool,
        isRight: @escaping @Sendable (Int, Int) -> Bool
    ) throws -> FakeActor {
        var script = FakeActor.Script()
        script.claims = { problem, sample in [(problem + (isRight(problem, sample) ? 3 : 4)) % 10] }
        script.isCutOff = isCutOff
        return try FakeActor(problems, rollouts: 1, script)
    }

    private static let sets = [
        (name: "short", problems: [problem(1), problem(2)]), (name: "long", problems: [problem(3)]),
    ]
    private static let all = sets.flatMap(\.problems)

    private func report(_ actors: [Success.Contender], samples: Int = 2) throws -> Success.Report {
        var options = Success.Options()
        options.samples = samples
        return try Success(options: options).run(
            sets: Self.sets, actors: actors, cancellation: Cancellation(), progress: { _ in })
    }

    /// Right samples of two, by problem.
    private func contender(_ name: String, _ runs: [Int: Int]...) throws -> Success.Contender {
        .init(
            name: name,
            runs: try runs.map { right in try Self.actor(Self.all) { problem, sample in sample < right[problem] ?? 0 } }
        )
    }

    @Test("rates are means over samples and problems; every set counts alike in the mean, however large")
    func rates() throws {
        let report = try report([contender("before", [1: 2, 2: 0, 3: 1])])
        #expect(report.sets == ["short", "long"] && report.problems == [2, 1])
        let row = report.rows[0]
        #expect(
            row.sets.map(\.rate) == [0.5, 0.5] && near(row.mean.rate, 0.5)
                && row.sets.allSatisfy { $0.againstFirst == nil })
        #expect(row.sets[0].interval == Interval(low: 0, high: 1), "one problem solved, one not")
        let uneven = try self.report([contender("a", [1: 2, 2: 2, 3: 0])]).rows[0].mean
        #expect(near(uneven.rate, 0.5), "by problems it were two thirds")
    }

    @Test("several seeds are averaged problem by problem and told apart; each actor is set beside the first")
    func runs() throws {
        let row = try report([
            contender("before", [1: 2, 2: 0, 3: 1]), contender("after", [1: 2, 2: 1, 3: 2], [1: 1, 2: 0, 3: 2]),
        ]).rows[1]
        #expect(row.sets[0].rates == [0.75, 0.25] && row.sets[1].rates == [1, 1] && row.mean.rates == [0.875, 0.625])
        #expect(near(row.sets[0].rate, 0.5) && near(row.sets[1].rate, 1) && near(row.mean.rate, 0.75))
        #expect(near(row.sets[0].againstFirst?.mean, 0) && near(row.sets[1].againstFirst?.mean, 0.5))
        #expect(near(row.mean.againstFirst?.mean, 0.25))
    }

    @Test("who is set beside itself differs by nothing in every draw")
    func oneself() throws {
        let same = try report([contender("a", [1: 2, 3: 1]), contender("a", [1: 2, 3: 1])]).rows[1].mean.againstFirst
        #expect(same?.mean == 0 && same?.interval == Interval(low: 0, high: 0))
    }

    @Test("a solution that is cut off is no success; lengths count its tokens, and end tokens of the others")
    func lengths() throws {
        let fake = try Self.fake(
            Self.all, isCutOff: { problem, sample in problem == 2 && sample == 1 }, isRight: { _, _ in true })
        let row = try report([.init(name: "a", runs: [fake.actor()])]).rows[0]
        let line = fake.tokenizer.encode("A1 a=4", recognisingSpecials: false).count
        #expect(near(row.sets[0].rate, 0.75) && row.sets[1].rate == 1)
        #expect(near(row.cutOff, 1.0 / 6) && near(row.length, Double(6 * line + 5) / 6))
    }
}
