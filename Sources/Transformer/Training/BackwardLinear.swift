import CKernels
import Compute

/// Rows handled by one piece of parallel work. It depends on nothing but the batch, so that gradients have the
/// same bits whatever the number of threads.
package let rowTile = 128

/// Runs `body` for every index below `count` on the cores, as background work: a waiting command goes first.
package func onCores(_ count: Int, _ body: (Int) -> Void) {
    guard count > 0 else { return }
    Cores.shared.withLease(.background) { Cores.shared.parallel(count) { chunk, _ in body(chunk) } }
}

/// Splits `0..<count` into tiles of fixed size and runs them on the cores.
package func overTiles(_ count: Int, of tile: Int = rowTile, _ body: (_ tile: Int, _ rows: Range<Int>) -> Void) {
    onCores((count + tile - 1) / tile) { body($0, $0 * tile..<min(count, ($0 + 1) * tile)) }
}

/// dx[rows, inputs] = dy[rows, outputs] · weight[outputs, inputs], added to what dx holds when `adding`; or `columns`
/// of it, which begin at a multiple of 64.
func linearInputGradient(
    _ dy: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, rows: Int, outputs: Int, inputs: Int,
    columns: Range<Int>? = nil, into dx: UnsafeMutablePointer<Float>, adding: Bool
) {
    let columns = columns ?? 0..<inputs, first = columns.lowerBound
    ck_product(
        rows, columns.count, outputs, dy, outputs, 1, weight + first, inputs, dx + first, inputs, adding ? 1 : 0)
}

/// dweight[outputs, inputs] += dyᵀ[outputs, rows] · x[rows, inputs], for several layers at once: their output
/// tiles are one list of work, so that small matrices also fill the cores.
struct WeightGradient {
    let dy: UnsafePointer<Float>
    let x: UnsafePointer<Float>
    let rows: Int, outputs: Int, inputs: Int
    let dweight: UnsafeMutablePointer<Float>

    static let outputTile = 48

    static func accumulate(_ list: [WeightGradient]) {
        let tiles = list.flatMap { gradient in
            stride(from: 0, to: gradient.outputs, by: outputTile).map { (gradient, $0) }
        }
        onCores(tiles.count) { index in
            let (gradient, first) = tiles[index]
            gradient.accumulate(first..<min(gradient.outputs, first + outputTile))
        }
    }

    private func accumulate(_ outputRange: Range<Int>) {
        ck_product(
            outputRange.count, inputs, rows, dy + outputRange.lowerBound, 1, outputs, x, inputs,
            dweight + outputRange.lowerBound * inputs, inputs, 1)
    }
}
