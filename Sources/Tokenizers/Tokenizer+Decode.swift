extension Tokenizer {
    /// The bytes that `ids` stand for, special tokens spelled out; ids that no token has give nothing. Token by token:
    /// what two lists of ids say together is what each says, one after the other.
    package func decodeBytes(_ ids: some Sequence<TokenID>, skippingSpecials: Bool = false) -> [UInt8] {
        var bytes: [UInt8] = []
        for id in ids where !(skippingSpecials && specialIDs.contains(id)) {
            bytes.append(contentsOf: vocabulary.bytes(of: id))
        }
        return bytes
    }

    /// The text of `ids`; bytes that are not UTF-8 become U+FFFD.
    package func decode(_ ids: some Sequence<TokenID>, skippingSpecials: Bool = false) -> String {
        String(decoding: decodeBytes(ids, skippingSpecials: skippingSpecials), as: UTF8.self)
    }

    /// The bytes of a whole text, as `tokenizers` decodes it: without the blank that `encode` may have put in front.
    package func decodeWholeBytes(_ ids: some Sequence<TokenID>, skippingSpecials: Bool = false) -> [UInt8] {
        let bytes = decodeBytes(ids, skippingSpecials: skippingSpecials)
        guard pieces?.stripsLeadingBlank == true, bytes.first == 0x20 else { return bytes }
        return Array(bytes.dropFirst())
    }

    /// The text of ``decodeWholeBytes(_:skippingSpecials:)``; bytes that are not UTF-8 become U+FFFD.
    package func decodeWhole(_ ids: some Sequence<TokenID>, skippingSpecials: Bool = false) -> String {
        String(decoding: decodeWholeBytes(ids, skippingSpecials: skippingSpecials), as: UTF8.self)
    }

    /// A token for people to read: its text, or its bytes as `<0xE2><0x80>` where they are part of a scalar only.
    package func piece(_ id: TokenID) -> String {
        let bytes = bytes(of: id)
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return bytes.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return "<0x" + (digits.count < 2 ? "0" : "") + digits + ">"
        }.joined()
    }
}

/// Turns tokens into text as they come, never cutting a scalar: what it has given out so far
/// is always a prefix of `decode` of all tokens.
package struct StreamingDecoder: Sendable {
    private let tokenizer: Tokenizer
    private let skipsSpecials: Bool
    private var pending: [UInt8] = []

    package init(_ tokenizer: Tokenizer, skippingSpecials: Bool = false) {
        self.tokenizer = tokenizer
        skipsSpecials = skippingSpecials
    }

    /// The text that became complete with this token; empty while a scalar is unfinished.
    package mutating func append(_ id: TokenID) -> String {
        if skipsSpecials && tokenizer.specialIDs.contains(id) { return "" }
        pending.append(contentsOf: tokenizer.bytes(of: id))
        let complete = pending.count - UTF8Scan.unfinishedTail(pending)
        defer { pending.removeFirst(complete) }
        return String(decoding: pending[..<complete], as: UTF8.self)
    }

    /// What is left at the end: U+FFFD for a scalar that never became whole.
    package mutating func finish() -> String {
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }
}
