import Compute

/// What can go wrong with what is kept.
package enum WorkspaceError: GenacError, Equatable {
    case notADirectory(path: String)
    case cannotOpen(path: String, reason: String)
    case cannotWrite(path: String, reason: String)
    case damagedRecord(path: String, line: Int, reason: String)
    case notFound(kind: String, id: Int, known: ClosedRange<Int>?)

    package var what: String {
        switch self {
        case .notADirectory: "the workspace is no directory"
        case .cannotOpen(_, let reason): "cannot be opened: \(reason)"
        case .cannotWrite(_, let reason): "cannot be written: \(reason)"
        case .damagedRecord(_, _, let reason): "a damaged record: \(reason)"
        case .notFound(let kind, let id, nil): "there is no \(kind) \(id), nor any other"
        case .notFound(let kind, let id, let known?): "there is no \(kind) \(id); the newest is \(known.upperBound)"
        }
    }

    package var location: String? {
        switch self {
        case .notADirectory(let path), .cannotOpen(let path, _), .cannotWrite(let path, _): path
        case .damagedRecord(let path, let line, _): "\(path):\(line)"
        case .notFound: nil
        }
    }

    package var hint: String? {
        switch self {
        case .notADirectory: "name an existing directory"
        case .cannotOpen: "check your rights to it"
        case .cannotWrite: "check the disk's free space and your rights; nothing kept before is lost"
        case .damagedRecord: "this record is passed over; the others are whole"
        case .notFound: nil
        }
    }
}
