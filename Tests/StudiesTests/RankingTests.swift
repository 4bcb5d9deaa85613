import Acting
import Compute
import Critics
import Jumps
import Problems
import Studies
import Testing

/// A study of ranking whose draws, truths and values are told: two states, each with three next steps.
///
///     state   draws of sixteen    worth of the claims 1, 2, 3
///     first   1 2 1 3, then 1s    1, 1/2, 0
///     second  1 1 2 3, then 1s    1/4, 1/2, 1/2
///
/// So only the first asks anything of a pool of two draws, and both do of larger ones.
@Suite struct RankingTests {
    /// Three lines of one operation; its first state that is ranked is no finished solution.
    static func problem(_ id: Int) -> Problem {
        Jumps(start: id % 10, groups: [[.init(.plus, 1)], [.init(.plus, 1)], [.init(.plus, 1)]]).problem(
            id: id, source: "test")
    }

    /// What the last line claims.
    static let digit: @Sendable (SolutionPrefix) -> Int = { prefix in prefix.text.last.flatMap(\.wholeNumberValue) ?? 0
    }

    /// Problems whose state, which a study draws, has more than one line to come: a finished solution is graded.
    private static let ids = (1...50).filter { id in
        RandomKey(seed: 0, purpose: .pool, problem: UInt64(id)).index(below: 3, .max) < 2
    }

    private static let problems = ids.prefix(2).map(problem)

    private static func actor(_ draws: [[Int]], _ worth: [[Int]], _ problems: [Problem] = problems) throws -> FakeActor
    {
        let place = Dictionary(uniqueKeysWithValues: problems.enumerated().map { ($1.id, $0) })
        var script = FakeActor.Script()
        script.claims = { _, _ in [1, 1, 1] }
        script.next = { problem, draw in
            place[problem].map { draws[$0].indices.contains(draw) ? draws[$0][draw] : 1 } ?? 0
        }
        script.successes = { problem, claims in place[problem].map { worth[$0][claims.last ?? 0] } ?? 0 }
        return try FakeActor(problems, rollouts: 4, script)
    }

    private func report(
        _ critics: [Approximation.Contender], draws: [[Int]] = [[1, 2, 1, 3], [1, 1, 2, 3]],
        worth: [[Int]] = [[0, 4, 2, 0], [0, 1, 2, 2]]
    ) throws -> Ranking.Report {
        try Ranking(rollouts: 4, seed: 0).run(
            problems: Self.problems, subjects: [Self.actor(draws, worth).subject()], critics: critics,
            cancellation: Cancellation(), progress: { _ in })
    }

    /// Values of the claims 1, 2, 3.
    private static func critic(_ values: Double?...) -> FakeCritic { FakeCritic { values[digit($0) - 1] } }

    private static let firstBest = Approximation.Contender(name: "a", runs: [critic(0.9, 0.5, 0.1)])
    /// One run cannot tell them apart, the other likes the last best.
    private static let pair = Approximation.Contender(name: "b", runs: [critic(0.3, 0.3, 0.3), critic(0.1, 0.2, 0.3)])

    @Test("states and pools are counted; a blind choice is of the best as often as there are best ones")
    func pools() throws {
        let report = try report([Self.firstBest])
        #expect(report.states == 2 && report.rollouts == 4 && report.pools == [1, 2, 2, 2])
        // One of two; then one of three and two of three.
        #expect(report.chance.count == 4 && report.chance.allSatisfy { near($0, 0.5) })
        #expect(near(report.blind, mean(0.5, 1.25 / 3)))
    }

    @Test("the first choice is looked up in the truth: how often of the best, and what it is worth")
    func choices() throws {
        let row = try report([Self.firstBest]).rows[0]
        // It chooses 1 in both, which is best in the first.
        #expect(row.name == "a" && row.top1 == [1, 0.5, 0.5, 0.5] && row.chosen == (1 + 0.25) / 2)
        #expect(
            row.top1Intervals == [Interval(low: 1, high: 1)] + Array(repeating: Interval(low: 0, high: 1), count: 3))
        // In order: three of three, and none of two (the second's 2 and 3 are worth the same).
        #expect(row.pairs == 0.5 && row.againstRival.isEmpty)
    }

    @Test("ties are shared, runs are averaged, and each is set beside the one before")
    func tiesAndRuns() throws {
        let row = try report([Self.firstBest, Self.pair]).rows[1]
        #expect(near(row.top1[0], mean(0.5, 0)))
        // Of four draws, a choice among three that are tied, and one that is 3: by state, then over the two.
        #expect(near(row.top1[1], mean(mean(1.0 / 3, 0), mean(2.0 / 3, 1))) && row.top1[1] == row.top1[3])
        #expect(near(row.chosen, mean(mean(0.5, 0), mean(1.25 / 3, 0.5))))
        #expect(near(row.pairs, mean(mean(0.5, 0), mean(0.5, 1))))
        #expect(near(row.againstRival.map(\.mean), [0.25 - 1, 0, 0, 0]))
    }

    @Test("a step without a value is an error, not a step worth nothing")
    func withoutValue() throws {
        #expect(throws: CriticsError.self) { try report([.init(name: "a", runs: [Self.critic(nil, 0.2, 0.1)])]) }
    }

    @Test("a state with fewer than three steps, or longer than a critic reads, is none")
    func leftOut() throws {
        let report = try report([Self.firstBest], draws: [[1, 2, 1, 3], [1, 2, 1, 2]])
        #expect(report.states == 1 && report.pools == [1, 1, 1, 1])
        let (first, second) = (Self.problems[0].id, Self.problems[1].id)
        let short = FakeCritic { prefix in
            guard prefix.problem.id == first else {
                throw CriticsError.tooLong([TooLong(solution: second, step: 1, needed: 9, limit: 8)])
            }
            return 0.5
        }
        #expect(try self.report([.init(name: "short", runs: [short])]).states == 1)
    }

    @Test("where a size of pool asks nothing, the study says so instead of dividing by nothing")
    func nothingToRank() {
        let error = #expect(throws: NothingToRank.self) {
            try report([Self.firstBest], draws: [[1, 1, 2, 3], [1, 1, 2, 3]])
        }
        #expect(error?.what.contains("of 2 problems 2 have a state with 3 different next steps") == true)
    }
}
