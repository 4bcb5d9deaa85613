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
    static func load(_ files: [String], most: Int, seed: UInt64) throws -> [Problem] {
        var problems: [Problem] = []
        for file in files {
            let loaded =
                try Tasks.set(file).map { $0.problems(count: most, seed: seed) }
                ?? DataSet.load(file, DataSet.Choice(limit: most)).problems
            guard loaded.contains(where: { $0.answer != nil }) else { throw TrainingError.noAnswers(file: file) }
            problems += loaded.filter { $0.answer != nil }
        }
        for index in problems.indices { problems[index].id = index + 1 }
        return problems
    }
}
