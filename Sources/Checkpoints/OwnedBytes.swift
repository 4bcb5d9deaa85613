import Compute

/// A tensor's bytes in memory of our own.
final class OwnedBytes: Sendable {
    private let storage: FloatBuffer
    private let count: Int

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: storage.pointer, count: count) }

    private init(count: Int) throws {
        storage = try FloatBuffer(count: (count + 3) / 4)
        self.count = count
    }

    convenience init(copying source: UnsafeRawBufferPointer) throws {
        try self.init(count: source.count)
        UnsafeMutableRawBufferPointer(start: storage.pointer, count: count).copyMemory(from: source)
    }

    /// Whole rows put back into Hugging Face's order. llama.cpp stores row (pair, half) of each head, so that rotary
    /// pairs are adjacent; Hugging Face has row (half, pair). Blocks run along rows, so no block is touched.
    convenience init(unpermuting source: UnsafeRawBufferPointer, rows: Int, heads: Int) throws {
        try self.init(count: source.count)
        let target = UnsafeMutableRawBufferPointer(start: storage.pointer, count: count)
        let rowBytes = source.count / rows, headRows = rows / heads, half = headRows / 2
        for row in 0..<rows {
            let (head, within) = row.quotientAndRemainder(dividingBy: headRows)
            let stored = head * headRows + 2 * (within % half) + within / half
            UnsafeMutableRawBufferPointer(rebasing: target[(row * rowBytes)..<((row + 1) * rowBytes)])
                .copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: source[(stored * rowBytes)..<((stored + 1) * rowBytes)]))
        }
    }
}
