import Compute
import Critics
import Formats
import Foundation
import Jumps
import Problems
import Studies
import Testing

/// A study of approximation on three problems, by hand. Under four rollouts each, the truths of the seven prefixes are
///
///     problem   1.0  1.1  2.0  2.1  3.0  3.1  3.2
///     truth     1/2  1    3/4  0    3/4  1/2  0      mean 1/2
///     right     yes  yes  yes  no   yes  yes  no
///
/// and p(1-p)/(M-1), which is taken off each squared error, sums to (1/4 + 3/16 + 3/16 + 1/4) / 3 = 7/24.
@Suite struct ApproximationTests {
    private static let problems = [
        Jumps(start: 7, groups: [[.init(.plus, 1)], [.init(.plus, 1)]]).problem(id: 1, source: "test"),
        Jumps(start: 1, groups: [[.init(.plus, 2)], [.init(.plus, 3)]]).problem(id: 2, source: "test"),
        Jumps(start: 5, groups: [[.init(.plus, 1)], [.init(.plus, 1), .init(.plus, 2)], [.init(.minus, 2)]])
            .problem(id: 3, source: "test"),
    ]

    /// Right; wrong in its first line, which the second goes on from; wrong in its second.
    private static let claims = [1: [8, 9], 2: [4, 7], 3: [6, 8, 6]]
    private static let successes = [1: [2, 4], 2: [3, 0], 3: [3, 2, 0]]
    private static let truths: [Int: [Double?]] = [1: [0.5, 1], 2: [0.75, 0], 3: [0.75, 0.5, 0]]
    private static let noise = 7.0 / 24

    private static func actor(_ problems: [Problem] = problems) throws -> FakeActor {
        var script = FakeActor.Script()
        script.claims = { problem, _ in claims[problem] ?? [] }
        script.successes = { problem, written in successes[problem]?[written.count] ?? 0 }
        return try FakeActor(problems, rollouts: 4, script)
    }

    /// Two chains a prefix; of problem 3's last prefix it has no value.
    private static let critic = FakeCritic(
        name: "a", chains: [(3, true), (5, false)],
        text: { $0.prefix.description == "1.1" ? "B7 a+1=8/8 ok\nleft A1\nScore: 9" : "" },
        value: { [1: [0.5, 0.9], 2: [0.25, 0.25], 3: [0.75, 0.5, nil]][$0.problem.id]?[$0.step] })

    /// One run says one half of everything, the other the truth.
    private static let pair: [any ValueEstimator] = [FakeCritic { _ in 0.5 }, FakeCritic(truths)]

    private func report(
        _ critics: [Approximation.Contender], _ problems: [Problem] = problems, actor: FakeActor? = nil,
        subjects: [String] = ["fake"],
        log: StudyLog? = nil
    ) throws -> ApproximationReport {
        var options = Approximation.Options()
        options.rollouts = 4
        let actor = try actor ?? Self.actor(problems)
        return try Approximation(options: options).run(
            problems: problems, subjects: subjects.map { try actor.subject($0) }, critics: critics, log: log,
            cancellation: Cancellation(), progress: { _ in })
    }

    private func rows() throws -> [ApproximationReport.Row] {
        try report([.init(name: "a", runs: [Self.critic]), .init(name: "b", runs: Self.pair)]).rows
    }

