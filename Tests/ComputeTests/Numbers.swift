import CKernels
import Compute

/// Numbers that every test draws from a key of its own.
struct Draw {
    let key: RandomKey
    private(set) var counter: UInt64 = 0

    init(_ seed: UInt64) { key = RandomKey(seed: seed, purpose: .test) }

    mutating func bits() -> UInt64 {
        counter += 1
        return key.bits(counter)
    }

    /// Uniform in -1 ..< 1.
    mutating func signed() -> Float { Float(bits() >> 40) * 0x1p-23 - 1 }

    mutating func row(_ count: Int, scale: Float = 1) -> [Float] { (0..<count).map { _ in scale * signed() } }
}

/// One stored row of k weights, and the same row by the format's definition in Double.
struct StoredRow {
    var bytes: [UInt8]
    var values: [Double]

    init(_ type: ElementType, _ k: Int, _ draw: inout Draw) {
        bytes = []
        values = []
        for _ in 0..<k / type.blockElements {
            let block = Self.block(type, &draw)
            bytes += block.bytes
            values += block.values
        }
    }

    private static func block(_ type: ElementType, _ draw: inout Draw) -> (bytes: [UInt8], values: [Double]) {
        func little(_ bits: UInt16) -> [UInt8] { [UInt8(bits & 255), UInt8(bits >> 8)] }
        let value = draw.signed()
        let scale = Float16(0.01 + 0.02 * abs(draw.signed())), least = Float16(draw.signed())
        let quants = (0..<32).map { _ in UInt8(draw.bits() >> 56) }
        let nibbles = quants[0..<16].map { $0 & 15 } + quants[0..<16].map { $0 >> 4 }
        switch type {
        case .f32:
            return ((0..<4).map { UInt8(value.bitPattern >> (8 * $0) & 255) }, [Double(value)])
        case .f16:
            return (little(Float16(value).bitPattern), [Double(Float16(value))])
        case .bf16:
            let high = UInt16(value.bitPattern >> 16)
            return (little(high), [Double(Float(bitPattern: UInt32(high) << 16))])
        case .q8_0:
            return (little(scale.bitPattern) + quants, quants.map { Double(scale) * Double(Int8(bitPattern: $0)) })
        case .q4_1:
            return (
                little(scale.bitPattern) + little(least.bitPattern) + quants[0..<16],
                nibbles.map { Double(scale) * Double($0) + Double(least) }
            )
        case .q4_0:
            return (little(scale.bitPattern) + quants[0..<16], nibbles.map { Double(scale) * (Double($0) - 8) })
        }
    }
}

/// y[m, n] by `ck_linear`, rows of x and y `padding` floats further apart than they are long.
func linear(_ type: ElementType, x: [[Float]], rows: [StoredRow], padding: Int = 3) -> [[Float]] {
    let k = x[0].count, n = rows.count
    let packed = x.flatMap { $0 + Array(repeating: Float.nan, count: padding) }
    let weights = rows.flatMap(\.bytes)
    var y = [Float](repeating: -77, count: x.count * (n + padding))
    var scratch = [Float](repeating: 0, count: ck_linear_scratch(k))
    weights.withUnsafeBytes { bytes in
        ck_linear(
            packed, x.count, k + padding, bytes.baseAddress, type.kernelCode, k, rows[0].bytes.count, n, &y,
            n + padding,
            &scratch)
    }
    return (0..<x.count).map { Array(y[$0 * (n + padding)..<$0 * (n + padding) + n + padding]) }
}
