import Foundation

/// The files in a workspace's `.genac/`: the database, and what became of the store of before.
///
///     workspace.sqlite        the database, with SQLite's own workspace.sqlite-wal and -shm
///     workspace.lock          held while a process opens the database
///     store.jsonl/            a directory, so that a genac of before the database ends in an error here instead of
///                             starting a store of its own
///     store.jsonl.migrated    the store whose records were moved into the database, as it was
struct RecordFiles {
    let folder: String

    private var lock: String { folder + "/workspace.lock" }
    var database: String { folder + "/workspace.sqlite" }
    var old: String { folder + "/store.jsonl" }
    var kept: String { folder + "/store.jsonl.migrated" }

    /// Whether the folder, or a database in it, may only be read.
    var isReadOnly: Bool {
        access(folder, W_OK) != 0 || (access(database, F_OK) == 0 && access(database, W_OK) != 0)
    }

    /// Whether there is a regular file.
    func isFile(_ path: String) throws -> Bool {
        try status(path).map { $0.st_mode & S_IFMT == S_IFREG } ?? false
    }

    /// The number that the file system knows a file by; nil where there is none.
    func number(_ path: String) throws -> UInt64? { try status(path).map { UInt64($0.st_ino) } }

    /// Bytes of a file; nil where there is none.
    func size(_ path: String) throws -> Int? { try status(path).map { Int($0.st_size) } }

    func makeFolder() throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw WorkspaceError.cannotOpen(path: folder, reason: error.localizedDescription)
        }
    }

    /// Runs `body` while no other process opens the database of this folder.
    func locked<R>(_ body: () throws -> R) throws -> R {
        let descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(lock) }
        defer { close(descriptor) }
        try Self.lock(descriptor, path: lock)
        return try body()
    }

    /// Gives the old store its other name. Nothing is overwritten.
    func setOldAside() throws {
        guard try status(kept) == nil else {
            throw WorkspaceError.twoStores(path: kept, database: old)
        }
        guard rename(old, kept) == 0 else { throw Self.failure(old) }
    }

    /// Puts a directory where a genac of before the database would put its store.
    func guardOld() throws {
        guard try status(old) == nil else { return }
        guard mkdir(old, 0o755) == 0 else { throw Self.failure(old) }
        let words = """
            The records of this workspace are in ../workspace.sqlite.
            This directory stands where older versions of genac kept them, so that those end in an error instead of
            starting anew. What they had kept is in ../store.jsonl.migrated, if there was anything.

            """
        do {
            try Data(words.utf8).write(to: URL(fileURLWithPath: old + "/README"))
        } catch {
            throw WorkspaceError.cannotWrite(path: old, reason: error.localizedDescription)
        }
    }

    /// Takes an exclusive lock that ends with the descriptor; waits while another process moves records.
    static func lock(_ descriptor: Int32, path: String) throws {
        // Moving a large store takes longer than any other write.
        let patience = 6 * Records.patience
        for _ in 0..<(patience * 50) {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
            guard errno == EWOULDBLOCK || errno == EINTR else { throw failure(path) }
            usleep(20_000)
        }
        throw WorkspaceError.busy(path: path, seconds: patience)
    }

    static func failure(_ path: String) -> WorkspaceError {
        .cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }

    private func status(_ path: String) throws -> stat? {
        var status = stat()
        if stat(path, &status) == 0 { return status }
        guard errno == ENOENT else { throw Self.failure(path) }
        return nil
    }
}
