/// Runs a program on one text, trying ways in the pattern's order and going back where one fails.
///
/// What a place in the program comes to at a place in the text never changes: there are no captures, and counted
/// repeats are written out. After more steps than an ordinary pattern takes, ``ExpressionMemory`` keeps it, so that the
/// time is bounded by the size of the program times that of the text.
struct ExpressionMatcher {
    private let program: ExpressionProgram
    private let text: [UInt8]
    private let start: Int
    private let end: Int
    /// Where to go on when the present way fails.
    private var frames: [Frame] = []
    private var steps = 0
    private let patience: Int
    private var memory: ExpressionMemory?

    private struct Frame {
        var instruction: Int
        var position: Int
        /// How many visits of the trail came before.
        var trail: Int
        var kind: Kind

        enum Kind {
            case resume
            /// A greedy run gives a scalar back, down to `low`; it began at `origin`.
            case shrink(low: Int, origin: Int)
            /// A lazy run takes another scalar, `left` times at most.
            case grow(left: Int)
        }
    }

    init(_ program: ExpressionProgram, _ text: [UInt8], _ range: Range<Int>) {
        self.program = program
        self.text = text
        (start, end) = (range.lowerBound, range.upperBound)
        patience = 64 * range.count + 4096
    }

    /// The first match that begins at `from` or behind it.
    mutating func search(from: Int) -> Range<Int>? {
        var position = from
        while true {
            if let stop = run(0, at: position) { return position..<stop }
            guard position < end else { return nil }
            position += UTF8Scan.scalar(text, at: position, to: end).length
        }
    }

    /// Where the match ends that begins at `position`, by the instructions from `first` up to their `accept`.
    private mutating func run(_ first: Int, at position: Int) -> Int? {
        var place: (instruction: Int, position: Int)? = (first, position)
        let (oldest, trail) = (frames.count, memory?.trail.count ?? 0)
        while let (instruction, position) = place ?? back(to: oldest) {
            steps += 1
            if steps == patience { memory = ExpressionMemory(size: end - start + 1, origin: start) }
            switch step(instruction, position) {
            case .on(let next, let position): place = (next, position)
            case .failed: place = nil
            case .done(let stop):
                frames.removeSubrange(oldest...)
                memory?.settle(from: trail, as: stop)
                return stop
            }
        }
        memory?.settle(from: trail, as: nil)
        return nil
    }

    private enum Outcome { case on(Int, Int), failed, done(Int) }

    @inline(__always)
    private mutating func step(_ instruction: Int, _ position: Int) -> Outcome {
        switch program.instructions[instruction] {
        case .one(let set):
            let length = position < end ? program.sets[set].match(text, at: position, to: end) : 0
            return length > 0 ? .on(instruction + 1, position + length) : .failed
        case .run(let set, let least, let most, let greed):
            if let known = visit(instruction, position) { return known }
            return runStep(instruction, position, set: set, least: least, most: most, greed)
        case .split(let first, let second):
            if let known = visit(instruction, position) { return known }
            push(second, position, .resume)
            return .on(first, position)
        case .jump(let next): return .on(next, position)
        case .anchor(let anchor): return holds(anchor, position) ? .on(instruction + 1, position) : .failed
        case .look(let negative, let next):
            return (run(instruction + 1, at: position) != nil) != negative ? .on(next, position) : .failed
        case .behind(let negative, let bodies, let next):
            return bodies.contains { ends($0, at: position) } != negative ? .on(next, position) : .failed
        case .atomic(let next):
            guard let stop = run(instruction + 1, at: position) else { return .failed }
            return .on(next, stop)
        case .accept: return .done(position)
        }
    }

    /// What is known of this place; nil, with a note that it is being tried, where nothing is.
    @inline(__always)
    private mutating func visit(_ instruction: Int, _ position: Int) -> Outcome? {
        guard memory != nil else { return nil }
        return visitRemembered(instruction, position)
    }

    private mutating func visitRemembered(_ instruction: Int, _ position: Int) -> Outcome? {
        switch memory?.known(instruction, position) {
        case .end(let stop): return .done(stop)
        case .failed: return .failed
        case .unknown, nil:
            memory?.trail.append((instruction, position))
            return nil
        }
    }

    private mutating func push(_ instruction: Int, _ position: Int, _ kind: Frame.Kind) {
        let trail = memory?.trail.count ?? 0
        frames.append(Frame(instruction: instruction, position: position, trail: trail, kind: kind))
    }

