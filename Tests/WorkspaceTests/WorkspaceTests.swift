import Foundation
import Generation
import Problems
import Testing
import Workspace

@Suite("What a workspace keeps")
struct WorkspaceTests {
    @Test("nothing is written before something is kept")
    func lazy() throws {
        let folder = try Folder(), workspace = try folder.open()
        #expect(try workspace.problems.ids().isEmpty && workspace.problems.all().isEmpty)
        #expect(try workspace.solutions.newestID() == nil && workspace.steps(of: 1).isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("problems read back equal, and the same problem keeps its id")
    func roundTrip() throws {
        let folder = try Folder()
        let kept = try folder.open().keep([problem("a"), problem("é\n\u{1B}"), problem("a")])
        #expect(kept.map(\.id) == [1, 2, 1])
        let again = try folder.open()
        #expect(try again.problems.all() == [kept[0], kept[1]])
        #expect(try again.keep([problem("b"), problem("a")]).map(\.id) == [3, 1])
        #expect(try again.problems.newest(2).map(\.text) == ["é\n\u{1B}", "b"])
        #expect(try again.problems.count() == 3 && again.problems.firstID(after: 1) == 2)
        #expect(try again.problems.newestID(back: 2) == 1 && again.problems.newestID(back: 3) == nil)
    }

    @Test("a problem with other messages before the same question is another one")
    func conversations() throws {
        let folder = try Folder(), workspace = try folder.open()
        func problem(_ system: String?) -> Problem {
            let earlier = system.map { [Conversation.Message(role: "system", content: $0)] }
            return Problem(id: 0, text: "Q?", conversation: earlier.map { Conversation(earlier: $0, last: "Q?") })
        }
        let kept = try workspace.keep([problem(nil), problem("Be brief."), problem("Be long."), problem("Be brief.")])
        #expect(kept.map(\.id) == [1, 2, 3, 2])
        #expect(try workspace.keep([problem("Be long."), problem(nil)]).map(\.id) == [3, 1])
        #expect(try workspace.problems.element(2).conversation?.earlier.first?.content == "Be brief.")
    }

    @Test("any problem, of whatever characters, is known again by what it says and by nothing less")
    func problemsAreKnown() throws {
        let pieces = ["a", "\u{0}", "\"", "\\", "'", "\n", "é", "e\u{301}", "日", "/", "\u{1F600}", "$.text", "]"]
        let workspace = try Folder().open()
        var draws = Draws(state: 7)
        let drawn = (0..<200).map { _ in
            Problem(
                id: 0,
                text: (0..<Int.random(in: 0...6, using: &draws)).map { _ in pieces.randomElement(using: &draws)! }
                    .joined(),
                answer: [nil, "", "1", "\u{0}"].randomElement(using: &draws)!,
                source: ["typed", "a:1"].randomElement(using: &draws)!,
                grader: GraderKind.allCases.randomElement(using: &draws)!,
                stepRule: [.vine, .newline].randomElement(using: &draws)!)
        }
        let kept = try workspace.keep(drawn)
        #expect(try workspace.keep(drawn) == kept)
        for (one, problem) in zip(kept, drawn) {
            var expected = problem
            expected.id = one.id
            #expect(try one == expected && workspace.problems.element(one.id) == expected)
        }
        func key(_ problem: Problem) -> [Data] {
            let rules = "\(problem.grader) \(problem.stepRule)"
            return [problem.text, problem.answer ?? "none", problem.source, rules].map { Data($0.utf8) }
        }
        #expect(Set(kept.map(\.id)).count == Set(drawn.map(key)).count)
    }

    @Test("solutions come with their steps, by problem")
    func solutions() throws {
        let folder = try Folder(), workspace = try folder.open()
        let kept = try workspace.keep((0..<6).map { (solution: solution(problem: $0 % 2 + 1), steps: steps($0)) })
        #expect(kept.map(\.id) == Array(1...6))
        let again = try folder.open()
        #expect(try again.solutions.all() == kept)
        #expect(try again.solutions.of(problem: 2).map(\.id) == [2, 4, 6])
        #expect(try again.solutions.newest(of: 1)?.id == 5 && again.solutions.newest(of: 3) == nil)
        #expect(try again.solutions.counts(of: [1, 3]) == [1: 3])
        for (index, one) in kept.enumerated() { #expect(try again.steps(of: one.id) == steps(index)) }
        #expect(try again.steps(of: 7).isEmpty)
    }

    @Test("an actor's rate counts each of its whole samples once, as a look at every solution does")
    func outcomes() throws {
        let workspace = try Folder().open()
        var draws = Draws(state: 3)
        let all = try workspace.keep((0..<300).map { _ in (solution: anySolution(&draws), steps: []) })
        for name in ["a", "b", "none"] {
            for parameters in [1, 2] {
                let actor = ActorSnapshot(name: name, parameters: parameters, sampling: Sampling())
                var seen: Set<String> = []
                let expected = all.filter {
                    $0.actor.name == name && $0.actor.parameters == parameters && $0.author == nil
                        && $0.logprobs != nil && $0.branch == nil
                        && seen.insert("\($0.problem) \($0.seed) \($0.sample) \($0.actor.sampling)").inserted
                }.compactMap(\.outcome)
                let found = try workspace.solutions.outcomes(of: actor)
                #expect(found.count == expected.count && found.right == expected.reduce(0, +))
            }
        }
    }

    @Test("the newest estimate of each prefix is found; truths and valuations are apart")
    func estimates() throws {
        let workspace = try Folder().open()
        let shelf = workspace.estimates(.valuation, as: Note.self)
        for round in 0..<3 {
            try shelf.keep((0..<4).map { Note(prefix: Prefix(solution: $0 / 2 + 1, step: $0 % 2), text: "\(round)") })
        }
        #expect(try shelf.ids() == Array(1...12))
        try shelf.add { _ in Note(prefix: Prefix(solution: 1, step: 1), text: "last") }
        #expect(try shelf.newest(of: 1).mapValues(\.text) == [0: "2", 1: "last"])
        #expect(try shelf.newest(of: 3).isEmpty)
        #expect(try workspace.estimates(.truth, as: Note.self).newest(of: 1).isEmpty)
    }

    @Test("two holders of one workspace never give out the same id, and see each other's records")
    func shared() throws {
        let folder = try Folder()
        let (a, b) = (try folder.open(), try folder.open())
        #expect(try a.keep([problem("a")]).map(\.id) == [1])
        #expect(try b.keep([problem("b")]).map(\.id) == [2])
        #expect(try a.keep([problem("c")]).map(\.id) == [3])
        #expect(try b.problems.all().map(\.text) == ["a", "b", "c"])
    }

    @Test("many threads, each with a workspace of its own on one folder, keep all that they keep")
    func manyWriters() throws {
        let folder = try Folder(), writers = 4, each = 20
        DispatchQueue.concurrentPerform(iterations: writers) { writer in
            do {
                let workspace = try folder.open()
                for number in 0..<each {
                    _ = try workspace.keep([problem("\(writer) \(number)"), problem("\(number)")])
                }
            } catch {
                Issue.record(error)
            }
        }
        let all = try folder.open().problems.all()
        #expect(all.map(\.id) == Array(1...((writers + 1) * each)))
        #expect(Set(all.map(\.text)).count == all.count)
    }

    @Test("a missing id says what there is")
    func missing() throws {
        let workspace = try Folder().open()
        #expect(throws: WorkspaceError.notFound(kind: "problem", id: 3, known: nil)) {
            try workspace.problems.element(3)
        }
        _ = try workspace.keep([problem("a")])
        #expect(throws: WorkspaceError.notFound(kind: "problem", id: 3, known: 1...1)) {
            try workspace.problems.element(3)
        }
    }

