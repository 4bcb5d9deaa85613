import Compute
import Testing

@Suite struct LinearTests {
    static let lengths = [1, 2, 3, 4, 5, 16, 17]

    /// Not whole lanes where the type allows it, and one short of and one past the lanes.
    static func columns(_ type: ElementType) -> [Int] {
        switch type.blockElements {
        case 1: [1, 15, 16, 17, 77]
        case let block: [block, 3 * block, 5 * block]
        }
    }

    @Test(arguments: ElementType.allCases) func productsEqualDequantisedDoubleProducts(_ type: ElementType) {
        for k in Self.columns(type) {
            for n in [1, 3, 4, 7, 32, 45] {
                var draw = Draw(UInt64(k * 100 + n))
                let rows = (0..<n).map { _ in StoredRow(type, k, &draw) }
                let x = (0..<17).map { _ in draw.row(k) }
                for m in Self.lengths {
                    let y = linear(type, x: Array(x[0..<m]), rows: rows)
                    for i in 0..<m {
                        for j in 0..<n {
                            let terms = (0..<k).map { Double(x[i][$0]) * rows[j].values[$0] }
                            let size = terms.reduce(0) { $0 + abs($1) }
                            #expect(abs(Double(y[i][j]) - terms.reduce(0, +)) <= 1e-5 * size, "k \(k) n \(n) m \(m)")
                        }
                        #expect(y[i][n...].allSatisfy { $0 == -77 }, "wrote past the row's end")
                    }
                }
            }
        }
    }

    @Test(arguments: ElementType.allCases) func aRowHasTheSameBitsHoweverManyAreComputedBesideIt(_ type: ElementType) {
        for k in Self.columns(type) {
            var draw = Draw(UInt64(k))
            let rows = (0..<45).map { _ in StoredRow(type, k, &draw) }
            let x = (0..<17).map { _ in draw.row(k) }
            let alone = x.map { linear(type, x: [$0], rows: rows)[0] }
            for m in Self.lengths {
                for first in [0, 17 - m] {
                    let y = linear(type, x: Array(x[first..<first + m]), rows: rows, padding: 3)
                    for i in 0..<m { #expect(y[i] == alone[first + i], "k \(k), row \(i) of \(m)") }
                }
            }
        }
    }

    @Test(arguments: ElementType.allCases) func anOutputHasTheSameBitsHoweverTheOutputsAreSplit(_ type: ElementType) {
        let k = Self.columns(type)[1]
        var draw = Draw(9)
        let rows = (0..<45).map { _ in StoredRow(type, k, &draw) }
        for m in [1, 5] {
            let x = (0..<m).map { _ in draw.row(k) }
            let whole = linear(type, x: x, rows: rows, padding: 0)
            for n in [1, 2, 5, 33] {
                for first in stride(from: 0, to: 45, by: n) {
                    let end = min(45, first + n)
                    let part = linear(type, x: x, rows: Array(rows[first..<end]), padding: 0)
                    for i in 0..<m { #expect(part[i] == Array(whole[i][first..<end])) }
                }
            }
        }
    }

    /// Long rows, of which fewer stay in the cache than there are: they are computed in several turns.
    @Test(arguments: ElementType.allCases) func aRowHasTheSameBitsInEveryTurn(_ type: ElementType) {
        for (k, m) in [(4096, 27), (6400, 21)] {
            var draw = Draw(UInt64(k))
            let rows = (0..<5).map { _ in StoredRow(type, k, &draw) }
            let x = (0..<m).map { _ in draw.row(k) }
            let y = linear(type, x: x, rows: rows)
            for i in 0..<m { #expect(y[i] == linear(type, x: [x[i]], rows: rows)[0], "k \(k), row \(i)") }
        }
    }

    @Test func everyHalfIsItsFloat() throws {
        let bytes = (0...UInt16.max).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let values = try #require(bytes.withUnsafeBytes { ElementType.f16.dequantise($0, count: 65536) })
        for (bits, value) in zip(0...UInt16.max, values) {
            let exact = Float(Float16(bitPattern: bits))
            #expect(value.bitPattern == exact.bitPattern || (value.isNaN && exact.isNaN))
        }
    }

    /// What one block says, where all its numbers differ: a scale that is no number must not become one.
    @Test(arguments: ElementType.allCases.filter { $0.blockElements > 1 })
    func aBlockWhoseScaleIsNoNumberIsNone(_ type: ElementType) throws {
        var draw = Draw(4)
        var bytes = StoredRow(type, type.blockElements, &draw).bytes
        let place = type == .q6_k ? bytes.count - 2 : 0
        for (bits, what) in [(UInt16(0x7c00), "infinity"), (0x7e00, "NaN")] {
            bytes[place] = UInt8(bits & 255)
            bytes[place + 1] = UInt8(bits >> 8)
            let values = try #require(bytes.withUnsafeBytes { type.dequantise($0, count: type.blockElements) })
            #expect(values.contains { !$0.isFinite }, "\(what)")
        }
    }

    @Test(arguments: ElementType.allCases) func dequantisedRowsAreExactlyWhatTheFormatSays(_ type: ElementType) throws {
        for k in Self.columns(type) {
            var draw = Draw(3)
            let row = StoredRow(type, k, &draw)
            let values = try #require(row.bytes.withUnsafeBytes { type.dequantise($0, count: k) })
            for (ours, exact) in zip(values, row.values) {
                #expect(abs(Double(ours) - exact) <= 1.2e-7 * max(1, abs(exact)))
            }
            #expect(row.bytes.dropLast().withUnsafeBytes { type.dequantise($0, count: k) } == nil)
        }
    }

    @Test func rowsThatAreNotWholeBlocksOrOverflowHaveNoSize() {
        for type in ElementType.allCases {
            #expect(type.rowBytes(0) == 0)
            #expect(type.rowBytes(-type.blockElements) == nil)
            #expect(type.rowBytes(type.blockElements * 3) == type.blockBytes * 3)
            if type.blockElements > 1 { #expect(type.rowBytes(type.blockElements + 1) == nil) }
            if type.blockBytes > type.blockElements { #expect(type.rowBytes(Int.max / 32 * 32) == nil) }
        }
    }
}