    // MARK: Runs

    private mutating func runStep(
        _ instruction: Int, _ position: Int, set: Int, least: Int, most: Int, _ greed: ExpressionNode.Greed
    ) -> Outcome {
        var stop = position
        var low = position
        var count = 0
        let wanted = greed == .lazy ? least : most
        while count < wanted, stop < end {
            let length = program.sets[set].match(text, at: stop, to: end)
            if length == 0 { break }
            stop += length
            count += 1
            if count == least { low = stop }
        }
        if count < least { return .failed }
        switch greed {
        case .greedy: if stop > low { push(instruction, stop, .shrink(low: low, origin: position)) }
        case .lazy: if most > least { push(instruction, stop, .grow(left: most - least)) }
        case .possessive: noteSharing(instruction, from: position)
        }
        return .on(instruction + 1, stop)
    }

    /// The next way to try, from the newest frame; nil where none is left.
    private mutating func back(to oldest: Int) -> (instruction: Int, position: Int)? {
        while frames.count > oldest {
            let frame = frames.removeLast()
            memory?.settle(from: frame.trail, as: nil)
            switch frame.kind {
            case .resume: return (frame.instruction, frame.position)
            case .shrink(let low, let origin):
                let position = frame.position - UTF8Scan.scalar(text, endingAt: frame.position, from: low).length
                if position > low {
                    push(frame.instruction, position, .shrink(low: low, origin: origin))
                } else {
                    noteExhausted(frame.instruction, from: origin)
                }
                return (frame.instruction + 1, position)
            case .grow(let left):
                guard case .run(let set, _, _, _) = program.instructions[frame.instruction], frame.position < end else {
                    continue
                }
                let length = program.sets[set].match(text, at: frame.position, to: end)
                guard length > 0 else { continue }
                if left > 1 { push(frame.instruction, frame.position + length, .grow(left: left - 1)) }
                return (frame.instruction + 1, frame.position + length)
            }
        }
        return nil
    }

    /// A greedy run that begins within another has only ways that the other has too, and those have failed.
    private mutating func noteExhausted(_ instruction: Int, from origin: Int) {
        guard memory != nil, case .run(let set, _, .max, _) = program.instructions[instruction] else { return }
        for position in inside(set, from: origin) { memory?.fail(instruction, position) }
    }

    /// A possessive run that begins within another comes to the same.
    private mutating func noteSharing(_ instruction: Int, from origin: Int) {
        guard memory != nil, case .run(let set, _, .max, _) = program.instructions[instruction] else { return }
        for position in inside(set, from: origin) { memory?.trail.append((instruction, position)) }
    }

    /// The borders between scalars inside a run of a set.
    private func inside(_ set: Int, from origin: Int) -> [Int] {
        var positions: [Int] = []
        var index = origin
        while index < end {
            let length = program.sets[set].match(text, at: index, to: end)
            if length == 0 { break }
            index += length
            positions.append(index)
        }
        return Array(positions.dropLast())
    }

    // MARK: What takes no text

    private mutating func ends(_ body: (length: Int, start: Int), at position: Int) -> Bool {
        var from = position
        for _ in 0..<body.length {
            if from == start { return false }
            from -= UTF8Scan.scalar(text, endingAt: from, from: start).length
        }
        return run(body.start, at: from) == position
    }

    private func holds(_ anchor: ExpressionNode.Anchor, _ position: Int) -> Bool {
        switch anchor {
        case .textStart: position == start
        case .textEnd: position == end
        case .lastLineEnd: position == end || position == end - 1 && text[position] == 0x0A
        case .lineStart: position == start || position < end && text[position - 1] == 0x0A
        case .lineEnd: position == end || text[position] == 0x0A
        case .wordBorder: isWordBorder(position)
        case .noWordBorder: !isWordBorder(position)
        }
    }

    private func isWordBorder(_ position: Int) -> Bool {
        func isWord(_ scalar: Unicode.Scalar?) -> Bool { ScalarProperty.bareWord.holds(for: scalar ?? "\u{FFFD}") }
        let before = position > start && isWord(UTF8Scan.scalar(text, endingAt: position, from: start).scalar)
        let after = position < end && isWord(UTF8Scan.scalar(text, at: position, to: end).scalar)
        return before != after
    }
}
