/// A token matched in the text before any pre-tokenizer sees it.
package struct AddedToken: Sendable, Equatable {
    package var id: TokenID
    package var content: String
    /// Special tokens steer the model and are recognised only where the caller asks for it.
    package var special: Bool
    /// The match swallows white space on its left.
    package var lstrip: Bool
    /// The match swallows white space on its right.
    package var rstrip: Bool
    /// The match counts only where no word character touches it.
    package var singleWord: Bool
    /// Matched after the text was normalised, not before.
    package var normalized: Bool

    package init(
        id: TokenID, content: String, special: Bool, lstrip: Bool = false, rstrip: Bool = false,
        singleWord: Bool = false, normalized: Bool = false
    ) {
        self.id = id
        self.content = content
        self.special = special
        self.lstrip = lstrip
        self.rstrip = rstrip
        self.singleWord = singleWord
        self.normalized = normalized
    }

    package static func == (a: AddedToken, b: AddedToken) -> Bool {
        a.id == b.id && a.content.utf8.elementsEqual(b.content.utf8) && a.special == b.special
            && a.lstrip == b.lstrip && a.rstrip == b.rstrip && a.singleWord == b.singleWord
            && a.normalized == b.normalized
    }
}
