import Foundation

/// Keeps a run's folder, or a study's, to one holder, in this process or any other; the system lets go of it when the
/// holder dies.
package final class RunLock {
    private let descriptor: Int32

    /// - Throws: ``TrainingError/runInUse(_:)``, ``TrainingError/cannotWrite(file:reason:)``.
    package init(run: String) throws {
        let file = run + "/lock"
        descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw TrainingError.cannotWrite(file: file, reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw TrainingError.runInUse(run)
        }
    }

    /// Unlocked before it is closed: a program that is being started from another thread has the descriptor too, from
    /// the fork on until it becomes itself, and a close here would leave the lock with it for that moment.
    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
