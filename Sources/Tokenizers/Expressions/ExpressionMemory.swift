/// What places in a program came to at places in a text: where the match ends, or that there is none.
struct ExpressionMemory {
    enum Known { case unknown, failed, end(Int) }

    /// Visits that are still being tried, oldest first.
    var trail: [(instruction: Int, position: Int)] = []
    /// By instruction: per position 0 for unknown, -1 for failed, else one more than the end's distance.
    private var rows: [Int: [Int32]] = [:]
    private let size: Int
    private let origin: Int

    /// - Parameters:
    ///   - size: the number of positions.
    ///   - origin: the first of them.
    init(size: Int, origin: Int) {
        self.size = size
        self.origin = origin
    }

    func known(_ instruction: Int, _ position: Int) -> Known {
        switch rows[instruction]?[position - origin] {
        case nil, 0: .unknown
        case -1: .failed
        case .some(let distance): .end(origin + Int(distance) - 1)
        }
    }

    /// All visits from `first` on came to this.
    mutating func settle(from first: Int, as end: Int?) {
        guard first < trail.count else { return }
        let value = end.map { Int32($0 - origin + 1) } ?? -1
        for (instruction, position) in trail[first...] { set(instruction, position, to: value) }
        trail.removeSubrange(first...)
    }

    mutating func fail(_ instruction: Int, _ position: Int) { set(instruction, position, to: -1) }

    private mutating func set(_ instruction: Int, _ position: Int, to value: Int32) {
        rows[instruction, default: [Int32](repeating: 0, count: size)][position - origin] = value
    }
}
