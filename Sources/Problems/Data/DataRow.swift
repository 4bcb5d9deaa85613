import Formats

/// A row of a data file, and where it stands.
package struct DataRow {
    package let file: String
    /// The line on which it begins; of Parquet and of a JSON array its number. From 1.
    package let number: Int
    package let members: JSONObject
    private let allColumns: [String]?

    /// - Parameter columns: those of the file, where the row has not all of them.
    init(file: String, number: Int, members: JSONObject, columns: [String]? = nil) {
        (self.file, self.number, self.members, allColumns) = (file, number, members, columns)
    }

    /// All columns of the file, as far as the row tells.
    var columns: [String] { allColumns ?? members.members.map(\.key) }

    /// What stands at a path such as `answer` or `reward_model.ground_truth`: a member of that whole name, else members
    /// of members. A text may stand for the object that it says in JSON, as tables have them. Nil where there is none.
    package subscript(path: String) -> JSONValue? { Self.value(at: path, in: members) { $0.hasSameBytes(as: $1) } }

    /// The same, whatever the case of the names where none is spelled so: AIME's `Problem` and `Answer`.
    func known(_ path: String) -> JSONValue? {
        self[path] ?? Self.value(at: path, in: members) { $0.hasSameLetters(as: $1) }
    }

    private static func value(
        at path: String, in members: JSONObject, _ isSame: (String, String) -> Bool
    ) -> JSONValue? {
        if let whole = members.members.first(where: { isSame($0.key, path) }) { return whole.value }
        guard let dot = path.utf8.firstIndex(of: UInt8(ascii: ".")) else { return nil }
        let name = String(path[..<dot])
        guard let outer = members.members.first(where: { isSame($0.key, name) }) else { return nil }
        return object(outer.value).flatMap { value(at: String(path[path.utf8.index(after: dot)...]), in: $0, isSame) }
    }

    private static func object(_ value: JSONValue) -> JSONObject? {
        guard case .string(let text) = value, text.utf8.first == UInt8(ascii: "{") else { return value.asObject }
        do {
            return try JSONValue.parse(Array(text.utf8), name: "", numbers: .exact).asObject
        } catch {
            // A text that begins with a brace and is no JSON has no members.
            return nil
        }
    }

    /// An error that names the row, and the member where it is one's.
    func failure(_ key: String?, _ what: String, hint: String? = nil) -> ProblemsError {
        .row(file: file, line: number, key: key, what: what, hint: hint)
    }
}

extension JSONValue {
    /// Whether it stands for bytes of a Parquet file that are no text.
    var isBytes: Bool { asObject.map { $0.members.map(\.key) == ["base64"] } ?? false }

    /// What it is, for errors.
    var inWords: String { isBytes ? "bytes that are no UTF-8 text" : "\(kind)" }
}

extension String {
    /// Whether the bytes are the same but for the case of ASCII letters.
    fileprivate func hasSameLetters(as other: String) -> Bool {
        func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
        return utf8.count == other.utf8.count && zip(utf8, other.utf8).allSatisfy { lower($0) == lower($1) }
    }
}