    private func solution(problem: Int) -> Solution {
        let actor = ActorSnapshot(name: "a", parameters: 1, sampling: Sampling())
        return Solution(id: 0, problem: problem, ids: [1, 2], text: "t", finish: .stop, actor: actor, seed: 0)
    }

    private func steps(_ count: Int) -> [Step] {
        (0..<count).map { Step(index: $0 + 1, tokens: $0..<($0 + 1), bytes: $0..<($0 + 1), text: "s\n\($0)") }
    }

    private func anySolution(_ draws: inout Draws) -> Solution {
        let sampling = Sampling(temperature: [1, 0.7].randomElement(using: &draws)!)
        let actor = ActorSnapshot(
            name: ["a", "b"].randomElement(using: &draws)!, parameters: Int.random(in: 1...2, using: &draws),
            sampling: sampling)
        var solution = Solution(
            id: 0, problem: Int.random(in: 1...3, using: &draws), ids: [1],
            logprobs: [nil, [-0.5]].randomElement(using: &draws)!, text: "t", finish: .stop, actor: actor,
            seed: [0, .max, .max - 1].randomElement(using: &draws)!, sample: UInt64.random(in: 0...1, using: &draws),
            branch: Bool.random(using: &draws) ? nil : Prefix(solution: 1, step: 1),
            author: Bool.random(using: &draws) ? nil : .file("f"))
        solution.outcome = [nil, 0, 1, 1].randomElement(using: &draws)!
        return solution
    }
}
