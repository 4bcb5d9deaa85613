/// Runs a program on one text, trying ways in the pattern's order and going back where one fails.
///
/// It begins with a program that scans runs at once and remembers nothing. After more steps than an ordinary text takes
/// it goes on with one of single steps, whose every branch keeps in ``ExpressionMemory`` what it came to: what a branch
/// comes to at a place in the text never changes, for there are no captures, and counted repeats are written out. So no
/// branch is tried twice at a place, and the steps are bounded by the size of the program times that of the text.
struct ExpressionMatcher {
    private var program: ExpressionProgram
    private let careful: ExpressionProgram
    private let text: [UInt8]
    private let start: Int
    private let end: Int
    /// Where to go on when the present way fails.
    private var frames: [Frame] = []
    /// How many instructions were run, and scalars scanned.
    private(set) var steps = 0
    /// When memory begins. Published patterns take 4 to 7 steps a byte of mixed text.
    private let patience: Int
    private var memory: ExpressionMemory?

    private struct Frame {
        var position: Int
        /// The lowest position that a run shrinks to; how many scalars it may still take where it grows.
        var limit = 0
        var instruction: Int32
        var kind: Kind

        enum Kind {
            /// A branch whose second way is still to be tried.
            case branch
            /// A branch whose second way is being tried: with memory alone.
            case lastWay
            /// A greedy run gives a scalar back.
            case shrink
            /// A lazy run takes another scalar.
            case grow
        }
    }

    init(quick: ExpressionProgram, careful: ExpressionProgram, _ text: [UInt8], _ range: Range<Int>) {
        program = quick
        self.careful = careful
        self.text = text
        (start, end) = (range.lowerBound, range.upperBound)
        patience = 32 * range.count + 1024
    }

    /// The first match that begins at `from` or behind it.
    mutating func search(from: Int) -> Range<Int>? {
        var position = from
        while true {
            let stop = run(0, at: position)
            if isImpatient {
                remember()
                continue
            }
            if let stop { return position..<stop }
            guard position < end else { return nil }
            position += UTF8Scan.scalar(text, at: position, to: end).length
        }
    }

    /// Whether what was found counts for nothing, because the search begins again with memory.
    private var isImpatient: Bool { memory == nil && steps > patience }

    private mutating func remember() {
        program = careful
        frames = []
        memory = ExpressionMemory(branches: program.instructions.count, size: end - start + 1, origin: start)
    }

    /// Where the match ends that begins at `position`, by the instructions from `first` up to their `accept`.
    private mutating func run(_ first: Int, at position: Int) -> Int? {
        var place: (instruction: Int, position: Int)? = (first, position)
        let oldest = frames.count
        while let (instruction, position) = place ?? back(to: oldest) {
            steps += 1
            if isImpatient { return nil }
            switch step(instruction, position) {
            case .on(let next, let position): place = (next, position)
            case .failed: place = nil
            case .done(let stop):
                // What begins at the text's own level is never asked for again: the next search begins behind it.
                if memory != nil, first > 0 { settle(from: oldest, as: stop) }
                frames.removeSubrange(oldest...)
                return stop
            }
        }
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
            return runStep(instruction, position, set: set, least: least, most: most, greed)
        case .split(let first, _):
            switch memory?.known(instruction, position) {
            case .end(let stop): return .done(stop)
            case .failed: return .failed
            case .unknown, nil: break
            }
            frames.append(Frame(position: position, instruction: Int32(instruction), kind: .branch))
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

    /// All branches from `oldest` on led to this end.
    private mutating func settle(from oldest: Int, as stop: Int) {
        for frame in frames[oldest...] { memory?.match(Int(frame.instruction), frame.position, to: stop) }
    }

    /// The next way to try, from the newest frame; nil where none is left.
    private mutating func back(to oldest: Int) -> (instruction: Int, position: Int)? {
        while frames.count > oldest {
            let frame = frames.removeLast()
            let instruction = Int(frame.instruction)
            switch (frame.kind, program.instructions[instruction]) {
            case (.branch, .split(_, let second)):
                if memory != nil {
                    frames.append(Frame(position: frame.position, instruction: frame.instruction, kind: .lastWay))
                }
                return (second, frame.position)
            case (.shrink, _): return (instruction + 1, shrink(frame))
            case (.grow, .run(let set, _, _, _)):
                if let position = grow(frame, set) { return (instruction + 1, position) }
            default: memory?.fail(instruction, frame.position)
            }
        }
        return nil
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
        steps += count
        if count < least { return .failed }
        let place = Int32(instruction)
        switch greed {
        case .greedy:
            if stop > low { frames.append(Frame(position: stop, limit: low, instruction: place, kind: .shrink)) }
        case .lazy:
            let left = most - least
            if left > 0 { frames.append(Frame(position: stop, limit: left, instruction: place, kind: .grow)) }
        case .possessive: break
        }
        return .on(instruction + 1, stop)
    }

    private mutating func shrink(_ frame: Frame) -> Int {
        var frame = frame
        frame.position -= UTF8Scan.scalar(text, endingAt: frame.position, from: frame.limit).length
        if frame.position > frame.limit { frames.append(frame) }
        return frame.position
    }

    private mutating func grow(_ frame: Frame, _ set: Int) -> Int? {
        guard frame.position < end else { return nil }
        let length = program.sets[set].match(text, at: frame.position, to: end)
        guard length > 0 else { return nil }
        var frame = frame
        frame.position += length
        frame.limit -= 1
        if frame.limit > 0 { frames.append(frame) }
        return frame.position
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
