import Acting
import Compute
import Critics
import Foundation
import Jumps
import Problems
import Studies
import Testing

/// Whole studies of made-up measurements against numpy and scipy (Tests/Oracles/studies.py): every figure and every
/// bootstrapped interval.
@Suite struct StudyOracleTests {
    struct Difference: Decodable {
        var mean: Double
        var interval: [Double]

        func equals(_ found: PairedDifference?) -> Bool {
            found.map { near(mean, $0.mean) && near($0.interval, interval) } ?? false
        }
    }

    /// [runs][problems][steps].
    struct Critic: Decodable {
        var name: String
        var values: [[[Double]]]

        /// - Parameters:
        ///   - place: of a problem among the fixture's.
        ///   - column: of a prefix among its problem's values.
        func contender(
            _ place: [Int: Int], _ column: @escaping @Sendable (SolutionPrefix) -> Int
        ) -> Approximation.Contender {
            let runs = values.map { run in
                FakeCritic { prefix in place[prefix.problem.id].map { run[$0][column(prefix)] } }
            }
            return .init(name: name, runs: runs)
        }
    }

    static func load<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> T {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appendingPathComponent("Fixtures/studies/\(name).json")
        return try JSONDecoder().decode(T.self, from: Data(contentsOf: file))
    }

    // MARK: Approximation

    struct ApproximationCase: Decodable {
        struct Row: Decodable {
            var error, againstConstant: Difference
            var againstRival: Difference?
            var errors: [Double]
            var mae, pearson, spearman, detection: Double
            var reliability: [[Double]]
        }

        struct Expected: Decodable {
            var prefixes, successes: Int
            var successInterval: [Double]
            var constant, constantError, tableError: Double
            var rows: [Row]
        }

        struct Task: Decodable {
            var id, start: Int
            var groups: [[String]]
            var claims, successes: [Int]

            func problem() throws -> Problem {
                let groups = try groups.map { group in
                    try group.map { word in
                        let sign = try #require(Jumps.Operation.Sign(rawValue: String(word.prefix(1))))
                        return Jumps.Operation(sign, try #require(Int(word.dropFirst())))
                    }
                }
                return Jumps(start: start, groups: groups).problem(id: id, source: "test")
            }
        }

        var seed: UInt64
        var rollouts: Int
        var problems: [Task]
        var critics: [Critic]
        var expected: Expected
    }

    private func approximation(_ fixture: ApproximationCase) throws -> ApproximationReport {
        let problems = try fixture.problems.map { try $0.problem() }
        let place = Dictionary(uniqueKeysWithValues: problems.enumerated().map { ($1.id, $0) })
        var script = FakeActor.Script()
        script.claims = { problem, _ in place[problem].map { fixture.problems[$0].claims } ?? [] }
        script.successes = { problem, claims in
            place[problem].map { fixture.problems[$0].successes[claims.count] } ?? 0
        }
        var options = Approximation.Options()
        (options.rollouts, options.seed) = (fixture.rollouts, fixture.seed)
        let actor = try FakeActor(problems, rollouts: fixture.rollouts, script)
        return try Approximation(options: options).run(
            problems: problems, subjects: [actor.subject()],
            critics: fixture.critics.map { $0.contender(place) { $0.step } }, cancellation: Cancellation(),
            progress: { _ in })
    }

