import Foundation
import GRDB
import GRDBSQLite

/// The database of a workspace, opened when there is something to read or to keep, with its errors in words.
///
/// One connection (a queue, not a pool): the thread that runs commands is the only one here that reads or writes.
/// Several processes may hold the same one. Every write is a transaction that begins by taking SQLite's write lock, and
/// waits for others at most ``patience`` seconds. What is kept is on the disk when a write returns.
final class Records {
    /// Seconds that one waits for another process.
    static let patience = 10

    private let files: RecordFiles
    private var opened: DatabaseQueue?
    private var fileNumber: UInt64?
    private var isReadOnly = false
    /// What was found damaged and is not told yet.
    private var damage: [WorkspaceError] = []
    /// How many records were moved out of `store.jsonl` at the opening; nil when none had to be.
    private(set) var moved: Int?

    /// Opens what is there, and moves the records of a `store.jsonl`; creates nothing else.
    init(folder: String) throws {
        files = RecordFiles(folder: folder)
        _ = try existing()
    }

    var path: String { files.database }

    func takeDamage() -> [WorkspaceError] {
        defer { damage = [] }
        return damage
    }

    /// Ends the use of the database; the next read or write opens it again.
    func close() throws {
        guard let opened else { return }
        self.opened = nil
        try told { try opened.close() }
    }

    /// - Returns: `nothing` where nothing was ever kept.
    func read<R>(else nothing: R, _ body: (Database) throws -> R) throws -> R {
        guard let database = try existing() else { return nothing }
        return try told { try database.read(body) }
    }

    /// All or nothing of what `body` does is kept.
    func write<R>(_ body: (Database) throws -> R) throws -> R {
        let database = try created()
        guard !isReadOnly else { throw WorkspaceError.cannotWrite(path: path, reason: "it may only be read") }
        // SQLite would go on writing to a file that has no name any more.
        guard try fileNumber == nil || files.number(files.database) == fileNumber else {
            throw WorkspaceError.cannotWrite(path: path, reason: "it was removed or replaced while it was in use")
        }
        return try told { try database.write(body) }
    }

    private func existing() throws -> DatabaseQueue? {
        if let opened { return opened }
        let hasOld = try files.isFile(files.old)
        guard try hasOld || files.isFile(files.database) else {
            guard try files.number(files.database) == nil else {
                throw WorkspaceError.cannotOpen(path: path, reason: "it is no file")
            }
            return nil
        }
        return try open(hasOld: hasOld)
    }

    private func created() throws -> DatabaseQueue {
        if let existing = try existing() { return existing }
        try files.makeFolder()
        return try open(hasOld: false)
    }

    private func open(hasOld: Bool) throws -> DatabaseQueue {
        isReadOnly = files.isReadOnly
        let made = try told { try isReadOnly ? readOnly(hasOld: hasOld) : files.locked { try writable() } }
        opened = made
        return made
    }

    /// A folder that cannot be written has a database, or an old store: that one is read into memory.
    private func readOnly(hasOld: Bool) throws -> DatabaseQueue {
        guard hasOld else {
            guard try files.isFile(path + "-wal") else { throw WorkspaceError.alone(path: path) }
            let queue = try DatabaseQueue(path: path, configuration: Self.configuration(readOnly: true))
            try refuseNewer(queue)
            return queue
        }
        let queue = try DatabaseQueue()
        try Schema.migrator.migrate(queue)
        let old = try OldStore(files)
        damage += try queue.write { try old.copy(into: $0, as: files.old) }.damage
        return queue
    }

    private func writable() throws -> DatabaseQueue {
        let queue = try DatabaseQueue(path: path, configuration: Self.configuration(readOnly: false))
        try refuseNewer(queue)
        try queue.writeWithoutTransaction { database in
            // For a new file only: records of some kilobytes leave much of SQLite's own smaller pages empty.
            try database.execute(sql: "PRAGMA page_size = 8192")
            // By hand: GRDB's own setting of this mode writes to the database at each opening.
            guard try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL") == "wal" else {
                throw WorkspaceError.cannotOpen(path: path, reason: "its file system cannot be shared by processes")
            }
            // A large data set is kept in one go: pages that its index goes back to are not written in between.
            try database.execute(sql: "PRAGMA cache_size = -262144")
            // What a command reports as kept must outlive a power failure.
            try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 0")
        }
        if try !queue.read(Schema.migrator.hasCompletedMigrations) { try Schema.migrator.migrate(queue) }
        if try files.isFile(files.old) {
            let old = try OldStore(files)
            try withExtendedLifetime(old) {
                let report = try queue.write { try old.move(into: $0) }
                try files.setOldAside()
                damage += report.damage
                if report.records > 0 { moved = report.records }
            }
        }
        try files.guardOld()
        if try queue.read({ try OldStore.hasGrown(files, $0) }) { damage.append(.grown(path: files.kept)) }
        fileNumber = try files.number(files.database)
        return queue
    }

    private func refuseNewer(_ queue: DatabaseQueue) throws {
        guard try !queue.read(Schema.migrator.hasBeenSuperseded) else { throw WorkspaceError.newer(path: path) }
    }

    private static func configuration(readOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(TimeInterval(patience))
        configuration.prepareDatabase { database in
            guard !database.configuration.readonly else { return }
            // Without its two files beside it, a database in WAL mode cannot be read where nothing can be written.
            var isOn: CInt = 1
            let code = sqlite3_file_control(database.sqliteConnection, nil, SQLITE_FCNTL_PERSIST_WAL, &isOn)
            guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
        }
        return configuration
    }

    /// SQLite's errors as ours.
    private func told<R>(_ body: () throws -> R) throws -> R {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw WorkspaceError(error, path: path)
        }
    }
}

extension WorkspaceError {
    init(_ error: DatabaseError, path: String) {
        let reason = error.message ?? error.resultCode.description
        self =
            switch error.resultCode {
            case .SQLITE_BUSY, .SQLITE_LOCKED: .busy(path: path, seconds: Records.patience)
            case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT: .damagedDatabase(path: path, reason: reason)
            case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: .cannotOpen(path: path, reason: reason)
            case .SQLITE_FULL, .SQLITE_READONLY, .SQLITE_TOOBIG: .cannotWrite(path: path, reason: reason)
            case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_READ:
                .cannotOpen(path: path, reason: reason)
            case .SQLITE_IOERR: .cannotWrite(path: path, reason: "\(reason) (\(error.extendedResultCode))")
            case .SQLITE_NOMEM: .cannotOpen(path: path, reason: reason)
            // Tables that are not as the schema says, in a file of that name.
            default: .damagedDatabase(path: path, reason: reason)
            }
    }
}
