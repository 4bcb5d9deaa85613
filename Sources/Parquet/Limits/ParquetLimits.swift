/// How much a Parquet file may ask for. A few bytes may stand for any number of rows: its own size says nothing.
package struct ParquetLimits: Sendable {
    /// Unpacked pages held at once, and the dictionaries made of them, in bytes: the memory that reading takes.
    package var heldBytes: Int
    /// What one row comes to, in bytes: ``valueBytes`` each value, and what its texts have.
    package var rowBytes: Int
    /// What all pages and all rows come to, in bytes: the time that reading takes. A small file may come to less, see
    /// ``total(of:)``.
    package var totalBytes: Int

    /// Columns, and groups of columns.
    static let schemaElements = 20_000
    /// The deepest nesting that is read: groups, lists and maps.
    static let depth = 32
    /// What a value counts beside its text: about what it takes in memory.
    static let valueBytes = 32

    /// The defaults are for data sets that are held in memory as problems.
    package init(heldBytes: Int = 512 << 20, rowBytes: Int = 64 << 20, totalBytes: Int = 8 << 30) {
        self.heldBytes = heldBytes
        self.rowBytes = rowBytes
        self.totalBytes = totalBytes
    }

    /// What a file of so many bytes may come to: texts are packed to a hundredth at best, rows of few words to less.
    package func total(of fileBytes: Int) -> Int {
        min(totalBytes, 512 << 20 + min(fileBytes, totalBytes / 1000) * 1000)
    }
}

/// What a reading has used of its limits.
final class Budget {
    private let limits: ParquetLimits
    private let totalBytes: Int
    private var held = 0
    private var row = 0
    private var total = 0

    init(_ limits: ParquetLimits, fileBytes: Int) {
        (self.limits, totalBytes) = (limits, limits.total(of: fileBytes))
    }

    /// Before memory is taken for a page or a dictionary.
    func hold(_ bytes: Int) throws {
        guard bytes <= limits.heldBytes - held else {
            throw Fault.tooLarge("its \(bytes) bytes are more than may be held at once (\(limits.heldBytes) bytes)")
        }
        held += bytes
        try spend(bytes)
    }

    func release(_ bytes: Int) { held -= bytes }

    func beginRow() throws {
        row = 0
        try addValue(bytes: 0)
    }

    /// A value of the present row whose text has this many bytes.
    func addValue(bytes: Int) throws {
        row += bytes + ParquetLimits.valueBytes
        guard row <= limits.rowBytes else {
            throw Fault.tooLarge("a row of more than the \(limits.rowBytes) bytes allowed")
        }
        try spend(bytes + ParquetLimits.valueBytes)
    }

    private func spend(_ bytes: Int) throws {
        total += bytes
        guard total <= totalBytes else {
            throw Fault.tooLarge("the file unpacks to more than the \(totalBytes) bytes allowed")
        }
    }
}
