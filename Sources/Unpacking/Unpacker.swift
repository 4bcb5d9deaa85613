import CUnpack

/// What is wrong with packed bytes; who reads them says where they stand.
package struct UnpackingFault: Error {
    /// In words, such as `the gzip data are damaged`.
    package let what: String
}

/// How bytes are packed.
package enum Packing: String, Sendable {
    case gzip, snappy, zstd
}

/// Unpacks a row of gzip members or zstd frames step by step, in bounded memory: a window, and what the caller gives.
package final class Unpacker {
    private let packing: Packing
    private let state: OpaquePointer
    /// The format's, for errors.
    var name: String { packing.rawValue }
    /// Whether what was read so far ends where a member or a frame does.
    package private(set) var isWhole = true

    /// - Parameters:
    ///   - packing: gzip or zstd; snappy's blocks have no steps.
    ///   - windowBytes: the longest window that a zstd frame may ask for.
    /// - Throws: ``UnpackingFault`` without memory.
    package init(_ packing: Packing, windowBytes: Int) throws {
        precondition(packing != .snappy, "snappy unpacks whole blocks")
        self.packing = packing
        let format = packing == .gzip ? GENAC_UNPACK_GZIP : GENAC_UNPACK_ZSTD
        // zstd knows windows of 2^10 to 2^31 bytes.
        let windowLog = min(max(Int.bitWidth - 1 - windowBytes.leadingZeroBitCount, 10), 27)
        guard let state = genac_unpacker_open(CInt(format.rawValue), CInt(windowLog)) else {
            throw UnpackingFault(what: "there is no memory to unpack the \(packing.rawValue) data")
        }
        self.state = state
    }

    deinit { genac_unpacker_close(state) }

    /// Unpacks the next piece.
    /// - Parameters:
    ///   - input: what was not taken yet; empty at the end of the data.
    ///   - limit: the longest piece made, in bytes; above 0.
    /// - Returns: the piece, and how many bytes of `input` were taken for it. Nothing made and nothing taken: more
    ///   input is needed.
    /// - Throws: ``UnpackingFault`` for damaged data.
    package func step(_ input: UnsafeRawBufferPointer, limit: Int) throws -> (made: [UInt8], taken: Int) {
        var taken = 0, status: CInt = 0
        let made = [UInt8](unsafeUninitializedCapacity: limit) { room, count in
            status = genac_unpacker_step(state, input.baseAddress, input.count, &taken, room.baseAddress, limit, &count)
        }
        // Asked without anything to read, zstd speaks of the frame that is to come.
        if taken > 0 || !made.isEmpty { isWhole = status == CInt(GENAC_UNPACK_WHOLE.rawValue) }
        switch genac_unpack_status(UInt32(status)) {
        case GENAC_UNPACK_GOES_ON, GENAC_UNPACK_WHOLE: return (made, taken)
        case GENAC_UNPACK_WINDOW: throw UnpackingFault(what: "the zstd data ask for a longer window than is allowed")
        case GENAC_UNPACK_NO_MEMORY: throw UnpackingFault(what: "there is no memory to unpack them")
        default: throw UnpackingFault(what: "the \(packing.rawValue) data are damaged")
        }
    }
}

extension Packing {
    private static let pieceBytes = 256 << 10
    /// A copy of 64 bytes takes three in a snappy block.
    private static let snappyRatio = 22

    /// Unpacks a block whose length is known. Memory grows with what is really unpacked, not with what `count` claims.
    /// - Throws: ``UnpackingFault`` where the block is damaged or unpacks to another length.
    package func unpack(_ input: UnsafeRawBufferPointer, count: Int) throws -> [UInt8] {
        switch self {
        case .snappy: try Self.snappyBlock(input, count: count)
        case .gzip, .zstd: try stream(input, count: count)
        }
    }

    private static func snappyBlock(_ input: UnsafeRawBufferPointer, count: Int) throws -> [UInt8] {
        let length = Int(genac_snappy_length(input.baseAddress, input.count))
        guard length == count, length <= snappyRatio * input.count else {
            throw UnpackingFault(what: "the snappy data do not unpack to the \(count) bytes that they should")
        }
        var isWhole = false
        let output = [UInt8](unsafeUninitializedCapacity: max(count, 1)) { room, made in
            isWhole = genac_snappy_unpack(input.baseAddress, input.count, room.baseAddress, count) == 1
            made = isWhole ? count : 0
        }
        guard isWhole else { throw UnpackingFault(what: "the snappy data are damaged") }
        return output
    }

    private func stream(_ input: UnsafeRawBufferPointer, count: Int) throws -> [UInt8] {
        let unpacker = try Unpacker(self, windowBytes: max(2 * count, 8 << 20))
        var output: [UInt8] = [], offset = 0
        while true {
            let rest = UnsafeRawBufferPointer(rebasing: input[offset...])
            // One byte more than there should be, so that data without an end are found out.
            let (made, taken) = try unpacker.step(rest, limit: min(count - output.count + 1, Self.pieceBytes))
            output += made
            offset += taken
            guard output.count <= count else {
                throw UnpackingFault(
                    what: "the \(rawValue) data unpack to more than the \(count) bytes that they should")
            }
            if offset == input.count, unpacker.isWhole { break }
            guard !made.isEmpty || taken > 0 else {
                throw UnpackingFault(what: "the \(rawValue) data are cut short")
            }
        }
        guard output.count == count else {
            throw UnpackingFault(
                what: "the \(rawValue) data unpack to \(output.count) bytes, not to the \(count) that they should")
        }
        return output
    }
}

/// CRC-32 as gzip, Parquet and PNG have it.
package func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 { genac_crc32(bytes.baseAddress, bytes.count) }
