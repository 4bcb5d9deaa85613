import CKernels
import Synchronization

/// What this machine can do at best, measured on the spot with all threads: the floors under every timing.
package struct MachineLimits: Sendable {
    /// f32 multiply-adds from registers, in operations (2 per multiply-add) a second.
    package let operationsPerSecond: Double
    /// Reading 128 MiB, in bytes a second.
    package let bytesPerSecond: Double

    /// Takes about half a second. - Throws: ``ComputeError/outOfMemory(bytes:)``.
    package static func measure() throws -> MachineLimits {
        let cores = Cores.shared
        let steps = 200_000, pieces = 16 * cores.threads
        let operations = best(of: 8) {
            cores.parallel(pieces) { _, _ in keep(ck_fma_chain(steps)) }
        }
        let block = 1 << 16, blocks = 512
        let memory = try FloatBuffer(count: block * blocks)
        let reading = best(of: 8) {
            cores.parallel(blocks) { chunk, _ in keep(ck_read_stream(memory.pointer + chunk * block, block)) }
        }
        return MachineLimits(
            operationsPerSecond: Double(512 * steps * pieces) / operations,
            bytesPerSecond: Double(4 * block * blocks) / reading)
    }

    private static func best(of runs: Int, _ work: () -> Void) -> Double {
        (0..<runs).map { _ in
            let start = ContinuousClock.now
            work()
            return (ContinuousClock.now - start).inSeconds
        }.min() ?? .infinity
    }

    private static let sink = Atomic<UInt32>(0)

    /// So that the compiler cannot drop the work.
    private static func keep(_ value: Float) { sink.store(value.bitPattern, ordering: .relaxed) }
}

extension Duration {
    /// As a number of seconds; attoseconds below a Double's digits are lost.
    package var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
