/// Makes the tree of the footer's list: lists and maps as they are annotated, their older spellings too
/// (apache/parquet-format, LogicalTypes.md, "Nested Types").
struct SchemaBuilder {
    private let elements: [SchemaElement]
    private var next = 1
    private var leaves: [SchemaLeaf] = []

    /// The row's members, and the leaves in the file's order.
    /// - Throws: ``Fault``.
    static func tree(of elements: [SchemaElement]) throws -> (members: [SchemaNode], leaves: [SchemaLeaf]) {
        guard let root = elements.first, root.type == nil else { throw Fault.damaged("the footer has no schema") }
        var builder = SchemaBuilder(elements: elements)
        let place = Place(path: "", definition: 0, repetition: 0, depth: 0)
        let members = try builder.members(root, place)
        guard builder.next == elements.count else {
            throw Fault.damaged("\(elements.count - builder.next) columns of the schema belong to no group")
        }
        return (members, builder.leaves)
    }

    private init(elements: [SchemaElement]) { self.elements = elements }

    /// Where an element stands: the levels of what is above it.
    private struct Place {
        var path: String
        var definition: Int
        var repetition: Int
        var depth: Int

        func below(_ name: String) throws -> Place {
            guard depth < ParquetLimits.depth else {
                throw Fault.damaged("the schema is nested deeper than \(ParquetLimits.depth) levels")
            }
            var place = self
            place.path = path.isEmpty ? name : "\(path).\(name)"
            place.depth += 1
            return place
        }
    }

    private mutating func take() throws -> SchemaElement {
        guard next < elements.count else { throw Fault.damaged("the schema ends within a group") }
        defer { next += 1 }
        return elements[next]
    }

    private mutating func members(_ group: SchemaElement, _ place: Place) throws -> [SchemaNode] {
        var members: [SchemaNode] = [], names: Set<[UInt8]> = []
        for _ in 0..<min(group.members, elements.count) {
            let element = try take()
            guard names.insert(Array(element.name.utf8)).inserted else {
                throw Fault.unsupported(
                    "two columns have the name \(element.name.debugDescription)", hint: "rename one of them")
            }
            members.append(try node(element, place.below(element.name)))
        }
        return members
    }

    /// An element that stands in a group, repeated ones as the lists that they are.
    private mutating func node(_ element: SchemaElement, _ place: Place) throws -> SchemaNode {
        var place = place
        switch element.repetition {
        case .required: return try value(element, place, isOptional: false)
        case .optional:
            place.definition += 1
            return try value(element, place, isOptional: true)
        case .repeated:
            let outer = place.definition
            place.definition += 1
            place.repetition += 1
            let entries = SchemaNode.Entries(definition: place.definition, repetition: place.repetition)
            let single = try value(element, place, isOptional: false)
            return SchemaNode(
                name: element.name, path: place.path, isOptional: false, definition: outer,
                kind: .list(single, entries))
        }
    }

    /// What an element is when it is there.
    private mutating func value(_ element: SchemaElement, _ place: Place, isOptional: Bool) throws -> SchemaNode {
        func node(_ kind: SchemaNode.Kind) -> SchemaNode {
            SchemaNode(
                name: element.name, path: place.path, isOptional: isOptional, definition: place.definition, kind: kind)
        }
        if let type = element.type {
            let leaf = LeafType(type, element.annotation)
            leaves.append(
                SchemaLeaf(
                    path: place.path, type: leaf, definition: place.definition, repetition: place.repetition))
            return node(.leaf(leaves.count - 1))
        }
        guard element.members > 0 else { throw Fault.unsupported("the group \(place.path) has no members") }
        switch element.annotation {
        case .list?: return node(try list(element, place))
        case .map?, .mapEntries?: return node(try map(element, place))
        case .unread(let name)?: return node(try refused(element, place, "a group of the kind \(name)"))
        case nil: return node(.group(try members(element, place)))
        case .string?, .date?, .uuid?, .float16?, .null?, .bson?, .decimal?, .time?, .timestamp?, .integer?:
            throw Fault.damaged("the group \(place.path) is said to be a single value")
        }
    }

    /// A group that cannot be read, which matters once its column is asked for.
    private mutating func refused(_ element: SchemaElement, _ place: Place, _ why: String) throws -> SchemaNode.Kind {
        let first = leaves.count
        let members = try members(element, place)
        for leaf in first..<leaves.count { leaves[leaf].type.meaning = .refused(why) }
        return .group(members)
    }

    /// The one repeated member of a list or a map, and the place within it.
    private mutating func entries(_ element: SchemaElement, _ place: Place) throws -> (SchemaElement, Place) {
        let entry = try take()
        guard element.members == 1, entry.repetition == .repeated else {
            throw Fault.damaged("the list or map \(place.path) has not one repeated member")
        }
        var inner = try place.below(entry.name)
        inner.definition += 1
        inner.repetition += 1
        return (entry, inner)
    }

    private mutating func list(_ element: SchemaElement, _ place: Place) throws -> SchemaNode.Kind {
        let (entry, inner) = try entries(element, place)
        let levels = SchemaNode.Entries(definition: inner.definition, repetition: inner.repetition)
        // The repeated member is the element itself where it is a single value, a group of several members, or called
        // as older writers call it; otherwise it only wraps the element.
        let isElement =
            entry.type != nil || entry.members > 1 || entry.annotation != nil || entry.name == "array"
            || entry.name == element.name + "_tuple" || next < elements.count && elements[next].repetition == .repeated
        if isElement { return .list(try value(entry, inner, isOptional: false), levels) }
        let wrapped = try members(entry, inner)
        guard let single = wrapped.first else { throw Fault.damaged("the list \(place.path) has no element") }
        return .list(single, levels)
    }

    private mutating func map(_ element: SchemaElement, _ place: Place) throws -> SchemaNode.Kind {
        let (entry, inner) = try entries(element, place)
        let levels = SchemaNode.Entries(definition: inner.definition, repetition: inner.repetition)
        guard entry.type == nil, (1...2).contains(entry.members) else {
            throw Fault.damaged("the map \(place.path) has not keys and values")
        }
        let first = leaves.count
        let members = try members(entry, inner)
        // Keys alone are a list of them.
        guard members.count == 2 else { return .list(members[0], levels) }
        if case .leaf = members[0].kind, leaves[first].type.meaning != .null {
            return .map(key: members[0], value: members[1], levels)
        }
        leaves[first].type.meaning = .refused("a map whose keys are not single values")
        return .group(members)
    }
}
