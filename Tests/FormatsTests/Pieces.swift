import Formats

/// A text that comes in pieces of so many bytes.
final class Pieces: ByteSource {
    let path = "pieces"
    private var rest: ArraySlice<UInt8>
    private let length: Int

    init(_ text: String, of length: Int) { (rest, self.length) = (Array(text.utf8)[...], length) }

    func next() -> [UInt8] {
        defer { rest = rest.dropFirst(length) }
        return Array(rest.prefix(length))
    }
}
