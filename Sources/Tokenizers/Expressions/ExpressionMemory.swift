/// What the branches of a program came to at places in a text.
///
/// A failure takes a bit, an end four bytes, for each byte of text and each branch that came to one. Only branches in
/// lookarounds and atomic groups keep ends, and ``ExpressionProgram`` limits both, so that a byte of text takes some
/// 500 bytes with the worst pattern that is read, and a few with ordinary ones.
struct ExpressionMemory {
    enum Known { case unknown, failed, end(Int) }

    /// By branch: a bit for each position where it failed.
    private var failures: [[UInt64]]
    /// By branch: one more than the distance from `origin` to the end where it matched, else 0.
    private var ends: [[UInt32]]
    private let size: Int
    private let origin: Int

    /// - Parameters:
    ///   - branches: the number of instructions.
    ///   - size: the number of positions.
    ///   - origin: the first of them.
    init(branches: Int, size: Int, origin: Int) {
        failures = Array(repeating: [], count: branches)
        ends = failures.map { _ in [] }
        self.size = size
        self.origin = origin
    }

    func known(_ branch: Int, _ position: Int) -> Known {
        let place = position - origin
        if !failures[branch].isEmpty, failures[branch][place >> 6] >> UInt64(place & 63) & 1 == 1 { return .failed }
        guard !ends[branch].isEmpty, ends[branch][place] > 0 else { return .unknown }
        return .end(origin + Int(ends[branch][place]) - 1)
    }

    mutating func fail(_ branch: Int, _ position: Int) {
        let place = position - origin
        if failures[branch].isEmpty {
            failures[branch] = [UInt64](repeating: 0, count: (size + 63) / 64)
        }
        failures[branch][place >> 6] |= 1 << UInt64(place & 63)
    }

    mutating func match(_ branch: Int, _ position: Int, to end: Int) {
        if ends[branch].isEmpty {
            ends[branch] = [UInt32](repeating: 0, count: size)
        }
        ends[branch][position - origin] = UInt32(end - origin + 1)
    }
}
