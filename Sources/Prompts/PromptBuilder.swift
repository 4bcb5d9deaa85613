import Checkpoints
import Generation
import Problems
import Tokenizers

/// Turns templates into token ids for one model. Every prompt is encoded whole, as the model's own tokenizer
/// would; since a template says everything fixed first and the solution last, the prompts of one solution's
/// prefixes then share their ids up to the token at the border, which is what the engine prefills once.
package struct PromptBuilder: Prompting {
    package let tokenizer: Tokenizer
    /// Frames prompts of form `chat`; nil: they are plain text.
    package let chatTemplate: ChatTemplate?
    /// The token a sequence begins with, put in front unless the chat template has already said it.
    package let bos: TokenID?
    /// With a chat template.
    package var framesChat: Bool { chatTemplate != nil }
    private let bosText: String?
    private let eosText: String?

    /// - Parameters:
    ///   - bos: the beginning token where the model wants one, else nil.
    ///   - namedBOS, namedEOS: what a chat template may call `bos_token` and `eos_token`.
    package init(
        tokenizer: Tokenizer, chatTemplate: ChatTemplate?, bos: TokenID?, namedBOS: TokenID? = nil,
        namedEOS: TokenID? = nil
    ) {
        self.tokenizer = tokenizer
        self.chatTemplate = chatTemplate
        self.bos = bos
        bosText = (namedBOS ?? bos).map { tokenizer.decode([$0]) }
        eosText = namedEOS.map { tokenizer.decode([$0]) }
    }

    /// Prompts as this checkpoint was trained to read them.
    package init(_ checkpoint: Checkpoint) {
        self.init(
            tokenizer: checkpoint.tokenizer, chatTemplate: checkpoint.chatTemplate,
            bos: checkpoint.addedBOS, namedBOS: checkpoint.bosToken,
            namedEOS: checkpoint.eosToken)
    }

    /// The critic's prompts for the beginnings `solutions` of one solution, each with the same fields.
    /// - Throws: ``PromptsError`` when a value would complete a special token begun by the template, or when the
    ///   ids do not decode to the text; a chat template's own errors.
    package func critic(
        _ template: PromptTemplate, problem: String, solutions: [String], icc: [ICCValue]
    ) throws -> [Passage] {
        let said = icc.flatMap(\.said)
        let guardian = SpecialGuard(
            for: tokenizer, inputs: [template.text, chatTemplate?.source ?? "", problem] + solutions + said)
        let specials = try specials(template, icc: icc, guardian: guardian)
        return try solutions.map { solution in
            let text = template.render(problem: problem, solution: solution, icc: icc, protect: guardian.protect)
            return try prompt(framed(text, template), template, guardian, specials: specials)
        }
    }

    /// What the critic's prompt says before the solution's text; a solution's sampled ids follow it, never re-encoded.
    /// - Throws: as ``critic(_:problem:solutions:icc:)``, and ``PromptsError/noOpening(template:reason:)`` for a prompt
    ///   that says the solution more than once, first, before the problem, or not at all.
    package func opening(_ template: PromptTemplate, problem: String, icc: [ICCValue]) throws -> Passage {
        let inputs = [template.text, chatTemplate?.source ?? "", problem] + icc.flatMap(\.said)
        let guardian = SpecialGuard(for: tokenizer, inputs: inputs)
        // Two scalars that nothing else says: the guard's mark stands for the problem, the next one for the solution.
        let mark = String(guardian.mark)
        let place = String(SpecialGuard(for: tokenizer, inputs: inputs + [mark]).mark)
        func opening(_ problem: String, _ protect: (String) -> String) throws -> String {
            let text = template.render(problem: problem, solution: place, icc: icc) {
                $0 == place ? place : protect($0)
            }
            let parts = try framed(text, template).split(separator: place, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                throw noOpening(template, "{{solution}} is said \(parts.count - 1) times, not once")
            }
            guard !parts[0].isEmpty else { throw noOpening(template, "nothing stands before {{solution}}") }
            return String(parts[0])
        }
        let bare = try opening(mark) { $0 == mark ? mark : "" }
        guard bare.contains(mark) else { throw noOpening(template, "{{problem}} does not stand before {{solution}}") }
        let specials = encode(bare, guardian).filter(tokenizer.specialIDs.contains)
        return try prompt(opening(problem, guardian.protect), template, guardian, specials: specials)
    }

    private func noOpening(_ template: PromptTemplate, _ reason: String) -> PromptsError {
        .noOpening(template: template.path ?? template.name, reason: reason)
    }

    /// The actor's prompt; a solution's ids follow it.
    /// - Throws: as ``critic(_:problem:solutions:icc:)``.
    package func actor(_ template: PromptTemplate, problem: Problem) throws -> Passage {
        let chat = framesChat && template.form == .chat ? problem.conversation : nil
        let earlier = chat?.earlier ?? [], asked = chat?.last ?? problem.conversation?.told ?? problem.text
        let guardian = SpecialGuard(
            for: tokenizer, inputs: [template.text, chatTemplate?.source ?? "", asked] + earlier.map(\.content))
        // A letter stands for a message: templates leave out an empty one, special tokens and all.
        let bare = earlier.map { ChatMessage(role: $0.role, content: guardian.protect("x")) }
        let specials = try specials(template, icc: [], after: bare, guardian: guardian)
        let before = earlier.map { ChatMessage(role: $0.role, content: guardian.protect($0.content)) }
        let text = template.render(problem: asked, solution: "", protect: guardian.protect)
        return try prompt(framed(text, template, after: before), template, guardian, specials: specials)
    }

    /// The special tokens that the templates write by themselves.
    private func specials(
        _ template: PromptTemplate, icc: [ICCValue], after earlier: [ChatMessage] = [], guardian: SpecialGuard
    ) throws -> [TokenID] {
        let bare = template.render(problem: "", solution: "", icc: icc, protect: { _ in "" })
        return try encode(framed(bare, template, after: earlier), guardian).filter(tokenizer.specialIDs.contains)
    }

    private func prompt(
        _ framed: String, _ template: PromptTemplate, _ guardian: SpecialGuard, specials: [TokenID]
    ) throws -> Passage {
        let ids = encode(framed, guardian)
        guard ids.filter(tokenizer.specialIDs.contains) == specials else {
            throw PromptsError.specialAtBorder(template: template.path ?? template.name)
        }
        let hasBOS = bos == nil || ids.first == bos
        let plain = guardian.strip(framed)
        if tokenizer.decodesExactly { try check(ids, plain, template) }
        guard !hasBOS, let bos else { return Passage(text: plain, ids: ids) }
        return Passage(text: tokenizer.decode([bos]) + plain, ids: [bos] + ids)
    }

    private func framed(_ text: String, _ template: PromptTemplate, after earlier: [ChatMessage] = []) throws -> String
    {
        guard template.form == .chat else { return text }
        guard let chatTemplate else { return text + "\n" }
        return try chatTemplate.render(
            earlier + [ChatMessage(role: "user", content: text)], addGenerationPrompt: true, bosToken: bosText,
            eosToken: eosText)
    }

    private func encode(_ text: String, _ guardian: SpecialGuard) -> [TokenID] {
        tokenizer.encode(text, guardedBy: guardian)
    }

    private func check(_ ids: [TokenID], _ text: String, _ template: PromptTemplate) throws {
        let (decoded, wanted) = (tokenizer.decodeBytes(ids), Array(text.utf8))
        guard decoded != wanted else { return }
        let offset = zip(decoded, wanted).prefix { $0 == $1 }.count
        throw PromptsError.doesNotRoundTrip(template: template.path ?? template.name, offset: offset)
    }
}

extension ICCValue {
    /// The texts that it may put into a prompt.
    fileprivate var said: [String] { fact.map { Array($0.parts.values) } ?? [] }
}
