import Synchronization
import Tokenizers

/// The built-in tasks of the program. They are made known once, at its start.
package enum Tasks {
    private static let registered = Mutex<[any BuiltInTask]>([])

    /// In the order in which they were made known.
    package static var all: [any BuiltInTask] { registered.withLock { $0 } }

    /// Makes a task and its grader known; one of the same name stays as it is.
    package static func register(_ task: some BuiltInTask) {
        GraderKind.register(task.grader)
        registered.withLock { tasks in
            if !tasks.contains(where: { $0.name == task.name }) { tasks.append(task) }
        }
    }

    /// The set that a text names: `TASK` (its standard split) or `TASK:SPLIT`. Nil for a text that begins with no
    /// task's scheme, such as a file's path.
    /// - Throws: ``ProblemsError/unknownTask(_:)`` for a task or split there is not.
    package static func set(_ text: String) throws -> TaskSet? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1, all.contains(where: { $0.scheme == parts[0] }) else { return nil }
        let named = all.first { $0.name == parts.prefix(2).joined(separator: ":") }
        guard let task = named, parts.count <= 3 else { throw ProblemsError.unknownTask(text) }
        let split = parts.count == 3 ? parts[2] : task.standardSplit
        guard task.splits.contains(split) else { throw ProblemsError.unknownTask(text) }
        return TaskSet(task: task, split: split)
    }

    /// All that is known of a problem of this text; nil where it is of no built-in task.
    package static func read(_ text: String) -> (any ExactProblem)? {
        all.lazy.compactMap { $0.read(text) }.first
    }

    /// The task for which a vocabulary was made.
    package static func owner(of tokenizer: Tokenizer) -> (any BuiltInTask)? { all.first { $0.owns(tokenizer) } }
}

extension BuiltInTask {
    /// What stands before the first colon of its name.
    var scheme: String { String(name.prefix { $0 != ":" }) }
}

/// A part of a built-in task's problems, named `TASK:SPLIT`.
package struct TaskSet: Sendable, CustomStringConvertible {
    /// Whose problems they are.
    package let task: any BuiltInTask
    /// One of the task's splits.
    package let split: String

    /// - Parameter split: one of the task's.
    package init(task: any BuiltInTask, split: String) { (self.task, self.split) = (task, split) }

    package var description: String { task.name + ":" + split }

    /// Its first `count` problems under a seed, ids from 1.
    package func problems(count: Int, difficulty: Difficulty = Difficulty(), seed: UInt64 = 0) -> [Problem] {
        task.problems(split, count: count, difficulty: difficulty, seed: seed)
    }
}
