import Foundation

/// What the machine refuses.
package enum ComputeError: GenacError {
    case cannotMap(path: String, reason: String)
    case outOfMemory(bytes: Int)

    package var what: String {
        switch self {
        case .cannotMap(_, let reason): "cannot read the file: \(reason)"
        case .outOfMemory(let bytes): "cannot allocate \(bytes) bytes"
        }
    }

    package var location: String? {
        if case .cannotMap(let path, _) = self { return path }
        return nil
    }

    package var hint: String? {
        switch self {
        case .cannotMap: "check that it exists and that you may read it"
        case .outOfMemory: "use a smaller model, context or batch"
        }
    }
}

/// A read-only memory map of a whole file, unmapped when the last holder lets go.
///
/// Sendable unchecked, because it holds a pointer: nobody writes there, and it lives as long as this object.
package final class MappedFile: @unchecked Sendable {
    /// As it was given.
    package let path: String
    /// The whole file, valid while the map is held; empty for an empty file.
    package let bytes: UnsafeRawBufferPointer

    /// - Throws: ``ComputeError/cannotMap(path:reason:)`` when the file is missing, unreadable or no plain file.
    package init(path: String) throws {
        func failure() -> ComputeError { .cannotMap(path: path, reason: String(cString: strerror(errno))) }
        // Not to wait for the other end of a pipe before it is known to be one.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ComputeError.cannotMap(path: path, reason: "not a plain file")
        }
        let size = Int(status.st_size)
        self.path = path
        guard size > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
            throw failure()
        }
        bytes = UnsafeRawBufferPointer(start: base, count: size)
    }

    deinit {
        if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), bytes.count) }
    }
}
