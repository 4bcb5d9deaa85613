import Foundation
import Problems

/// The problems that a setting names for a stage that lets actors solve them.
enum ProblemSource {
    /// Files' problems in their order, and the built-in task's; ids count from 1.
    /// - Throws: ``ProblemsError`` for what cannot be read; ``TrainingError/noAnswers(file:)`` when problems have no
    ///   answer: there would be no outcome to learn from.
    /// - Parameters:
    ///   - files: the setting.
    ///   - most: problems of each file.
    static func load(_ recipe: Recipe, files: String, most: Int) throws -> [Problem] {
        var problems: [Problem] = []
        for file in recipe.files(files) {
            let loaded =
                try StarterTask.Source(file).map {
                    StarterTask.problems($0, count: most, seed: UInt64(recipe.integer("data.seed")))
                }
                ?? Array(DataSet.load(file).prefix(most))
            guard loaded.contains(where: { $0.answer != nil }) else { throw TrainingError.noAnswers(file: file) }
            problems += loaded.filter { $0.answer != nil }
        }
        for index in problems.indices { problems[index].id = index + 1 }
        return problems
    }
}
