import Compute

/// Reads of whole small files whose size is checked first.
package enum BoundedFile {
    /// - Throws: ``FormatsError/tooLarge(file:bytes:limit:)``, ``FormatsError/cannotRead(file:reason:)``;
    ///   ``FormatsError/unsupported(file:what:hint:)`` for a Git LFS pointer.
    package static func read(_ path: String, limit: Int) throws -> [UInt8] {
        let file: MappedFile
        do {
            file = try MappedFile(path: path)
        } catch ComputeError.cannotMap(_, let reason) {
            throw FormatsError.cannotRead(file: path, reason: reason)
        }
        guard file.bytes.count <= limit else {
            throw FormatsError.tooLarge(file: path, bytes: file.bytes.count, limit: limit)
        }
        try StandIn.refuse(file)
        return withExtendedLifetime(file) { Array(file.bytes) }
    }
}
