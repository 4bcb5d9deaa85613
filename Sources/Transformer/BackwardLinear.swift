import CKernels
import COpenBLAS
import Compute

/// Rows handled by one piece of parallel work. It depends on nothing but the batch, so that gradients have the
/// same bits whatever the number of threads.
package let rowTile = 128

/// OpenBLAS computes each product on the thread that asks: the team above it shares the work.
let openBLASIsSerial: Void = openblas_set_num_threads(1)

/// Runs `body` for every index below `count` on the cores, as background work: a waiting command goes first.
package func onCores(_ count: Int, _ body: (Int) -> Void) {
    guard count > 0 else { return }
    Cores.shared.withLease(.background) { Cores.shared.parallel(count) { chunk, _ in body(chunk) } }
}

/// Splits `0..<count` into tiles of fixed size and runs them on the cores.
package func overTiles(_ count: Int, of tile: Int = rowTile, _ body: (_ tile: Int, _ rows: Range<Int>) -> Void) {
    onCores((count + tile - 1) / tile) { body($0, $0 * tile..<min(count, ($0 + 1) * tile)) }
}

/// dx[rows, inputs] = dy[rows, outputs] · weight[outputs, inputs], added to what dx holds when `adding`.
func linearInputGradient(
    _ dy: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, rows: Int, outputs: Int, inputs: Int,
    into dx: UnsafeMutablePointer<Float>, adding: Bool
) {
    cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(inputs), Int32(outputs),
        1, dy, Int32(outputs), weight, Int32(inputs), adding ? 1 : 0, dx, Int32(inputs))
}

/// dweight[outputs, inputs] += dyᵀ[outputs, rows] · x[rows, inputs], for several layers at once: their output
/// tiles are one list of work, so that small matrices also fill the cores.
struct WeightGradient {
    let dy: UnsafePointer<Float>
    let x: UnsafePointer<Float>
    let rows: Int, outputs: Int, inputs: Int
    let dweight: UnsafeMutablePointer<Float>

    static let outputTile = 64

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
        cblas_sgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, Int32(outputRange.count), Int32(inputs), Int32(rows),
            1, dy + outputRange.lowerBound, Int32(outputs), x, Int32(inputs),
            1, dweight + outputRange.lowerBound * inputs, Int32(inputs))
    }
}
