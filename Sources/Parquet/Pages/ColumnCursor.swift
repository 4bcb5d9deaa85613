import Formats

/// Goes through a column of a row group, value by value: one page is held at a time, and the dictionary.
final class ColumnCursor {
    let leaf: SchemaLeaf
    private let reader: PageReader
    private let budget: Budget
    private let rowGroup: Int

    /// Of the value that is next, once ``load()`` has found one.
    private(set) var repetition = 0
    private(set) var definition = 0
    private var isLoaded = false

    private var repetitions: RunLengths?
    private var definitions: RunLengths?
    private var values = PageValues.none
    private var dictionary: [JSONValue]?
    /// Of the present page.
    private var leftInPage = 0
    /// Of the chunk's, beyond the present page.
    private var leftInChunk: Int

    /// - Parameter rowGroup: from 1, for errors.
    init(_ leaf: SchemaLeaf, _ reader: PageReader, budget: Budget, rowGroup: Int) {
        (self.leaf, self.reader, self.budget, self.rowGroup) = (leaf, reader, budget, rowGroup)
        leftInChunk = reader.chunk.values
    }

    private func located<Result>(_ body: () throws -> Result) throws -> Result {
        try ParquetPlace.locating(place, body)
    }

    private var place: ParquetPlace {
        ParquetPlace(
            file: reader.file.path, column: leaf.path, rowGroup: rowGroup, page: reader.page > 0 ? reader.page : nil)
    }

    /// - Returns: whether there is another value, null or empty list; its levels stand in ``repetition`` and
    ///   ``definition``.
    func load() throws -> Bool {
        if isLoaded { return true }
        return try located {
            while leftInPage == 0 {
                guard leftInChunk > 0 else { return false }
                try openPage()
            }
            leftInPage -= 1
            repetition = try repetitions?.next() ?? 0
            definition = try definitions?.next() ?? 0
            guard repetition <= leaf.repetition, definition <= leaf.definition else {
                throw Fault.damaged("levels \(repetition) and \(definition) in a column that has fewer")
            }
            isLoaded = true
            return true
        }
    }

    /// Takes the value that is next, which must be there and begin or go on as the lists around it ask.
    func take(repetition expected: Int) throws -> JSONValue {
        try located {
            try expect(expected, definition: leaf.definition)
            let value = try nextValue()
            try budget.addValue(bytes: value.textBytes)
            return value
        }
    }

    /// Takes a null or an empty list that is next.
    /// - Parameter definition: the level of what is around it and exists.
    func pass(repetition expected: Int, definition: Int) throws {
        try located {
            try expect(expected, definition: definition)
            try budget.addValue(bytes: 0)
        }
    }

    /// Gives back what is held for the column.
    /// - Throws: ``ParquetError`` where values are left over.
    func finish() throws {
        let isOver = try !load()
        try located {
            guard isOver else { throw Fault.damaged("values are left over after the row group's last row") }
        }
        budget.release(reader.heldBytes)
    }

    private func expect(_ expected: Int, definition level: Int) throws {
        guard try load() else { throw Fault.damaged("the column has fewer values than the row group has rows") }
        guard repetition == expected, definition == level else {
            throw Fault.damaged("its lists and nulls do not fit together, or not those of the columns beside it")
        }
        isLoaded = false
    }

    private func nextValue() throws -> JSONValue {
        switch values {
        case .none: throw Fault.damaged("the page ends too early: it has no values")
        case .plain(let decoder): return try leaf.type.json(decoder.next())
        case .indices(var runs):
            values = .none
            let index = try runs.next()
            values = .indices(runs)
            guard let dictionary else { throw Fault.damaged("its values are of a dictionary that is not there") }
            guard index < dictionary.count else {
                throw Fault.damaged("value \(index) of a dictionary of \(dictionary.count)")
            }
            return dictionary[index]
        }
    }

    private func openPage() throws {
        switch try reader.next() {
        case .dictionary(let decoder, let count): try readDictionary(decoder, count)
        case .data(let page):
            guard page.count <= leftInChunk else {
                throw Fault.damaged("a page of \(page.count) values where \(leftInChunk) are left")
            }
            leftInPage = page.count
            leftInChunk -= page.count
            (repetitions, definitions, values) = (page.repetitions, page.definitions, page.values)
        }
    }

    private func readDictionary(_ decoder: any ValueDecoder, _ count: Int) throws {
        guard dictionary == nil else { throw Fault.damaged("a second dictionary") }
        var entries: [JSONValue] = []
        for _ in 0..<count {
            let value = try leaf.type.json(decoder.next())
            try reader.hold(more: value.textBytes + ParquetLimits.valueBytes)
            entries.append(value)
        }
        dictionary = entries
    }
}

extension JSONValue {
    /// The bytes of a text, 0 for anything else.
    var textBytes: Int { if case .string(let text) = self { text.utf8.count } else { 0 } }
}
