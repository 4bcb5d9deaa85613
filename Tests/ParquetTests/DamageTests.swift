import Compute
import Formats
import Parquet
import Testing

/// Damage of every byte, and cuts everywhere: rows, or one error of ours that names the file.
struct DamageTests {
    private static let limits = ParquetLimits(heldBytes: 1 << 20, rowBytes: 1 << 16, totalBytes: 4 << 20)

    private func survives(_ bytes: [UInt8]) throws -> Bool {
        var isRead = false
        try withTemporaryFile(bytes) { path in
            do {
                _ = try rows(path, limits: Self.limits)
                isRead = true
            } catch let error as ParquetError {
                #expect(error.location?.hasPrefix(path) == true, "\(error)")
                #expect(error.description.utf8.count < 2000)
            }
        }
        return isRead
    }

    @Test(arguments: ["small-v1", "small-v2", "small-delta"])
    func everyByteDamagedInTurn(name: String) throws {
        let original = try BoundedFile.read("\(fixtures)/\(name).parquet", limit: 1 << 16)
        var read = 0
        for place in original.indices {
            for change: UInt8 in [0x01, 0x80, 0xFF] {
                var bytes = original
                bytes[place] ^= change
                if try survives(bytes) { read += 1 }
            }
        }
        // Statistics, names of writers and the bytes of numbers may be anything.
        #expect(read < 3 * original.count * 3 / 4)
        #expect(read > 0)
    }

    @Test(arguments: ["small-v1", "small-v2", "small-delta"])
    func cutAnywhere(name: String) throws {
        let original = try BoundedFile.read("\(fixtures)/\(name).parquet", limit: 1 << 16)
        for length in original.indices {
            #expect(try !survives(Array(original.prefix(length))), "\(length)")
            guard length < original.count - 8 else { continue }
            #expect(try !survives(Array(original.prefix(length)) + original.suffix(8)), "\(length)")
        }
    }

    @Test(arguments: fixtureNames(in: fixtures).filter { $0 != "big" })
    func bytesDrawnAtRandom(name: String) throws {
        let original = try BoundedFile.read("\(fixtures)/\(name).parquet", limit: 1 << 16)
        for index in 0..<40 {
            let key = RandomKey(seed: 21, purpose: .test, iteration: UInt64(index))
            var bytes = original
            for flip in 0..<UInt64(1 + index % 8) {
                bytes[key.index(below: bytes.count, 2 * flip)] = UInt8(truncatingIfNeeded: key.bits(2 * flip + 1))
            }
            _ = try survives(bytes)
        }
    }
}
