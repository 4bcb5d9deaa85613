import Compute

/// What can be wrong with a Parquet file, and where: the column, and the page counted in its row group from 1.
package struct ParquetError: GenacError {
    /// What was wrong, what to do.
    enum Kind { case damaged, unsupported(hint: String), tooLarge, unknownColumn(hint: String) }

    package let what: String
    package let location: String?
    let kind: Kind

    package var hint: String? {
        switch kind {
        case .damaged: "the file is damaged, cut short or not Parquet; fetch it again"
        case .tooLarge: "check that it is the file you meant, or write it again with smaller pages"
        case .unsupported(let hint), .unknownColumn(let hint): hint
        }
    }

    init(_ fault: Fault, _ place: ParquetPlace) {
        location = place.description
        switch fault {
        case .damaged(let what): (self.what, kind) = (what, .damaged)
        case .tooLarge(let what): (self.what, kind) = (what, .tooLarge)
        case .unsupported(let what, let hint): (self.what, kind) = (what, .unsupported(hint: hint))
        case .unknownColumn(let what, let hint): (self.what, kind) = (what, .unknownColumn(hint: hint))
        }
    }
}

/// What went wrong, before it is known where: the innermost readers throw it, who knows the place makes it an error.
enum Fault: Error {
    case damaged(String)
    case tooLarge(String)
    case unsupported(String, hint: String)
    case unknownColumn(String, hint: String)

    /// What pyarrow can mend by writing the file again.
    static func unsupported(_ what: String) -> Fault {
        .unsupported(what, hint: "write it again, for instance with pyarrow.parquet.write_table")
    }
}

/// Where something stands in a file.
struct ParquetPlace: CustomStringConvertible {
    let file: String
    /// Dotted, such as `reward_model.ground_truth`.
    var column: String?
    /// From 1.
    var rowGroup: Int?
    /// From 1 within the column's part of the row group; a dictionary is a page too.
    var page: Int?

    var description: String {
        var parts = [file]
        if let column { parts.append("column \(column)") }
        if let rowGroup { parts.append("row group \(rowGroup)") }
        if let page { parts.append("page \(page)") }
        return parts.joined(separator: ": ")
    }

    /// What `body` throws as ``Fault``, with this place.
    static func locating<Result>(_ place: @autoclosure () -> ParquetPlace, _ body: () throws -> Result) throws -> Result
    {
        do {
            return try body()
        } catch let fault as Fault {
            throw ParquetError(fault, place())
        }
    }
}
