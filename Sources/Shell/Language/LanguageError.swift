import Compute

/// What cannot be split into commands, and where.
package enum LanguageError: GenacError, Equatable {
    /// `mayGoOn`: the text ended where the quote could still go on, so that more text may close it.
    case unclosed(Quote, SourcePosition, mayGoOn: Bool)
    case badEscape(String, SourcePosition)
    case noFile(SourcePosition)
    case noProgram(SourcePosition)
    case afterFile(SourcePosition)
    case noCommand(before: String, SourcePosition)
    case notUTF8(SourcePosition)

    /// Where in the text.
    package var position: SourcePosition {
        switch self {
        case .unclosed(_, let place, _), .badEscape(_, let place), .noFile(let place), .noProgram(let place),
            .afterFile(let place), .noCommand(_, let place), .notUTF8(let place):
            place
        }
    }

    /// What is wrong, without its line.
    package var what: String {
        switch self {
        case .unclosed(let quote, let place, let mayGoOn):
            "the quote \(quote.opening) opened at column \(place.column) is "
                + (mayGoOn ? "never closed" : "not closed on its line")
        case .badEscape(let text, let place): "\(text) at column \(place.column) is no escape of $'…'"
        case .noFile: "no file name after >"
        case .noProgram: "no program after |"
        case .afterFile(let place): "unexpected words after > FILE at column \(place.column)"
        case .noCommand(let sign, _): "no command before \(sign)"
        case .notUTF8: "bytes that are no UTF-8"
        }
    }

    /// `FILE:LINE`.
    package var location: String? { position.description }

    /// What to write instead.
    package var hint: String? {
        switch self {
        case .unclosed(.double, _, _): "close it; '…' may hold several lines, and a \\ before its end"
        case .unclosed(.literal, _, _): "close it; inside \"…\" an apostrophe is plain"
        case .unclosed(.escaped, _, _): "close it; inside $'…' an apostrophe is \\'"
        case .badEscape:
            #"the escapes are \' \" \\ \/ \a \b \e \f \n \r \t \v \NNN \xHH \uXXXX \UXXXXXXXX; '…' takes none"#
        case .noFile: "write > FILE, or quote \">\" to mean the sign itself"
        case .noProgram: "write | PROGRAM, or quote \"|\" to mean the sign itself"
        case .afterFile: "end the command after the file's name"
        case .noCommand(let sign, _): "write COMMAND \(sign) …, or quote the sign"
        case .notUTF8: "save the script as UTF-8"
        }
    }
}
