import Compute

/// What can go wrong with what is kept.
package enum WorkspaceError: GenacError, Equatable {
    /// There is no such folder.
    case notADirectory(path: String)
    /// A file or folder cannot be opened, made or read.
    case cannotOpen(path: String, reason: String)
    /// Nothing can be kept: no room, no right, or the file is gone.
    case cannotWrite(path: String, reason: String)
    /// Another process kept the database to itself for longer than one waits.
    case busy(path: String, seconds: Int)
    /// The file is no database, or its pages contradict each other.
    case damagedDatabase(path: String, reason: String)
    /// Of a database in a folder that may only be read, SQLite's two files beside it are missing.
    case alone(path: String)
    /// A later genac has changed the tables.
    case newer(path: String)
    /// A `store.jsonl` lies beside a database that has other records.
    case twoStores(path: String, database: String)
    /// An older genac went on writing to the file whose records had been moved.
    case grown(path: String)
    /// A line of `store.jsonl` that is no record.
    case damagedLine(path: String, line: Int, reason: String)
    /// A record that is not of its kind's form.
    case damagedRecord(path: String, kind: String, id: Int, reason: String)
    /// There is no such id; `known` goes from the first to the newest.
    case notFound(kind: String, id: Int, known: ClosedRange<Int>?)
    /// What was to hang on a record, which another process removed meanwhile.
    case removed(kind: String, id: Int)

    package var what: String {
        switch self {
        case .notADirectory: "the workspace is no directory"
        case .cannotOpen(_, let reason): "cannot be opened: \(reason)"
        case .cannotWrite(_, let reason): "cannot be written: \(reason)"
        case .busy(_, let seconds): "another process is writing to it and did not end within \(seconds) seconds"
        case .damagedDatabase(_, let reason): "the database is damaged: \(reason)"
        case .alone: "it cannot be read without its -wal and -shm files where nothing may be written"
        case .newer: "a newer genac made it"
        case .twoStores(_, let database): "it has records beside those of \(database), under ids of its own"
        case .grown: "an older genac wrote to it after its records had been moved into the database"
        case .damagedLine(_, _, let reason), .damagedRecord(_, _, _, let reason): "a damaged record: \(reason)"
        case .notFound(let kind, let id, nil): "there is no \(kind) \(id), nor any other"
        case .notFound(let kind, let id, let known?): "there is no \(kind) \(id); the newest is \(known.upperBound)"
        case .removed(let kind, let id): "another process removed \(kind) \(id) meanwhile"
        }
    }

    package var location: String? {
        switch self {
        case .notADirectory(let path), .cannotOpen(let path, _), .cannotWrite(let path, _), .busy(let path, _),
            .damagedDatabase(let path, _), .alone(let path), .newer(let path), .twoStores(let path, _),
            .grown(let path):
            path
        case .damagedLine(let path, let line, _): "\(path):\(line)"
        case .damagedRecord(let path, let kind, let id, _): "\(path), \(kind) \(id)"
        case .notFound, .removed: nil
        }
    }

    package var hint: String? {
        switch self {
        case .notADirectory: "name an existing directory"
        case .cannotOpen: "check that it is there, and your rights to it"
        case .cannotWrite: "check the disk's free space and your rights; nothing kept before is lost"
        case .busy: "try again when that one has ended; nothing was changed"
        case .damagedDatabase: "put a copy of it back, or move it away and save what `sqlite3 FILE .recover` can read"
        case .alone: "copy those two with it, or make the folder writable"
        case .newer: "use that version; nothing was changed"
        case .twoStores: "move the one that is not wanted to another folder; nothing was changed"
        case .grown:
            "what it added last is not in the database: as .genac/store.jsonl of another workspace it can be seen"
        case .damagedLine: "this line is passed over and stays in the file; the others are whole"
        case .damagedRecord: "this record is passed over; the others are whole"
        case .notFound: nil
        case .removed: "nothing of this was kept"
        }
    }
}
