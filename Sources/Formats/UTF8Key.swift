/// A string compared and hashed by its bytes. Swift's `String ==` is canonical equivalence, which makes
/// `"e\u{301}"` and `"\u{E9}"` one key: wrong for vocabularies, tensor names and JSON objects.
package struct UTF8Key: Hashable, Sendable {
    /// The text itself.
    package let string: String

    /// A key of any text.
    package init(_ string: String) { self.string = string }

    package static func == (left: UTF8Key, right: UTF8Key) -> Bool { left.string.hasSameBytes(as: right.string) }

    package func hash(into hasher: inout Hasher) {
        let hashed: Void? = string.utf8.withContiguousStorageIfAvailable { hasher.combine(bytes: .init($0)) }
        if hashed == nil { Array(string.utf8).withUnsafeBytes { hasher.combine(bytes: $0) } }
    }
}

extension String {
    /// Equality of the UTF-8 bytes, where `==` would ask for canonical equivalence.
    package func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
