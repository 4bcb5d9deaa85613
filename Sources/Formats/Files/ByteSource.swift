/// Bytes that come in pieces, such as those of a file that is unpacked while it is read.
package protocol ByteSource: AnyObject {
    /// What errors call it: the file's path.
    var path: String { get }
    /// The next piece, of bounded length; empty at the end.
    /// - Throws: ``FormatsError`` naming the file.
    func next() throws -> [UInt8]
}

extension ByteSource {
    /// All that is left.
    /// - Throws: ``FormatsError/tooLarge(file:bytes:limit:)`` beyond `limit` bytes.
    package func rest(limit: Int) throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let piece = try next()
            if piece.isEmpty { return all }
            all += piece
            guard all.count <= limit else { throw FormatsError.tooLarge(file: path, bytes: all.count, limit: limit) }
        }
    }
}
