import Foundation

/// How much memory a stage will hold.
package struct MemoryEstimate: Sendable, Equatable {
    package var bytes: Int
    /// What the machine has free; nil where the system does not say.
    package var available: Int?

    /// - Parameter available: nil asks the system.
    /// - Throws: ``TrainingError/noMemory(needed:available:)`` for more than there is.
    init(bytes: Int, available: Int?) throws {
        self.bytes = bytes
        self.available = available ?? Self.free
        if let free = self.available, bytes > free { throw TrainingError.noMemory(needed: bytes, available: free) }
    }

    package var description: String {
        "about \(TrainingError.size(bytes)) of memory, "
            + (available.map { "\(TrainingError.size($0)) free" } ?? "how much is free is not known")
    }

    /// `MemAvailable` of /proc/meminfo.
    private static var free: Int? {
        guard let text = FileManager.default.contents(atPath: "/proc/meminfo") else { return nil }
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n") where line.hasPrefix("MemAvailable:") {
            return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
        }
        return nil
    }
}
