import Synchronization

/// A flag that long work looks at between tokens and layers; set once, from any thread or a signal watcher.
package final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)

    /// Not set.
    package init() {}

    /// Whether anybody has asked for an end.
    package var isCancelled: Bool { flag.load(ordering: .relaxed) }

    /// Asks for an end; it cannot be taken back.
    package func cancel() { flag.store(true, ordering: .relaxed) }
}
