import Foundation

/// Keeps a run's folder, or a study's, to one holder, in this process or any other; the system lets go of it when the
/// holder dies. The file holds the holder's process id, for those who are refused.
package final class RunLock {
    private let descriptor: Int32

    /// - Throws: ``TrainingError/runInUse(_:by:)``, ``TrainingError/cannotWrite(file:reason:)``.
    package init(run: String) throws {
        let file = Self.file(run)
        descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw TrainingError.cannotWrite(file: file, reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = RunHolder(process: Self.process(named: descriptor))
            close(descriptor)
            throw TrainingError.runInUse(run, by: holder)
        }
        // A disk too full for a number leaves the holder unnamed, and the lock as good.
        _ = ftruncate(descriptor, 0)
        let name = Array("\(getpid())\n".utf8)
        _ = pwrite(descriptor, name, name.count, 0)
    }

    /// Unlocked before it is closed: a program that is being started from another thread has the descriptor too, from
    /// the fork on until it becomes itself, and a close here would leave the lock with it for that moment.
    deinit {
        ftruncate(descriptor, 0)
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Who holds a folder now; nil where nobody does.
    package static func holder(of run: String) -> RunHolder? {
        let descriptor = open(file(run), O_RDONLY | O_CLOEXEC)
        // What was never locked has no such file.
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else {
            flock(descriptor, LOCK_UN)
            return nil
        }
        return RunHolder(process: process(named: descriptor))
    }

    private static func file(_ run: String) -> String { run + "/lock" }

    private static func process(named descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return text.hasSuffix("\n") ? Int32(text.dropLast()) : nil
    }
}
