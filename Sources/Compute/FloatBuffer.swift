import Foundation

/// An owned, zero-filled, 64-byte aligned run of f32.
///
/// Sendable unchecked, because kernels share it by pointer: the threads of a team write different places of one buffer,
/// and nothing but their callers keeps them apart. Not safe to write from two threads at the same place.
package final class FloatBuffer: @unchecked Sendable {
    /// Floats, at least 0.
    package let count: Int
    /// Valid as long as the buffer is held: [count].
    package let pointer: UnsafeMutablePointer<Float>

    /// - Throws: ``ComputeError/outOfMemory(bytes:)``.
    package init(count: Int) throws {
        let (bytes, overflow) = max(count, 1).multipliedReportingOverflow(by: 4)
        var raw: UnsafeMutableRawPointer?
        guard !overflow, posix_memalign(&raw, 64, bytes) == 0, let raw else {
            throw ComputeError.outOfMemory(bytes: overflow ? .max : bytes)
        }
        memset(raw, 0, bytes)
        self.count = count
        pointer = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    }

    /// A copy.
    /// - Throws: ``ComputeError/outOfMemory(bytes:)``.
    package convenience init(_ values: [Float]) throws {
        try self.init(count: values.count)
        values.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { pointer.update(from: base, count: values.count) }
        }
    }

    deinit { free(pointer) }

    /// A copy: [count].
    package var array: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

    /// Stops the program outside of 0..<count.
    package subscript(_ index: Int) -> Float {
        get { precondition(index >= 0 && index < count); return pointer[index] }
        set { precondition(index >= 0 && index < count); pointer[index] = newValue }
    }
}
