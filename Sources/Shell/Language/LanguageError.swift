import Compute

/// What cannot be split into commands, and where.
public enum LanguageError: GenacError, Equatable {
    case unclosedQuote(SourcePosition)
    case unclosedLiteral(SourcePosition)
    case badEscape(String, SourcePosition)
    case noFile(SourcePosition)
    case noProgram(SourcePosition)
    case afterFile(SourcePosition)
    case noCommand(before: String, SourcePosition)
    case notUTF8(SourcePosition)

    public var position: SourcePosition {
        switch self {
        case .unclosedQuote(let place), .unclosedLiteral(let place), .badEscape(_, let place), .noFile(let place),
            .noProgram(let place), .afterFile(let place), .noCommand(_, let place), .notUTF8(let place):
            place
        }
    }

    public var what: String {
        switch self {
        case .unclosedQuote(let place): "the quote \" opened at column \(place.column) is not closed on its line"
        case .unclosedLiteral(let place): "the quote ' opened at column \(place.column) is never closed"
        case .badEscape(let text, let place): "\(text) at column \(place.column) is no escape of \"…\""
        case .noFile: "no file name after >"
        case .noProgram: "no program after |"
        case .afterFile(let place): "unexpected words after > FILE at column \(place.column)"
        case .noCommand(let sign, _): "no command before \(sign)"
        case .notUTF8: "bytes that are no UTF-8"
        }
    }

    public var location: String? { position.description }

    public var hint: String? {
        switch self {
        case .unclosedQuote: "close it, or write \\n for a line break; '…' may hold several lines"
        case .unclosedLiteral: "close it; inside \"…\" an apostrophe is plain"
        case .badEscape: "the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX; '…' takes none"
        case .noFile: "write > FILE, or quote \">\" to mean the sign itself"
        case .noProgram: "write | PROGRAM, or quote \"|\" to mean the sign itself"
        case .afterFile: "end the command after the file's name"
        case .noCommand(let sign, _): "write COMMAND \(sign) …, or quote the sign"
        case .notUTF8: "save the script as UTF-8"
        }
    }
}
