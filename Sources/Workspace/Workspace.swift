import Foundation
import Problems

/// What is kept between sessions, under `.genac/` of a directory: problems, solutions, and what they were found worth.
/// Nothing is written before the first thing is kept.
package final class Workspace {
    package let directory: String
    private let store: Store
    package let problems: Shelf<Problem>
    package let solutions: Shelf<Solution>
    let stepShelf: Shelf<SolutionSteps>

    /// - Throws: ``WorkspaceError/notADirectory(path:)``, ``WorkspaceError/cannotOpen(path:reason:)``.
    package init(directory: String) throws {
        let absolute = URL(fileURLWithPath: directory).standardizedFileURL.path
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: absolute, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw WorkspaceError.notADirectory(path: directory)
        }
        self.directory = absolute
        store = try Store(path: absolute + "/.genac/store.jsonl")
        problems = Shelf(store, kind: "problem")
        solutions = Shelf(store, kind: "solution")
        stepShelf = Shelf(store, kind: "steps")
    }

    /// The records of a kind that this room knows nothing of.
    /// - Parameter kind: `a-z`, at most twenty letters.
    package func shelf<Element: Codable>(_ kind: String, of type: Element.Type) -> Shelf<Element> {
        Shelf(store, kind: kind)
    }

    /// Lines of the store that could not be read, each reported once.
    package func takeDamage() -> [WorkspaceError] { store.takeDamage() }

    /// Where runs are kept.
    package var runsDirectory: String { directory + "/runs" }

    /// Where studies are kept.
    package var studiesDirectory: String { directory + "/studies" }

    /// Problems in the order given, those known already (same text, answer, source and rules) under their old ids.
    package func keep(_ loaded: [Problem]) throws -> [Problem] {
        var known: [Problem.Content: Problem] = [:]
        for problem in try problems.all() { known[problem.content] = problem }
        var fresh: [Problem] = []
        var freshContent: Set<Problem.Content> = []
        for problem in loaded where known[problem.content] == nil {
            if freshContent.insert(problem.content).inserted { fresh.append(problem) }
        }
        if !fresh.isEmpty {
            let added = try problems.add(count: fresh.count) { index, id in
                var problem = fresh[index]
                problem.id = id
                return problem
            }
            for problem in added { known[problem.content] = problem }
        }
        return loaded.compactMap { known[$0.content] }
    }

    /// The solutions of a problem, by ascending id.
    package func solutions(of problem: Int) throws -> [Solution] {
        try solutions.all().filter { $0.problem == problem }
    }
}

extension Problem {
    /// All but the id.
    struct Content: Hashable {
        var text: String
        var answer: String?
        var source: String
        var rules: String
    }

    var content: Content {
        Content(text: text, answer: answer, source: source, rules: "\(grader.rawValue) \(stepRule)")
    }
}
