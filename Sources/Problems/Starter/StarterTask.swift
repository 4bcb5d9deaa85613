/// The built-in tasks, by name. There is one, `jumps`.
package enum StarterTask: String, Sendable, CaseIterable {
    case jumps

    /// The templates of `prompts/actor` and `prompts/critic` under which starter models were trained.
    package static let promptName = "starter"

    /// A data set's name, `starter:jumps` (the test split) or `starter:jumps:SPLIT`.
    package struct Source: Sendable, Equatable, CustomStringConvertible {
        package var task: StarterTask
        package var split: JumpsSplit

        package init(task: StarterTask, split: JumpsSplit) {
            self.task = task
            self.split = split
        }

        /// Nil when `text` does not begin with `starter:`.
        /// - Throws: ``ProblemsError/unknownTask(_:)`` for a task or split there is not.
        package init?(_ text: String) throws {
            guard text.hasPrefix("starter:") else { return nil }
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).dropFirst().map(String.init)
            guard parts.count <= 2, let task = StarterTask(rawValue: parts[0]),
                let split = parts.count == 2 ? JumpsSplit(rawValue: parts[1]) : .test
            else { throw ProblemsError.unknownTask(text) }
            self.init(task: task, split: split)
        }

        package var description: String { "starter:\(task.rawValue):\(split.rawValue)" }
    }

    /// A split's problems, numbered from 1: the same for every run of one seed.
    package static func problems(
        _ source: Source, count: Int = 200, difficulty: JumpsDifficulty = .init(), seed: UInt64 = 0
    ) -> [Problem] {
        (0..<count).map { index in
            let jumps = Jumps.generate(index: index, split: source.split, difficulty: difficulty, seed: seed)
            return jumps.problem(id: index + 1, source: source.description)
        }
    }
}

extension Jumps {
    package func problem(id: Int, source: String) -> Problem {
        Problem(id: id, text: text, answer: "\(answer)", source: source, grader: .jumps, stepRule: .newline)
    }
}
