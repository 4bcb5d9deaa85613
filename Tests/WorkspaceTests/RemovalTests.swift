import Foundation
import Generation
import Problems
import Testing
import Workspace

@Suite("What is removed from a workspace")
struct RemovalTests {
    private struct Note: Estimate, Equatable {
        var prefix: Prefix
    }

    private let folder: Folder
    private let workspace: Workspace

    /// Problems 1 to 3, of each two solutions (1, 2; 3, 4; 5, 6), of each solution two valuations and one truth.
    init() throws {
        folder = try Folder()
        workspace = try folder.open()
        let problems = try workspace.keep(["a", "b", "c"].map { Problem(id: 0, text: $0) })
        for problem in problems {
            _ = try workspace.keep((0..<2).map { _ in (solution: Self.solution(of: problem.id), steps: []) })
        }
        for solution in 1...6 {
            try valuations.keep((0..<2).map { Note(prefix: Prefix(solution: solution, step: $0)) })
            try truths.keep([Note(prefix: Prefix(solution: solution, step: 1))])
        }
    }

    private var valuations: Shelf<Note> { workspace.estimates(.valuation, as: Note.self) }
    private var truths: Shelf<Note> { workspace.estimates(.truth, as: Note.self) }

    private static func solution(of problem: Int) -> Solution {
        Solution(
            id: 0, problem: problem, ids: [1], text: "x", finish: .stop,
            actor: ActorSnapshot(name: "a", parameters: 1, sampling: Sampling()), seed: 0)
    }

    @Test("solutions, valuations and truths go with their problem, and are counted before and after")
    func some() throws {
        let expected = Removal(problems: 2, solutions: 4, valuations: 8, truths: 4)
        #expect(try workspace.removal(of: [3, 1]) == expected)
        #expect(try workspace.problems.count() == 3)
        #expect(try workspace.remove(problems: [3, 1]) == expected)
        #expect(try workspace.problems.ids() == [2])
        #expect(try workspace.solutions.ids() == [3, 4])
        #expect(try Set(valuations.all().map(\.prefix.solution)) == [3, 4])
        #expect(try Set(truths.all().map(\.prefix.solution)) == [3, 4])
        #expect(try valuations.newest(of: 3).count == 2 && valuations.newest(of: 1).isEmpty)
    }

    @Test("a number that is not there is an error by name, and nothing is removed")
    func missing() throws {
        let error = WorkspaceError.notFound(kind: "problem", id: 9, known: 1...3)
        #expect(throws: error) { try workspace.remove(problems: [1, 9, 12]) }
        #expect(throws: error) { try workspace.removal(of: [1, 9, 12]) }
        #expect(try workspace.problems.count() == 3 && workspace.solutions.count() == 6)
        #expect(throws: WorkspaceError.notFound(kind: "problem", id: 1, known: nil)) {
            try Folder().open().remove(problems: [1])
        }
    }

    @Test("everything goes, and no number is given twice, in this process or the next")
    func all() throws {
        #expect(try workspace.remove(problems: nil) == Removal(problems: 3, solutions: 6, valuations: 12, truths: 6))
        #expect(try workspace.remove(problems: nil) == Removal())
        #expect(try workspace.problems.ids().isEmpty && workspace.solutions.ids().isEmpty)
        let again = try folder.open()
        #expect(try again.keep([Problem(id: 0, text: "a")]).map(\.id) == [4])
        #expect(try again.keep([(solution: Self.solution(of: 4), steps: [])]).map(\.id) == [7])
        try again.estimates(.truth, as: Note.self).keep([Note(prefix: Prefix(solution: 7, step: 0))])
        #expect(try again.estimates(.truth, as: Note.self).ids() == [7])
        #expect(try Folder().open().remove(problems: nil) == Removal())
    }

    @Test("what another process removed meanwhile gets no new solutions and no new valuations")
    func meanwhile() throws {
        _ = try folder.open().remove(problems: [1])
        let late = (solution: Self.solution(of: 1), steps: [Step]())
        #expect(throws: WorkspaceError.removed(kind: "problem", id: 1)) { try workspace.keep([late]) }
        #expect(throws: WorkspaceError.removed(kind: "solution", id: 2)) {
            try valuations.keep([3, 2].map { Note(prefix: Prefix(solution: $0, step: 0)) })
        }
        #expect(try workspace.solutions.count() == 4 && valuations.count() == 8)
    }
}
