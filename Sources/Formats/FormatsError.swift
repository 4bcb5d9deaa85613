import Compute

/// What can be wrong with a file's bytes. Each case names the file; most name the byte or line too.
package enum FormatsError: GenacError {
    case cannotRead(file: String, reason: String)
    case cannotWrite(file: String, reason: String)
    case tooLarge(file: String, bytes: Int, limit: Int)
    case malformed(file: String, offset: Int, what: String)
    case malformedLine(file: String, line: Int, what: String)
    case malformedTensor(file: String, tensor: String, what: String)
    case unsupported(file: String, what: String, hint: String)

    package var what: String {
        switch self {
        case .cannotRead(_, let reason): "cannot read the file: \(reason)"
        case .cannotWrite(_, let reason): "cannot write: \(reason)"
        case .tooLarge(_, let bytes, let limit): "\(bytes) bytes are more than the \(limit) allowed here"
        case .malformed(_, _, let what), .malformedLine(_, _, let what), .malformedTensor(_, _, let what): what
        case .unsupported(_, let what, _): what
        }
    }

    package var location: String? {
        switch self {
        case .cannotRead(let file, _), .cannotWrite(let file, _), .tooLarge(let file, _, _),
            .unsupported(let file, _, _):
            file
        case .malformed(let file, let offset, _): "\(file): byte \(offset)"
        case .malformedLine(let file, let line, _): "\(file):\(line)"
        case .malformedTensor(let file, let tensor, _): "\(file): tensor \(tensor.debugDescription)"
        }
    }

    package var hint: String? {
        switch self {
        case .cannotRead: "check that it exists and that you may read it"
        case .cannotWrite: "check the free space and your rights there; nothing that was complete is lost"
        case .tooLarge: "check that it is the file you meant"
        case .malformed, .malformedTensor: "the file is damaged, cut short or not of this format; fetch it again"
        case .malformedLine: "correct that line"
        case .unsupported(_, _, let hint): hint
        }
    }
}
