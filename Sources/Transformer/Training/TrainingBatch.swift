/// Rows of token ids laid end to end, never padded: sequences side by side, or a tree of segments in which a
/// child continues its parent's last row and sees its ancestors' rows and its own earlier ones, nothing else.
package struct TrainingBatch: Sendable, Equatable {
    /// Rows that follow one another, without a branch among them.
    package struct Segment: Sendable, Equatable {
        /// The segment continued, always an earlier one; nil at a root.
        package let parent: Int?
        /// Its rows among the batch's.
        package let rows: Range<Int>
        /// Position of the first row: the length of the path above.
        package let depth: Int
        /// The root this segment grows from, counted from 0.
        package let root: Int
    }

    /// A next token to be scored after `row`. A row where branches part may have several.
    package struct Target: Sendable, Equatable {
        /// After which it stands.
        package let row: Int
        /// Its id.
        package let token: Int32

        /// - Parameter row: one of the batch's.
        package init(row: Int, token: Int32) {
            self.row = row
            self.token = token
        }
    }

    /// The rows' tokens.
    package private(set) var ids: [Int32] = []
    /// The rows' positions in their sequences, from 0.
    package private(set) var positions: [Int32] = []
    /// In the order added: parents before children.
    package private(set) var segments: [Segment] = []
    /// In the order added; log-probabilities and coefficients are indexed alike.
    package private(set) var targets: [Target] = []
    /// The rows after which a value is asked for, in the order added; values and their derivatives are indexed alike.
    package private(set) var valueRows: [Int] = []
    /// How many sequences or trees there are.
    package private(set) var roots = 0

    /// Without rows.
    package init() {}

    /// How many rows.
    package var rows: Int { ids.count }

    /// Appends `tokens` below `parent` (nil starts a new sequence).
    /// - Returns: The segment's index.
    @discardableResult
    package mutating func append(_ tokens: some Collection<Int32>, after parent: Int? = nil) -> Int {
        let depth = parent.map { segments[$0].depth + segments[$0].rows.count } ?? 0
        let root = parent.map { segments[$0].root } ?? roots
        if parent == nil { roots += 1 }
        let start = ids.count
        ids.append(contentsOf: tokens)
        for row in start..<ids.count { positions.append(Int32(depth + row - start)) }
        segments.append(Segment(parent: parent, rows: start..<ids.count, depth: depth, root: root))
        return segments.count - 1
    }

    /// Asks for the log-probability of `token` after `row`.
    /// - Returns: The target's index.
    @discardableResult
    package mutating func target(_ token: Int32, after row: Int) -> Int {
        precondition(ids.indices.contains(row))
        targets.append(Target(row: row, token: token))
        return targets.count - 1
    }

    /// Asks for a value head's value after `row`.
    /// - Returns: The value's index.
    @discardableResult
    package mutating func value(after row: Int) -> Int {
        precondition(ids.indices.contains(row))
        valueRows.append(row)
        return valueRows.count - 1
    }

    /// A whole sequence, every token of `scored` (a range of its indices, 1 or later) a target.
    package mutating func appendSequence(_ tokens: [Int32], scored: Range<Int>) {
        let first = ids.count
        // The last token is only ever predicted, never read: a row for it would be work for nothing.
        append(tokens.dropLast())
        for index in scored where index > 0 { target(tokens[index], after: first + index - 1) }
    }

    /// The segments a segment sees, from its root down to itself.
    func ancestry(of segment: Int) -> [Int] {
        var line: [Int] = []
        var next: Int? = segment
        while let current = next {
            line.append(current)
            next = segments[current].parent
        }
        return line.reversed()
    }

    /// The row ranges a segment sees, from its root down to itself.
    package func path(of segment: Int) -> [Range<Int>] { ancestry(of: segment).map { segments[$0].rows } }

    /// Segments by root, parents before children.
    var segmentsOfRoot: [[Int]] {
        var list = [[Int]](repeating: [], count: roots)
        for (index, segment) in segments.enumerated() { list[segment.root].append(index) }
        return list
    }
}

/// Targets gathered by row: `rows[i]`'s targets are `order[starts[i]..<starts[i + 1]]`.
struct TargetRows {
    var rows: [Int] = []
    var starts: [Int] = [0]
    var order: [Int] = []

    init(_ batch: TrainingBatch) {
        order = batch.targets.indices.sorted { (batch.targets[$0].row, $0) < (batch.targets[$1].row, $1) }
        for (position, index) in order.enumerated() {
            let row = batch.targets[index].row
            if rows.last != row {
                if !rows.isEmpty { starts.append(position) }
                rows.append(row)
            }
        }
        if !rows.isEmpty { starts.append(order.count) }
    }
}
