import Formats
import Foundation

/// A text file as it was before it was packed: gzip (several members too), zstd (several frames too), or plain. What it
/// is, its first bytes say, not its name. Memory stays bounded: a window of at most 128 MB, and a piece.
///
/// A byte order mark of UTF-8 is passed over; UTF-16 and UTF-32 are refused by name, other packings too.
package final class UnpackedFile: ByteSource {
    package let path: String
    /// Nil for a plain file.
    package let packing: Packing?

    private let handle: FileDescriptor
    private let unpacker: Unpacker?
    /// Read from the file and not unpacked yet: what stands behind `taken`.
    private var packed: [UInt8]
    private var taken = 0
    /// Bytes of the file read so far, for errors.
    private var offset: Int
    private var isEnd = false
    private var begun = false
    private var made = 0
    private let limit: Int
    /// What ``peek()`` has shown.
    private var shown: [UInt8]?

    private static let pieceBytes = 1 << 20
    private static let windowBytes = 128 << 20

    /// - Parameter limit: how many bytes it may unpack to.
    /// - Throws: ``FormatsError`` where it cannot be read or is packed in another way.
    package init(_ path: String, limit: Int = 64 << 30) throws {
        self.path = path
        self.limit = limit
        handle = try FileDescriptor(path)
        packed = try handle.read(Self.pieceBytes)
        offset = packed.count
        packing = try Self.packing(of: packed, path)
        do {
            unpacker = try packing.map { try Unpacker($0, windowBytes: Self.windowBytes) }
        } catch let fault as UnpackingFault {
            throw FormatsError.cannotRead(file: path, reason: fault.what)
        }
    }

    /// What ``next()`` gives next, which it still does afterwards.
    /// - Throws: as ``next()``.
    package func peek() throws -> [UInt8] {
        let piece = try shown ?? next()
        shown = piece
        return piece
    }

    package func next() throws -> [UInt8] {
        if let shown {
            self.shown = nil
            return shown
        }
        var piece = try unpackedPiece()
        while !begun, piece.count < 4 {
            let more = try unpackedPiece()
            if more.isEmpty { break }
            piece += more
        }
        if !begun {
            begun = true
            try refuseWideText(piece)
            let hasMark = piece.starts(with: ByteOrderMark.utf8)
            piece = Array(ByteOrderMark.passed(piece))
            if hasMark, piece.isEmpty { return try next() }
        }
        made += piece.count
        guard made <= limit else { throw FormatsError.tooLarge(file: path, bytes: made, limit: limit) }
        return piece
    }

    // MARK: Packings

    private static func packing(of start: [UInt8], _ path: String) throws -> Packing? {
        if start.starts(with: [0x1F, 0x8B]) { return .gzip }
        // A zstd frame, or one of those that carry no data.
        if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return .zstd }
        if start.count >= 4, start[0] & 0xF0 == 0x50, start[1..<4].elementsEqual([0x2A, 0x4D, 0x18]) { return .zstd }
        for (name, magic) in others where start.starts(with: magic) {
            throw FormatsError.unsupported(
                file: path, what: "it is packed with \(name), which is not read",
                hint: "unpack it, or pack it with gzip or zstd")
        }
        return nil
    }

    private static let others: [(name: String, magic: [UInt8])] = [
        ("bzip2", Array("BZh".utf8)), ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]), ("zip", [0x50, 0x4B, 0x03, 0x04]),
        ("lz4", [0x04, 0x22, 0x4D, 0x18]), ("7z", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
    ]

    /// A text of JSON, CSV or the like begins with characters below U+0100, so that a NUL beside its first one says as
    /// much as a byte order mark does.
    private func refuseWideText(_ start: [UInt8]) throws {
        let wide: (name: String, iconv: String)? =
            switch (start.first, start.dropFirst().first, start.dropFirst(2).prefix(2).elementsEqual([0, 0])) {
            case (0xFF?, 0xFE?, true): ("UTF-32", "UTF-32")
            case (0xFF?, 0xFE?, false), (0xFE?, 0xFF?, _): ("UTF-16", "UTF-16")
            case (0?, 0?, _) where start.starts(with: [0, 0, 0xFE, 0xFF]): ("UTF-32", "UTF-32")
            case (0?, let second?, _) where second != 0: ("UTF-16", "UTF-16BE")
            case (let first?, 0?, false) where first != 0: ("UTF-16", "UTF-16LE")
            default: nil
            }
        guard let wide else { return }
        throw FormatsError.unsupported(
            file: path, what: "the text is \(wide.name), not UTF-8",
            hint: "convert it: iconv -f \(wide.iconv) -t UTF-8 FILE > NEW")
    }

    // MARK: Pieces

    /// Empty at the end of the file.
    private func unpackedPiece() throws -> [UInt8] {
        guard let unpacker else {
            let piece = packed
            packed = piece.isEmpty ? [] : try handle.read(Self.pieceBytes)
            offset += packed.count
            return piece
        }
        while true {
            let (piece, used) = try step(unpacker)
            taken += used
            if !piece.isEmpty { return piece }
            guard taken == packed.count else { continue }
            if isEnd {
                guard unpacker.isWhole else {
                    throw FormatsError.malformed(
                        file: path, offset: offset, what: "the \(unpacker.name) data are cut short")
                }
                return []
            }
            packed = try handle.read(Self.pieceBytes)
            taken = 0
            offset += packed.count
            isEnd = packed.isEmpty
        }
    }

    private func step(_ unpacker: Unpacker) throws -> (made: [UInt8], taken: Int) {
        do {
            return try packed.withUnsafeBytes { bytes in
                try unpacker.step(UnsafeRawBufferPointer(rebasing: bytes[taken...]), limit: Self.pieceBytes)
            }
        } catch let fault as UnpackingFault {
            throw FormatsError.malformed(file: path, offset: offset - packed.count + taken, what: fault.what)
        }
    }
}

/// An open file, closed when nobody holds it.
private final class FileDescriptor {
    private let number: Int32
    private let path: String

    init(_ path: String) throws {
        self.path = path
        number = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else { throw Self.failure(path) }
        var status = stat()
        guard fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(number)
            throw FormatsError.cannotRead(file: path, reason: "not a plain file")
        }
    }

    deinit { close(number) }

    /// Empty at the end.
    func read(_ count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { room, made in
            while true {
                let got = Foundation.read(number, room.baseAddress, count)
                if got < 0, errno == EINTR { continue }
                guard got >= 0 else { throw Self.failure(path) }
                made = got
                return
            }
        }
    }

    private static func failure(_ path: String) -> FormatsError {
        .cannotRead(file: path, reason: String(cString: strerror(errno)))
    }
}
