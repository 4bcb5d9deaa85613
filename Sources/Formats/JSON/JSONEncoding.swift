extension JSONValue {
    /// What `value` encodes itself as, the members of its objects in the order of their names' bytes. Numbers are as
    /// Foundation's encoder writes them: a whole one is an integer.
    /// - Throws: `EncodingError` for a number that JSON cannot say (NaN, infinity, an integer above `Int64.max`),
    ///   and what `value` throws.
    package static func encoding(_ value: some Encodable) throws -> JSONValue {
        let node = EncodingNode(path: [])
        try node.encode(value)
        return node.json
    }
}

/// Where one value is put together. Containers of the same value share it.
private final class EncodingNode {
    let path: [any CodingKey]
    private var content = Content.none

    private enum Content {
        /// Nothing was encoded: an object without members.
        case none
        case single(JSONValue)
        case list([EncodingNode])
        case members([String: EncodingNode])
    }

    init(path: [any CodingKey]) { self.path = path }

    var json: JSONValue {
        switch content {
        case .none: return .object(JSONObject())
        case .single(let value): return value
        case .list(let nodes): return .array(nodes.map(\.json))
        case .members(let nodes):
            let sorted = nodes.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            return .object(JSONObject(sorted.map { ($0.key, $0.value.json) }))
        }
    }

    func encode(_ value: some Encodable) throws {
        guard let scalar = value as? any JSONScalar else { return try value.encode(to: self) }
        guard let json = scalar.json else {
            throw EncodingError.invalidValue(
                value, EncodingError.Context(codingPath: path, debugDescription: "JSON has no \(value)"))
        }
        content = .single(json)
    }

    func encodeNil() { content = .single(.null) }

    func makeList() { if case .list = content {} else { content = .list([]) } }

    func makeMembers() { if case .members = content {} else { content = .members([:]) } }

    var count: Int { if case .list(let nodes) = content { nodes.count } else { 0 } }

    func append() -> EncodingNode {
        guard case .list(var nodes) = content else { preconditionFailure("a value is a list or it is not") }
        let node = EncodingNode(path: path + [PlaceKey(intValue: nodes.count)])
        content = .none
        nodes.append(node)
        content = .list(nodes)
        return node
    }

    func member(_ key: some CodingKey) -> EncodingNode {
        guard case .members(var nodes) = content else { preconditionFailure("a value has members or it has none") }
        let node = EncodingNode(path: path + [key])
        content = .none
        nodes[key.stringValue] = node
        content = .members(nodes)
        return node
    }
}

extension EncodingNode: Encoder, SingleValueEncodingContainer {
    var codingPath: [any CodingKey] { path }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        makeMembers()
        return KeyedEncodingContainer(Members<Key>(node: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        makeList()
        return List(node: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }
}

private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: EncodingNode
    var codingPath: [any CodingKey] { node.path }

    func encodeNil(forKey key: Key) { node.member(key).encodeNil() }
    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try node.member(key).encode(value) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        node.member(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { node.member(key).unkeyedContainer() }
    func superEncoder() -> any Encoder { node.member(PlaceKey.super) }
    func superEncoder(forKey key: Key) -> any Encoder { node.member(key) }
}

private struct List: UnkeyedEncodingContainer {
    let node: EncodingNode
    var codingPath: [any CodingKey] { node.path }
    var count: Int { node.count }

    func encodeNil() { node.append().encodeNil() }
    func encode<Value: Encodable>(_ value: Value) throws { try node.append().encode(value) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        node.append().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { node.append().unkeyedContainer() }
    func superEncoder() -> any Encoder { node.append() }
}
