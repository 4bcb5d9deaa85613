import Foundation
import Problems

/// The problems that settings name for a stage that lets actors solve them.
enum ProblemSource {
    /// Files' problems in their order, and the built-in task's; ids count from 1.
    /// - Throws: ``ProblemsError`` for what cannot be read; ``TrainingError/noAnswers(file:)`` when problems have no
    ///   answer: there would be no outcome to learn from.
    /// - Parameters:
    ///   - most: problems of each file.
    ///   - seed: of the built-in task's.
    ///   - answered: only those with an answer; false where a program grades that needs none.
    static func load(_ files: [String], most: Int, seed: UInt64, answered: Bool) throws -> [Problem] {
        var problems: [Problem] = []
        for file in files {
            let loaded =
                try Tasks.set(file).map { $0.problems(count: most, seed: seed) }
                ?? DataSet.load(file, DataSet.Choice(limit: most)).problems
            let used = answered ? loaded.filter { $0.answer != nil } : loaded
            guard !used.isEmpty else { throw TrainingError.noAnswers(file: file) }
            problems += used
        }
        for index in problems.indices { problems[index].id = index + 1 }
        return problems
    }
}