    @Test func approximationEqualsNumPyAndSciPy() throws {
        let fixture: ApproximationCase = try Self.load("approximation")
        let report = try approximation(fixture), expected = fixture.expected
        #expect(report.prefixes == expected.prefixes && report.successes == expected.successes)
        #expect(near(report.successInterval, expected.successInterval))
        #expect(near(report.constant, expected.constant) && near(report.constantError, expected.constantError))
        #expect(near(report.tableError, expected.tableError))
        #expect(report.rows.count == 3 && expected.rows.count == 3)
        for (row, wanted) in zip(report.rows, expected.rows) {
            #expect(
                wanted.error.equals(row.error) && wanted.againstConstant.equals(row.againstConstant), "\(row.critic)")
            #expect(
                wanted.againstRival.map { $0.equals(row.againstRival) } ?? (row.againstRival == nil), "\(row.critic)")
            #expect(near(row.errors, wanted.errors) && near(row.meanAbsoluteError, wanted.mae), "\(row.critic)")
            #expect(near(row.pearson, wanted.pearson) && near(row.spearman, wanted.spearman), "\(row.critic)")
            #expect(near(row.detection, wanted.detection), "\(row.critic)")
            let bins = row.reliability.flatMap { [$0.value, $0.truth, Double($0.count)] }
            #expect(near(bins, wanted.reliability.flatMap { $0 }), "\(row.critic)")
        }
    }

    // MARK: Ranking

    struct RankingCase: Decodable {
        struct State: Decodable {
            var id: Int
            /// What the next line claims, by draw; and how many continuations of each digit end right.
            var digits, successes: [Int]
        }

        struct Row: Decodable {
            var top1: [Double]
            var intervals: [[Double]]
            var againstRival: [Difference]
            var pairs, chosen: Double
        }

        struct Expected: Decodable {
            var pools: [Int]
            var chance: [Double]
            var blind: Double
            var rows: [Row]
        }

        var seed: UInt64
        var rollouts: Int
        var states: [State]
        var critics: [Critic]
        var expected: Expected
    }

    @Test func rankingEqualsCountingOneByOne() throws {
        let fixture: RankingCase = try Self.load("ranking"), expected = fixture.expected
        let problems = fixture.states.map { RankingTests.problem($0.id) }
        let place = Dictionary(uniqueKeysWithValues: fixture.states.enumerated().map { ($1.id, $0) })
        var script = FakeActor.Script()
        script.claims = { _, _ in [1, 2, 3] }
        script.next = { problem, draw in place[problem].map { fixture.states[$0].digits[draw] } ?? 0 }
        script.successes = { problem, claims in
            place[problem].map { fixture.states[$0].successes[claims.last ?? 0] } ?? 0
        }
        let report = try Ranking(rollouts: fixture.rollouts, seed: fixture.seed).run(
            problems: problems, subjects: [FakeActor(problems, rollouts: fixture.rollouts, script).subject()],
            critics: fixture.critics.map { $0.contender(place, RankingTests.digit) }, cancellation: Cancellation(),
            progress: { _ in })
        #expect(report.states == fixture.states.count && report.pools == expected.pools)
        #expect(near(report.chance, expected.chance) && near(report.blind, expected.blind))
        #expect(report.rows.count == 2 && expected.rows.count == 2)
        for (row, wanted) in zip(report.rows, expected.rows) {
            #expect(near(row.top1, wanted.top1) && near(row.pairs, wanted.pairs), "\(row.name)")
            #expect(near(row.chosen, wanted.chosen), "\(row.name)")
            #expect(
                near(row.top1Intervals.flatMap { [$0.low, $0.high] }, wanted.intervals.flatMap { $0 }), "\(row.name)")
            #expect(row.againstRival.count == wanted.againstRival.count, "\(row.name)")
            #expect(zip(wanted.againstRival, row.againstRival).allSatisfy { $0.equals($1) }, "\(row.name)")
        }
    }

    // MARK: Success

    struct SuccessCase: Decodable {
        struct Problems: Decodable {
            var name: String
            var ids: [Int]
        }

        /// [runs]: by problem, how many of its samples are right.
        struct Contender: Decodable {
            var name: String
            var right: [[String: Int]]
        }

        struct Figures: Decodable {
            var rate: Double
            var interval, rates: [Double]
            var againstFirst: Difference

            func equals(_ found: Success.Figures, isFirst: Bool) -> Bool {
                near(rate, found.rate) && near(found.interval, interval) && near(rates, found.rates)
                    && (isFirst ? found.againstFirst == nil : againstFirst.equals(found.againstFirst))
            }
        }

        struct Row: Decodable {
            var sets: [Figures]
            var mean: Figures
        }

        var seed: UInt64
        var samples: Int
        var sets: [Problems]
        var actors: [Contender]
        var expected: [Row]
    }

    @Test func successEqualsNumPy() throws {
        let fixture: SuccessCase = try Self.load("success")
        let sets = fixture.sets.map { (name: $0.name, problems: $0.ids.map(SuccessTests.problem)) }
        let actors = try fixture.actors.map { actor in
            Success.Contender(
                name: actor.name,
                runs: try actor.right.map { right in
                    try SuccessTests.actor(sets.flatMap(\.problems)) { problem, sample in
                        sample < right["\(problem)"] ?? 0
                    }
                })
        }
        var options = Success.Options()
        (options.samples, options.seed) = (fixture.samples, fixture.seed)
        let report = try Success(options: options).run(
            sets: sets, actors: actors, cancellation: Cancellation(), progress: { _ in })
        #expect(report.rows.count == 2 && fixture.expected.count == 2 && report.problems == [7, 20])
        for (place, (row, wanted)) in zip(report.rows, fixture.expected).enumerated() {
            #expect(row.sets.count == 2 && wanted.sets.count == 2)
            #expect(zip(wanted.sets, row.sets).allSatisfy { $0.equals($1, isFirst: place == 0) }, "\(row.name)")
            #expect(wanted.mean.equals(row.mean, isFirst: place == 0), "\(row.name)")
        }
    }

    // MARK: Agreement

    struct AgreementCase: Decodable {
        var a, b: [Double]
        var isRight: [Bool]
        var pearson, spearman, area: Double
    }

    @Test func agreementEqualsSciPy() throws {
        let cases: [AgreementCase] = try Self.load("agreement")
        #expect(cases.count == 3)
        for one in cases {
            #expect(near(Agreement.pearson(one.a, one.b), one.pearson))
            #expect(near(Agreement.spearman(one.a, one.b), one.spearman))
            #expect(near(Agreement.areaUnderCurve(one.a, isRight: one.isRight), one.area))
        }
    }
}
