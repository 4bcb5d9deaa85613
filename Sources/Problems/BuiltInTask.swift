import Tokenizers

/// A task that draws its own problems and knows of each what is right. `Tasks` holds those of the program.
package protocol BuiltInTask: Sendable {
    /// `SCHEME:TASK`, in words without blanks: the name of its data set, after which `:SPLIT` may stand.
    var name: String { get }

    /// Parts that never share a problem's random numbers; the first is the one to train on.
    var splits: [String] { get }

    /// The split that ``name`` alone means.
    var standardSplit: String { get }

    /// What its difficulty may set.
    var knobs: [Difficulty.Knob] { get }

    /// Reads its solutions. The kind's name is kept with every problem.
    var grader: GraderKind { get }

    /// The name of the templates of prompts/actor and prompts/critic under which models of its own vocabulary are
    /// trained and asked.
    var templateName: String { get }

    /// Problems number 1...count of a split: a pure function of its arguments.
    /// - Parameter split: one of ``splits``.
    func problems(_ split: String, count: Int, difficulty: Difficulty, seed: UInt64) -> [Problem]

    /// A problem of this text, with its answer; nil for a text that is none of the task's.
    func problem(text: String, id: Int, source: String) -> Problem?

    /// All that is known of a problem of this text; nil for a text that is none of the task's.
    func read(_ text: String) -> (any ExactProblem)?

    /// Whether a vocabulary was made for this task.
    func owns(_ tokenizer: Tokenizer) -> Bool

    /// How its texts are read: an example, line by line.
    var guide: [GuidePart] { get }
}

/// Lines of an example, each with what it means.
package struct GuidePart: Sendable {
    /// What the lines are.
    package let title: String
    /// From top to bottom.
    package let lines: [(text: String, meaning: String)]

    /// - Parameters:
    ///   - text: of several lines.
    ///   - meanings: one for each of them.
    package init(_ title: String, _ text: String, _ meanings: [String]) {
        let texts = text.split(separator: "\n").map(String.init)
        precondition(texts.count == meanings.count, "every line of an example has its meaning")
        self.title = title
        lines = zip(texts, meanings).map { ($0, $1) }
    }
}

extension BuiltInTask {
    /// Its problems to train on.
    package var trainingSet: TaskSet { TaskSet(task: self, split: splits[0]) }
}

/// A problem of which everything is known.
package protocol ExactProblem: Sendable {
    /// Steps of its right solution.
    var stepCount: Int { get }

    /// Whether the beginning of a solution is so many steps, and all of them right.
    func isRight(_ beginning: String, steps: Int) -> Bool

    /// How many of a solution's steps are right, each judged from where the step before it left off.
    func tally(_ solution: String) -> StepTally

    /// What a critic's chain redid of the beginning of a solution, beside what an exact solver does.
    func check(chain: String, of beginning: String) -> ChainCheck
}
