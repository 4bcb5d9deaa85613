import Formats
import Tokenizers
import Transformer

/// A model that can be run: its weights, its words, and what ends its texts.
package final class Checkpoint: Sendable {
    /// What the shell calls it.
    package let name: String
    /// Where it came from: a path, or what the caller says.
    package let origin: String
    /// The decoder. A value model's has an output head only where it was made of a language model.
    package let model: Model
    /// Reads values from `model`'s hidden states; a checkpoint that has one is a value model and writes no texts.
    package let valueHead: ValueHead?
    /// Texts to the ids of `model`'s vocabulary, and back.
    package let tokenizer: Tokenizer
    /// How a conversation becomes a prompt; nil for a model that was not taught any.
    package let chatTemplate: ChatTemplate?
    /// Every id after which a text is over.
    package let endTokens: Set<TokenID>
    /// The end token that a chat template calls `eos_token`.
    package let eosToken: TokenID?
    /// The token that a chat template calls `bos_token`, whether or not the tokenizer adds it.
    package let bosToken: TokenID?
    /// Whether its files have the other head too: a language model's a value head, and the other way round.
    package let hasBothHeads: Bool
    let tokenizerFiles: TokenizerFiles
    /// The template that it is asked with as a critic, where it carries one.
    package let criticPrompt: PromptFile?

    /// Whether this is a critic with a value head rather than a language model. Its output head, if `model` still has
    /// one, is neither counted nor saved.
    package var isValueModel: Bool { valueHead != nil }

    /// Trainable numbers; a tied head is counted once.
    package var parameters: Int {
        guard let valueHead else { return model.parameters }
        return model.configuration.headless.parameters + valueHead.parameters
    }
    /// What the tokenizer's own rule puts before every text; nil for nothing. Most often, but not surely, `bosToken`.
    package var addedBOS: TokenID? { tokenizer.addsBOS ? tokenizer.bosID : nil }
    /// `bosToken` as text; empty without one.
    package var bosText: String { bosToken.map { tokenizer.decode([$0]) } ?? "" }
    /// `eosToken` as text; empty without one.
    package var eosText: String { eosToken.map { tokenizer.decode([$0]) } ?? "" }

    /// A checkpoint put together by hand, as for a new model that is about to be trained.
    package convenience init(
        name: String, origin: String, model: Model, valueHead: ValueHead? = nil, tokenizer: Tokenizer,
        chatTemplate: ChatTemplate? = nil, endTokens: Set<TokenID>, eosToken: TokenID? = nil, bosToken: TokenID? = nil
    ) {
        self.init(
            name: name, origin: origin, model: model, valueHead: valueHead, tokenizer: tokenizer,
            chatTemplate: chatTemplate,
            endTokens: endTokens, eosToken: eosToken ?? endTokens.min(), bosToken: bosToken,
            tokenizerFiles: TokenizerFiles())
    }

    init(
        name: String, origin: String, model: Model, valueHead: ValueHead?, tokenizer: Tokenizer,
        chatTemplate: ChatTemplate?,
        endTokens: Set<TokenID>, eosToken: TokenID?, bosToken: TokenID?, hasBothHeads: Bool = false,
        tokenizerFiles: TokenizerFiles, criticPrompt: PromptFile? = nil
    ) {
        self.name = name
        self.origin = origin
        self.model = model
        self.valueHead = valueHead
        self.tokenizer = tokenizer
        self.chatTemplate = chatTemplate
        self.endTokens = endTokens
        self.eosToken = eosToken
        self.bosToken = bosToken
        self.hasBothHeads = hasBothHeads
        self.tokenizerFiles = tokenizerFiles
        self.criticPrompt = criticPrompt
    }

    /// The same words and rules around other weights, with another value head, or under another name; nil keeps.
    /// Other weights are another critic: they carry no template but the one that is given with them.
    package func replacing(
        model: Model? = nil, valueHead: ValueHead? = nil, name: String? = nil, origin: String? = nil,
        criticPrompt: PromptFile? = nil
    ) -> Checkpoint {
        let kept = model == nil && valueHead == nil ? self.criticPrompt : nil
        return Checkpoint(
            name: name ?? self.name, origin: origin ?? self.origin, model: model ?? self.model,
            valueHead: valueHead ?? self.valueHead, tokenizer: tokenizer, chatTemplate: chatTemplate,
            endTokens: endTokens,
            eosToken: eosToken, bosToken: bosToken, hasBothHeads: hasBothHeads,
            tokenizerFiles: tokenizerFiles, criticPrompt: criticPrompt ?? kept)
    }
}

/// The tokenizer's files as they were read, so that saving gives them back unchanged.
struct TokenizerFiles: Sendable {
    var tokenizerJSON: [UInt8]?
    var settings: JSONObject?
}
