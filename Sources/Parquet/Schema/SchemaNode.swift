/// A column as it is nested: what its values are made of, and the levels at which they exist.
///
/// Levels are Dremel's: a definition level counts how many of the optional and repeated things on the way from the row
/// down to a value exist, a repetition level says which of the lists on the way goes on.
final class SchemaNode: Sendable {
    enum Kind: Sendable {
        /// Of this number, among all of the file.
        case leaf(Int)
        case group([SchemaNode])
        case list(SchemaNode, Entries)
        case map(key: SchemaNode, value: SchemaNode, Entries)
    }

    /// Of a list or a map.
    struct Entries: Sendable {
        /// From this definition level on there is an entry.
        let definition: Int
        /// An entry of this repetition level goes on with the list.
        let repetition: Int
    }

    let name: String
    /// Dotted, for errors.
    let path: String
    let isOptional: Bool
    /// From this definition level on it is not null.
    let definition: Int
    let kind: Kind
    /// The leaves below it, of which one at least exists.
    let leaves: Range<Int>

    init(name: String, path: String, isOptional: Bool, definition: Int, kind: Kind) {
        (self.name, self.path, self.isOptional, self.definition) = (name, path, isOptional, definition)
        self.kind = kind
        leaves =
            switch kind {
            case .leaf(let index): index..<(index + 1)
            case .group(let members): members[0].leaves.lowerBound..<members[members.count - 1].leaves.upperBound
            case .list(let element, _): element.leaves
            case .map(let key, let value, _): key.leaves.lowerBound..<value.leaves.upperBound
            }
    }
}

/// A leaf of the schema: what a column chunk holds.
struct SchemaLeaf: Sendable {
    let path: String
    var type: LeafType
    /// Its highest levels.
    let definition: Int
    let repetition: Int
}
