import CKernels
import Compute
import Synchronization

/// Keys and values of sixteen positions in all layers, laid out for `ck_attention`:
/// [layers][kvHeads]{ keys [headDim][16], values [16][headDim] }. Positions are only ever added.
final class KVPage: Sendable {
    static let positions = 16
    let buffer: FloatBuffer
    /// Lanes given out. A completer extends paths under its lock, so nobody adds between another's look and its taking.
    private let taken = Atomic<Int>(0)
    var used: Int { taken.load(ordering: .relaxed) }
    func take(_ lanes: Int) { taken.add(lanes, ordering: .relaxed) }

    private let live: LivePages

    init(buffer: FloatBuffer, live: LivePages) {
        self.buffer = buffer
        self.live = live
        live.count.add(1, ordering: .relaxed)
    }

    deinit { live.count.subtract(1, ordering: .relaxed) }
}

/// How many pages of one cache are in memory.
final class LivePages: Sendable {
    let count = Atomic<Int>(0)
}

/// A sequence's positions, as runs of lanes in shared pages. Copies share what they have in common, and a page lives
/// as long as a path that goes through it: paths from one trunk are the prefix tree.
package struct KVPath: Sendable {
    struct Run: Sendable {
        let page: KVPage
        let lane: Int
        var count: Int
    }

    var runs: [Run] = []
    /// Positions held.
    package private(set) var count = 0

    /// No positions.
    package init() {}

    /// The first `length` positions, shared with this path.
    package func prefix(_ length: Int) -> KVPath {
        var short = KVPath()
        for run in runs where short.count < length {
            let taken = min(run.count, length - short.count)
            short.runs.append(Run(page: run.page, lane: run.lane, count: taken))
            short.count += taken
        }
        return short
    }

    /// Adds `positions` at the end: in the last page while its free lanes are next in line, then in new pages.
    mutating func extend(by positions: Int, newPage: () throws -> KVPage) rethrows {
        var left = positions
        if let last = runs.last, last.lane + last.count == last.page.used, last.page.used < KVPage.positions {
            let taken = min(left, KVPage.positions - last.page.used)
            last.page.take(taken)
            runs[runs.count - 1].count += taken
            left -= taken
        }
        while left > 0 {
            let page = try newPage()
            let taken = min(left, KVPage.positions)
            page.take(taken)
            runs.append(Run(page: page, lane: 0, count: taken))
            left -= taken
        }
        count += positions
    }

    /// Page and lane of the positions `first ..< count`, in order.
    func forEachPosition(from first: Int, _ body: (KVPage, Int) -> Void) {
        var position = 0
        for run in runs {
            if position + run.count > first {
                for lane in max(0, first - position)..<run.count { body(run.page, run.lane + lane) }
            }
            position += run.count
        }
    }
}

/// Makes pages for one model.
package final class KVCache: Sendable {
    let configuration: Configuration
    private let live = LivePages()

    /// Bytes of all pages that some path still goes through.
    package var liveBytes: Int { live.count.load(ordering: .relaxed) * pageFloats * 4 }

    /// No pages yet.
    package init(configuration: Configuration) { self.configuration = configuration }

    /// Floats of one page.
    var pageFloats: Int { configuration.layers * configuration.kvHeads * 2 * configuration.headDim * KVPage.positions }

    /// Positions of a page: a path's last page may be filled in part.
    package static let pagePositions = KVPage.positions

    /// Bytes that `positions` positions take.
    package func bytes(positions: Int) -> Int {
        (positions + KVPage.positions - 1) / KVPage.positions * pageFloats * 4
    }

    func newPage() throws -> KVPage { KVPage(buffer: try FloatBuffer(count: pageFloats), live: live) }

    /// `path` with room for `positions` more at its end.
    package func extended(_ path: KVPath, by positions: Int) throws -> KVPath {
        var longer = path
        try longer.extend(by: positions, newPage: newPage)
        return longer
    }

    /// Floats before the keys of a layer's head within a page; the values follow them.
    func keyOffset(layer: Int, head: Int) -> Int {
        (layer * configuration.kvHeads + head) * 2 * configuration.headDim * KVPage.positions
    }

    func valueOffset(layer: Int, head: Int) -> Int {
        keyOffset(layer: layer, head: head) + configuration.headDim * KVPage.positions
    }
}
