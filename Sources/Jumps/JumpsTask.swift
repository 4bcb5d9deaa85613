import Critics
import Problems
import Tokenizers

/// `starter:jumps`, the task of the starter models (see `Jumps`).
package struct JumpsTask: ExactlySolvedTask {
    package init() {}

    package let name = "starter:jumps"
    package var splits: [String] { JumpsSplit.allCases.map(\.rawValue) }
    package var standardSplit: String { JumpsSplit.test.rawValue }
    package var knobs: [Difficulty.Knob] {
        [.init("groups", 1...Jumps.maxGroups), .init("operations", 1...Jumps.maxOperations)]
    }
    package var grader: GraderKind { .jumps }
    package var templateName: String { Self.templateName }

    /// The templates of `prompts/actor` and `prompts/critic` under which starter models were trained.
    package static let templateName = "starter"

    package func problems(_ split: String, count: Int, difficulty: Difficulty, seed: UInt64) -> [Problem] {
        guard let split = JumpsSplit(rawValue: split) else { preconditionFailure("\(name) has no split \(split)") }
        let source = "\(name):\(split.rawValue)"
        return (0..<count).map { index in
            let jumps = Jumps.generate(
                index: index, split: split, difficulty: JumpsDifficulty(difficulty), seed: seed)
            return jumps.problem(id: index + 1, source: source)
        }
    }

    package func problem(text: String, id: Int, source: String) -> Problem? {
        Jumps(text: text)?.problem(id: id, source: source)
    }

    package func read(_ text: String) -> (any ExactProblem)? { Jumps(text: text) }

    /// Whether a vocabulary has the task's few words, each one token.
    package func owns(_ tokenizer: Tokenizer) -> Bool {
        tokenizer.vocabularySize <= 1024
            && Self.words.prefix(16).allSatisfy { tokenizer.encode($0, recognisingSpecials: false).count == 1 }
    }

    package func exactCritic(skills: [String: StepTally], samples: Int, jitter: Double, seed: UInt64)
        -> any ValueEstimator
    {
        ExactCritic(skills: skills.compactMapValues(\.skill), samples: samples, jitter: jitter, seed: seed)
    }
}

extension Jumps {
    /// The problem with its answer, its grader, and a step for each line.
    package func problem(id: Int, source: String) -> Problem {
        Problem(id: id, text: text, answer: "\(answer)", source: source, grader: .jumps, stepRule: .newline)
    }
}

extension GraderKind {
    /// The digit of a starter solution's last line, which must be the last group's (`A4 e f=5`).
    package static let jumps = GraderKind("jumps", JumpsGrader())
}

extension JumpsDifficulty {
    /// What was asked for, the task's own where nothing was.
    package init(_ asked: Difficulty) {
        var own = JumpsDifficulty()
        if let groups = asked.ranges["groups"] { own.groups = groups }
        if let operations = asked.ranges["operations"] { own.operations = operations }
        self.init(groups: own.groups, operations: own.operations)
    }
}

extension Jumps: ExactProblem {
    package var stepCount: Int { groups.count }

    package func isRight(_ beginning: String, steps: Int) -> Bool {
        claims(in: beginning).elementsEqual(results.prefix(steps), by: ==)
    }

    package func tally(_ solution: String) -> StepTally {
        var tally = StepTally()
        var from: Int? = start
        for (group, claim) in zip(groups, claims(in: solution)) {
            guard let digit = from else { break }
            tally.add(size: group.count, isRight: group.reduce(digit) { $1($0) } == claim)
            from = claim
        }
        return tally
    }

    package func check(chain: String, of beginning: String) -> ChainCheck {
        check(chain: chain, claims: claims(in: beginning))
    }
}

extension StepTally {
    /// The skill it shows, sizes being numbers of operations; a size never met is taken to be as hard as the next
    /// smaller one. Nil when no step was seen.
    package var skill: JumpsSkill? {
        guard let largest = counts.keys.max(), let smallest = counts.keys.min() else { return nil }
        var accuracy: [Double] = [], last = counts[smallest] ?? Count()
        for size in 1...largest {
            last = counts[size] ?? last
            // Half a line each way: an actor that never erred in a sample may yet.
            accuracy.append((Double(last.right) + 0.5) / (Double(last.total) + 1))
        }
        return JumpsSkill(accuracy: accuracy)
    }
}
