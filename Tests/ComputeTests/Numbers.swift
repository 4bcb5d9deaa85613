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

    private typealias Block = (bytes: [UInt8], values: [Double])

    private static func little(_ bits: UInt16) -> [UInt8] { [UInt8(bits & 255), UInt8(bits >> 8)] }

    private static func block(_ type: ElementType, _ draw: inout Draw) -> Block {
        let value = draw.signed()
        let scale = Float16(0.01 + 0.02 * abs(draw.signed())), least = Float16(draw.signed())
        let quants = (0..<32).map { _ in UInt8(draw.bits() >> 56) }
        let nibbles = quants[0..<16].map { $0 & 15 } + quants[0..<16].map { $0 >> 4 }
        let fifths = (0..<4).map { _ in UInt8(draw.bits() >> 56) }
        let fives = (0..<32).map { nibbles[$0] | (fifths[$0 / 8] >> ($0 % 8) & 1) << 4 }
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
        case .q5_0:
            return (little(scale.bitPattern) + fifths + quants[0..<16], fives.map { Double(scale) * (Double($0) - 16) })
        case .q5_1:
            return (
                little(scale.bitPattern) + little(least.bitPattern) + fifths + quants[0..<16],
                fives.map { Double(scale) * Double($0) + Double(least) }
            )
        case .q4_k: return partsWithMinima(scale, least, high: nil, &draw)
        case .q5_k: return partsWithMinima(scale, least, high: (0..<32).map { _ in UInt8(draw.bits() >> 56) }, &draw)
        case .q6_k: return partsOfSixBits(scale, &draw)
        }
    }

    /// q4_K, and q5_K with its `high` bits: eight parts of 32 with six bits of scale and of minimum each.
    private static func partsWithMinima(
        _ scale: Float16, _ least: Float16, high: [UInt8]?, _ draw: inout Draw
    ) -> Block {
        let scales = (0..<8).map { _ in UInt8(draw.bits() >> 58) },
            minima = (0..<8).map { _ in UInt8(draw.bits() >> 58) }
        func first(_ numbers: [UInt8]) -> [UInt8] { (0..<4).map { numbers[$0] | ((numbers[$0 + 4] >> 4) << 6) } }
        let last: [UInt8] = (4..<8).map { (scales[$0] & 15) | (minima[$0] << 4) }
        let packed = first(scales) + first(minima) + last
        let quants = (0..<128).map { _ in UInt8(draw.bits() >> 56) }
        let values = (0..<256).map { element in
            let part = element / 32, place = element % 32, byte = quants[part / 2 * 32 + place]
            let nibble = part % 2 == 0 ? byte & 15 : byte >> 4
            let quant = nibble | (high.map { $0[place] >> part & 1 } ?? 0) << 4
            return Double(scale) * Double(scales[part]) * Double(quant) - Double(least) * Double(minima[part])
        }
        return (little(scale.bitPattern) + little(least.bitPattern) + packed + (high ?? []) + quants, values)
    }

    /// q6_K: two halves of 128; a byte of the low bits serves elements 64 apart, one of the high bits four 32 apart.
    private static func partsOfSixBits(_ factor: Float16, _ draw: inout Draw) -> Block {
        let low = (0..<128).map { _ in UInt8(draw.bits() >> 56) }, high = (0..<64).map { _ in UInt8(draw.bits() >> 56) }
        let scales = (0..<16).map { _ in UInt8(draw.bits() >> 56) }
        let values = (0..<256).map { element in
            let half = element / 128, place = element % 128
            let nibble = low[64 * half + place % 64] >> (place / 64 * 4) & 15
            let quant = nibble | (high[32 * half + place % 32] >> (place / 32 * 2) & 3) << 4
            return Double(factor) * Double(Int8(bitPattern: scales[element / 16])) * (Double(quant) - 32)
        }
        return (low + high + scales + little(factor.bitPattern), values)
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
