import Foundation

/// The records of one kind, decoded when asked for and then kept in memory.
package final class Shelf<Element: Codable> {
    private let store: Store
    package let kind: String
    private var cache: [Int: Element] = [:]

    init(_ store: Store, kind: String) {
        self.store = store
        self.kind = kind
    }

    /// All ids, ascending.
    package func ids() throws -> [Int] { try store.ids(kind) }

    /// - Throws: ``WorkspaceError/notFound(kind:id:known:)``, ``WorkspaceError/damagedRecord(path:line:reason:)``.
    package func element(_ id: Int) throws -> Element {
        if let cached = cache[id] { return cached }
        guard let (json, line) = try store.value(kind, id) else {
            let ids = try ids()
            let known = ids.first.flatMap { first in ids.last.map { first...$0 } }
            throw WorkspaceError.notFound(kind: kind, id: id, known: known)
        }
        do {
            let element = try JSONDecoder().decode(Element.self, from: json)
            cache[id] = element
            return element
        } catch {
            throw WorkspaceError.damagedRecord(path: store.path, line: line, reason: Self.reason(error))
        }
    }

    /// All elements that can be read, by ascending id; damaged ones are passed over.
    package func all() throws -> [Element] {
        try ids().compactMap { id in
            do {
                return try element(id)
            } catch WorkspaceError.damagedRecord {
                return nil
            }
        }
    }

    /// Keeps `count` new elements; `make` is told each one's place among them and its id.
    package func add(count: Int, _ make: (_ index: Int, _ id: Int) -> Element) throws -> [Element] {
        var made: [Element] = []
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let ids = try store.append(kind, count: count) { index, id in
            let element = make(index, id)
            made.append(element)
            return try encoder.encode(element)
        }
        for (id, element) in zip(ids, made) { cache[id] = element }
        return made
    }

    /// Keeps one new element.
    @discardableResult
    package func add(_ make: (_ id: Int) -> Element) throws -> Element {
        try add(count: 1) { make($1) }[0]
    }

    private static func reason(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .keyNotFound(let key, _): "the key \(key.stringValue) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            context.debugDescription
        default: "\(error)"
        }
    }
}
