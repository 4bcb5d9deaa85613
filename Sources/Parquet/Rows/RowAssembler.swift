import Formats

/// Puts rows together of their columns' values by the levels (Dremel, section 4.3; here by descent through the schema,
/// so that every column is checked against those beside it).
struct RowAssembler {
    let members: [SchemaNode]
    /// By the leaf's number; nil for those of columns that nobody asked for.
    let cursors: [ColumnCursor?]

    /// - Throws: ``ParquetError``.
    func row() throws -> JSONObject {
        JSONObject(try members.map { ($0.name, try value($0, repetition: 0)) })
    }

    private func cursor(_ leaf: Int) -> ColumnCursor {
        guard let cursor = cursors[leaf] else { preconditionFailure("a column that nobody asked for") }
        return cursor
    }

    /// - Parameter repetition: what the value's levels must say: 0 for a row's first, a list's own where it goes on.
    private func value(_ node: SchemaNode, repetition: Int) throws -> JSONValue {
        let first = cursor(node.leaves.lowerBound)
        if node.isOptional, try first.load(), first.definition < node.definition {
            try pass(node, repetition, definition: node.definition - 1)
            return .null
        }
        switch node.kind {
        case .leaf: return try first.take(repetition: repetition)
        case .group(let members):
            return .object(JSONObject(try members.map { ($0.name, try value($0, repetition: repetition)) }))
        case .list(let element, let levels):
            var elements: [JSONValue] = []
            try entries(node, levels, repetition) { elements.append(try value(element, repetition: $0)) }
            return .array(elements)
        case .map(let key, let value, let levels):
            var map = MapBuilder()
            try entries(node, levels, repetition) { repetition in
                let key = try self.value(key, repetition: repetition)
                map.add(key, try self.value(value, repetition: repetition))
            }
            return .object(map.object)
        }
    }

    /// Calls `body` with the repetition level of each entry of a list or a map.
    private func entries(
        _ node: SchemaNode, _ levels: SchemaNode.Entries, _ repetition: Int, _ body: (Int) throws -> Void
    ) throws {
        let first = cursor(node.leaves.lowerBound)
        if try first.load(), first.definition < levels.definition {
            return try pass(node, repetition, definition: levels.definition - 1)
        }
        try body(repetition)
        while try first.load(), first.repetition == levels.repetition { try body(levels.repetition) }
    }

    /// Takes what stands for a null or an empty list in each of the columns below it.
    private func pass(_ node: SchemaNode, _ repetition: Int, definition: Int) throws {
        for leaf in node.leaves { try cursor(leaf).pass(repetition: repetition, definition: definition) }
    }
}

/// A map's entries. The last value of a key is its value, as the format says (LogicalTypes.md, "Maps").
private struct MapBuilder {
    private var members: [JSONObject.Member] = []
    private var places: [UTF8Key: Int] = [:]

    var object: JSONObject { JSONObject(members) }

    mutating func add(_ key: JSONValue, _ value: JSONValue) {
        // A key is a single value, so that its JSON is one too: a number, a flag or a text.
        let text = key.asString ?? key.text()
        if let place = places.updateValue(members.count, forKey: UTF8Key(text)) {
            members[place].value = value
            places[UTF8Key(text)] = place
        } else {
            members.append((text, value))
        }
    }
}
