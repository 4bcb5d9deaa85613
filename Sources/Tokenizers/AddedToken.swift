/// A token matched in the text before any pre-tokenizer sees it.
public struct AddedToken: Sendable, Equatable {
    public var id: TokenID
    public var content: String
    /// Special tokens steer the model and are recognised only where the caller asks for it.
    public var special: Bool
    /// The match swallows white space on its left.
    public var lstrip: Bool
    /// The match swallows white space on its right.
    public var rstrip: Bool
    /// The match counts only where no word character touches it.
    public var singleWord: Bool
    /// Matched after the text was normalised, not before.
    public var normalized: Bool

    public init(
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

    public static func == (a: AddedToken, b: AddedToken) -> Bool {
        a.id == b.id && a.content.utf8.elementsEqual(b.content.utf8) && a.special == b.special
            && a.lstrip == b.lstrip && a.rstrip == b.rstrip && a.singleWord == b.singleWord
            && a.normalized == b.normalized
    }
}