    @Test("problems, prefixes and successes are counted; the constant is the truths' mean, its error corrected")
    func whole() throws {
        let report = try report([.init(name: "a", runs: [Self.critic])])
        #expect(
            report.problems == 3 && report.leftOut == 0 && report.prefixes == 7 && report.rollouts == 4
                && report.successes == 1)
        #expect(report.successInterval == .wilson(successes: 1, trials: 3))
        #expect(near(report.constant, 0.5))
        // Distances 0 1/2 1/4 1/2 1/4 0 1/2.
        #expect(near(report.constantError, (0.875 - Self.noise) / 7))
        // Lines of one operation: 2 of 2, 1 of 2 (it goes on rightly from a wrong one), 2 of 2; of two: 0 of 1.
        #expect(report.lines.counts[1]?.right == 5 && report.lines.counts[1]?.total == 6)
        #expect(
            report.lines.counts[2]?.right == 0 && report.lines.counts[2]?.total == 1 && report.lines.counts.count == 2)
    }

    @Test("the outcome table looks a beginning up in what other problems have shown, one half where they have not")
    func table() throws {
        // 1.0 in 2.0 and 3.1: 5/8; 2.0 in 1.0 and 3.1: 1/2; 3.1 in 1.0 and 2.0: 5/8; 2.1 and 3.2: 0; else 1/2.
        let distances = [0.125, 0.5, 0.25, 0, 0.25, 0.125, 0]
        let squares = distances.reduce(0) { $0 + $1 * $1 }
        #expect(try near(report([]).tableError, (squares - Self.noise) / 7))
        // The beginnings of another actor are other beginnings: problem 2 has nobody to be looked up in.
        let apart = [0.0, 0.5, 0.25, 0.5, 0.25, 0, 0.5].reduce(0) { $0 + $1 * $1 }
        #expect(try near(report([], subjects: ["one", "two"]).tableError, (apart - Self.noise) / 7))
    }

    @Test("squared and absolute error; a prefix without a value is worth the constant")
    func errors() throws {
        let row = try rows()[0]
        // Distances 0 0.1 1/2 1/4 0 0 1/2.
        #expect(
            near(row.error.mean, (0.5725 - Self.noise) / 7) && row.errors.count == 1
                && near(row.errors[0], row.error.mean))
        #expect(near(row.meanAbsoluteError, 1.35 / 7))
        #expect(near(row.againstConstant.mean, (0.5725 - 0.875) / 7))
        #expect(row.error.interval.low <= row.error.mean && row.error.mean <= row.error.interval.high)
    }

    @Test("several runs are averaged prefix by prefix, and each is told alone")
    func runs() throws {
        let row = try rows()[1]
        #expect(
            row.errors.count == 2 && near(row.errors[0], (0.875 - Self.noise) / 7)
                && near(row.errors[1], -Self.noise / 7))
        #expect(near(row.error.mean, (0.4375 - Self.noise) / 7) && near(row.meanAbsoluteError, 2.0 / 14))
        // One half tells nothing, the truth everything.
        #expect(near(row.pearson, 0.5) && near(row.spearman, 0.5))
    }

    @Test("right beginnings are told from wrong ones where something is written; a tie is half a guess")
    func detection() throws {
        let rows = try rows()
        // 1.1 and 3.1 at 0.9 and 0.5, beside 2.1 and 3.2 at 0.25 and, without a value, 0.5.
        #expect(rows[0].detection == 3.5 / 4)
        #expect(rows[1].detection == (0.5 + 1) / 2)
    }

    @Test("each is set beside the one before, beside a chosen one, or beside none")
    func rivals() throws {
        let found = try rows()
        #expect(found[0].againstRival == nil && near(found[1].againstRival?.mean, (0.4375 - 0.5725) / 7))
        let chosen = try report([
            .init(name: "a", runs: [Self.critic], rival: 1), .init(name: "b", runs: Self.pair, rival: 1),
            .init(name: "half", runs: [FakeCritic { _ in 0.5 }], rival: 0),
            .init(name: "nobody", runs: [Self.critic], rival: 9),
        ]).rows
        #expect(near(chosen[0].againstRival?.mean, (0.5725 - 0.4375) / 7) && chosen[1].againstRival == nil)
        #expect(near(chosen[2].againstRival?.mean, (0.875 - 0.5725) / 7) && chosen[3].againstRival == nil)
        // Whoever is set beside itself under another name differs by nothing, in every draw.
        let twice = try report([.init(name: "a", runs: [Self.critic]), .init(name: "again", runs: [Self.critic])]).rows[
            1]
        #expect(twice.againstRival?.mean == 0 && twice.againstRival?.interval == Interval(low: 0, high: 0))
    }

    @Test("chains: how many did not end in a score, how long they are, and which operations they redid")
    func chains() throws {
        let rows = try rows()
        #expect(rows[0].parseFailureRate == 0.5 && rows[0].tokens == 8)
        // One operation at 1.1, 2.1 and 3.1, three at 3.2 (a wrong line is the last), for two chains; 1.1's are redone.
        let check = try #require(rows[0].checks)
        #expect(
            check.operations == 2 * 6 && check.rightOperations == 2 && check.wrongLines == 2 * 2 && !check.isExact
                && check.copiedClaims == 0)
        #expect(
            rows[1].parseFailureRate == 0 && rows[1].tokens == 0 && rows[1].checks == nil,
            "who writes no chains redoes nothing")
    }

    @Test("tenths of the values: their mean, the truths' mean, how many; what lies outside 0...1 counts at the end")
    func reliability() throws {
        let bins = try rows()[0].reliability
        let expected = [(0.25, 0.375, 2), (0.5, 1.0 / 3, 3), (0.75, 0.75, 1), (0.9, 1, 1)]
        #expect(bins.count == expected.count)
        for (bin, wanted) in zip(bins, expected) {
            #expect(near(bin.value, wanted.0) && near(bin.truth, wanted.1) && bin.count == wanted.2)
        }
        let wild = try report([.init(name: "head", runs: [FakeCritic { $0.step == 0 ? -0.5 : 1.5 }])]).rows[0]
            .reliability
        #expect(wild.map(\.count) == [3, 4] && wild.map(\.value) == [-0.5, 1.5] && near(wild[1].truth, 1.5 / 4))
    }

    @Test("what one critic cannot read is left out for all; when nothing is left it is said why")
    func leftOut() throws {
        let tooLong = CriticsError.tooLong([TooLong(solution: 2, step: 1, needed: 9, limit: 8)])
        let short = FakeCritic { prefix in
            guard prefix.problem.id != 2 else { throw tooLong }
            return 0.5
        }
        let report = try report([.init(name: "a", runs: [Self.critic]), .init(name: "short", runs: [short])])
        #expect(report.problems == 2 && report.leftOut == 1 && report.prefixes == 5)
        #expect(near(report.constant, 2.75 / 5))
        #expect(throws: tooLong) { try self.report([.init(name: "short", runs: [short])], [Self.problems[1]]) }
    }

    @Test("of another task nobody knows which beginnings are right, nor which operations there are")
    func otherTasks() throws {
        let problem = Problem(id: 1, text: "What is 1 + 1?", answer: "2")
        let report = try report([.init(name: "a", runs: [Self.critic])], [problem])
        #expect(report.tableError == nil && report.lines.counts.isEmpty && report.prefixes == 1 && report.constant == 0)
        #expect(report.rows[0].detection == nil && report.rows[0].checks == nil)
    }

    @Test("what was measured is not measured again, and is told alike")
    func keptMeasurements() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("genac-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let actor = try Self.actor(), critics = [Approximation.Contender(name: "a", runs: [Self.critic])]
        let first = try report(critics, actor: actor, log: StudyLog(in: folder, question: JSONObject()))
        let asked = actor.asked
        let again = try report(critics, actor: actor, log: StudyLog(in: folder, question: JSONObject()))
        #expect(asked == 2 * 3 && actor.asked == asked, "a solution and its truths, of three problems")
        #expect(
            again.rows[0].error == first.rows[0].error && again.tableError == first.tableError
                && again.lines == first.lines)
        #expect(again.rows[0].checks == first.rows[0].checks && again.rows[0].spearman == first.rows[0].spearman)
    }

    @Test("nothing to measure is an error, not a table of zeros")
    func nothing() throws {
        #expect(throws: CriticsError.self) { try report([.init(name: "a", runs: [Self.critic])], []) }
    }
}
