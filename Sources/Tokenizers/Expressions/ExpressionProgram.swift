/// A regular expression as instructions for ``ExpressionMatcher``.
struct ExpressionProgram: Sendable {
    enum Instruction: Sendable {
        /// A scalar of the set.
        case one(set: Int)
        /// Scalars of one set: at least `least` (0 or 1), at most `most`.
        case run(set: Int, least: Int, most: Int, greed: ExpressionNode.Greed)
        /// Goes on at the first, and if that fails at the second.
        case split(Int, Int)
        case jump(Int)
        case anchor(ExpressionNode.Anchor)
        /// What follows up to its `accept` must, or must not, match here; then on at `next`.
        case look(negative: Bool, next: Int)
        /// One of the bodies, each of a fixed number of scalars, must, or must not, end here.
        case behind(negative: Bool, bodies: [(length: Int, start: Int)], next: Int)
        /// What follows up to its `accept` matches at once and gives nothing back.
        case atomic(next: Int)
        case accept
    }

    private(set) var instructions: [Instruction] = []
    private(set) var sets: [CompiledScalarSet] = []
    /// Whether repeats of a scalar are scanned at once. Otherwise they are loops, of which each step can be remembered.
    let usesRuns: Bool

    /// What bounds ``ExpressionMemory``: a bit a byte of text for each instruction, four bytes for each inner branch.
    private static let largest = 2_000
    private static let mostInnerBranches = 64
    /// How many lookarounds and atomic groups what is being added stands in.
    private var depth = 0
    private var innerBranches = 0

    /// - Throws: ``ExpressionError``
    init(_ node: ExpressionNode, usesRuns: Bool) throws {
        self.usesRuns = usesRuns
        try add(node)
        try append(.accept)
    }

    private mutating func append(_ instruction: Instruction) throws {
        guard instructions.count < Self.largest else {
            throw ExpressionError(what: "a pattern of more than \(Self.largest) steps")
        }
        if depth > 0, case .split = instruction { innerBranches += 1 }
        guard innerBranches <= Self.mostInnerBranches else {
            throw ExpressionError(what: "more than \(Self.mostInnerBranches) branches in lookarounds and atomic groups")
        }
        instructions.append(instruction)
    }

    private mutating func add(_ node: ExpressionNode) throws {
        switch node {
        case .empty: break
        case .one(let set): try append(.one(set: add(set)))
        case .sequence(let nodes): for node in nodes { try add(node) }
        case .choice(let nodes): try addChoice(nodes)
        case .repeated(let node, let least, let most, .possessive):
            if usesRuns, case .one(let set) = node {
                try addRun(set, least, most, .possessive)
            } else {
                try add(.atomic(.repeated(node, least: least, most: most, .greedy)))
            }
        case .repeated(let node, let least, let most, let greed):
            if usesRuns, case .one(let set) = node {
                try addRun(set, least, most, greed)
            } else {
                try addLoop(node, least, most, isLazy: greed == .lazy)
            }
        case .atomic(let node):
            try addBody(node) { .atomic(next: $0) }
        case .look(let node, behind: false, let negative):
            try addBody(node) { .look(negative: negative, next: $0) }
        case .look(let node, behind: true, let negative): try addBehind(node, negative)
        case .anchor(let anchor): try append(.anchor(anchor))
        }
    }

    private mutating func add(_ set: ScalarSet) -> Int {
        sets.append(CompiledScalarSet(set))
        return sets.count - 1
    }

    private mutating func addChoice(_ nodes: [ExpressionNode]) throws {
        var ends: [Int] = []
        for (index, node) in nodes.enumerated() {
            let split = instructions.count
            if index < nodes.count - 1 { try append(.split(split + 1, split)) }
            try add(node)
            if index < nodes.count - 1 {
                ends.append(instructions.count)
                try append(.jump(0))
                instructions[split] = .split(split + 1, instructions.count)
            }
        }
        for end in ends { instructions[end] = .jump(instructions.count) }
    }

    private mutating func addRun(_ set: ScalarSet, _ least: Int, _ most: Int?, _ greed: ExpressionNode.Greed) throws {
        let place = add(set)
        // All but one of the least stand alone, so that a run's own least is 0 or 1.
        let last = most == nil && least > 0 ? 1 : 0
        for _ in 0..<least - last { try append(.one(set: place)) }
        let rest = most.map { $0 - least } ?? .max
        if rest > 0 { try append(.run(set: place, least: last, most: rest, greed: greed)) }
    }

    private mutating func addLoop(_ node: ExpressionNode, _ least: Int, _ most: Int?, isLazy: Bool) throws {
        guard let most else {
            for _ in 0..<max(least - 1, 0) { try add(node) }
            let start = instructions.count
            if least > 0 {
                try add(node)
                let split = instructions.count
                return try append(isLazy ? .split(split + 1, start) : .split(start, split + 1))
            }
            try append(.split(start, start))
            try add(node)
            try append(.jump(start))
            let end = instructions.count
            instructions[start] = isLazy ? .split(end, start + 1) : .split(start + 1, end)
            return
        }
        for _ in 0..<least { try add(node) }
        var splits: [Int] = []
        for _ in least..<most {
            splits.append(instructions.count)
            try append(.split(0, 0))
            try add(node)
        }
        let end = instructions.count
        for split in splits { instructions[split] = isLazy ? .split(end, split + 1) : .split(split + 1, end) }
    }

    private mutating func addBody(_ node: ExpressionNode, _ opening: (Int) -> Instruction) throws {
        let start = instructions.count
        try append(opening(0))
        depth += 1
        defer { depth -= 1 }
        try add(node)
        try append(.accept)
        instructions[start] = opening(instructions.count)
    }

    private mutating func addBehind(_ node: ExpressionNode, _ negative: Bool) throws {
        let alternatives = if case .choice(let nodes) = node { nodes } else { [node] }
        let start = instructions.count
        try append(.accept)
        var bodies: [(length: Int, start: Int)] = []
        depth += 1
        defer { depth -= 1 }
        for alternative in alternatives {
            guard let length = alternative.length else { throw ExpressionError(what: "lookbehind of varying length") }
            bodies.append((length, instructions.count))
            try add(alternative)
            try append(.accept)
        }
        instructions[start] = .behind(negative: negative, bodies: bodies, next: instructions.count)
    }
}
