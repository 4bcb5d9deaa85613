import Compute
import Tokenizers

/// A model that writes. All that is asked of it is text for text: one behind an endpoint will do.
///
/// Whoever needs more asks for a ``TokenModel`` or ``ScoringModel`` by ``tokens(for:)`` or ``scores(for:)``, which
/// refuse by name.
package protocol TextModel: AnyObject, Sendable {
    /// Shown beside what it writes.
    var name: String { get }
    /// Tokens of prompt and completion together; nil where it is not known.
    var contextLength: Int? { get }

    /// One completion per request, in their order. A model that has tokens reads the ids of what it is given, one that
    /// has none the text. After a cancellation the unfinished ones end as `.cancelled`.
    /// - Parameter onEvent: told of what is written as it is written, on the calling thread.
    /// - Throws: ``GenerationError``, and what the model's own kind throws.
    func complete(
        _ requests: [CompletionRequest], cancellation: Cancellation, onEvent: ((CompletionEvent) -> Void)?
    ) throws -> [Completion]

    /// Bytes of this process that it takes at most while it completes `sequences` prompts up to `length` tokens, its
    /// weights among them; 0 for a model elsewhere.
    func residentBytes(sequences: Int, length: Int) -> Int

    /// Forgets what it keeps from call to call to save work: nothing that it says depends on it.
    func clear()
}

extension TextModel {
    /// 0: a model elsewhere.
    package func residentBytes(sequences: Int, length: Int) -> Int { 0 }

    /// Nothing is kept.
    package func clear() {}
}

/// A model whose tokens are known: prompts are ids, and completions are the ids as they were sampled, which alone may
/// be trained on. Prompts that share token prefixes are best given in one call.
package protocol TokenModel: TextModel {
    var tokenizer: Tokenizer { get }
    /// Every id after which a text is over.
    var endTokens: Set<TokenID> { get }
}

extension TokenModel {
    /// What sampled ids say: an end token says nothing.
    package func writtenBytes(_ ids: some Sequence<TokenID>) -> [UInt8] {
        tokenizer.decodeBytes(ids.filter { !endTokens.contains($0) })
    }
}

/// A model that says how likely it finds tokens that it did not draw.
package protocol ScoringModel: TokenModel {
    /// The log-probability (temperature 1) of each of `candidates` as the next token.
    /// - Parameter contexts: none empty, none longer than the model's context.
    /// - Returns: [contexts][candidates], in nats; -infinity for an id that the model does not have.
    /// - Throws: ``GenerationError``, `.cancelled` among them.
    func nextTokenLogprobs(
        _ contexts: [[TokenID]], of candidates: [TokenID], cancellation: Cancellation
    ) throws -> [[Float]]

    /// The tokens from `start` on (at least 1, for the first has nothing before it), each scored after those before it.
    /// - Parameter top: alternatives told at each place.
    /// - Throws: ``GenerationError``, `.cancelled` among them.
    func score(_ sequence: [TokenID], from start: Int, top: Int, cancellation: Cancellation) throws -> [TokenScore]
}

/// A model that says what it expects of a text rather than going on with it: a value head. It writes nothing.
package protocol ValueModel: AnyObject, Sendable {
    var name: String { get }
    var tokenizer: Tokenizer { get }
    /// Tokens that it reads at most.
    var contextLength: Int? { get }

    /// What it expects after the token at each of `positions`, sequence by sequence; nothing behind a sequence's last
    /// wanted position is read.
    /// - Parameter progress: called with the tokens computed so far and all there are.
    /// - Returns: [sequences][positions], the head's raw numbers.
    /// - Throws: ``GenerationError``, `.cancelled` among them.
    func values(
        _ sequences: [(ids: [TokenID], positions: [Int])], cancellation: Cancellation, progress: ((Int, Int) -> Void)?
    ) throws -> [[Float]]
}
