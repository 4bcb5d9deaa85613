import Compute
import Foundation
import Generation
import Synchronization
import Testing
import Tokenizers

/// Why completions end, what is cut off, and what is refused before any work.
@Suite struct EndingTests {
    let tiny: TinyModel
    let prompt: [TokenID]
    /// Sixty tokens without any stop rule: what the other tests cut.
    let whole: Completion

    init() throws {
        tiny = try TinyModel.shared.get()
        prompt = tiny.tokens(12)
        whole = try tiny.completer(endTokens: []).complete([sampled(prompt, Sampling(maxTokens: 60))])[0]
    }

    private func written(
        _ sampling: Sampling, endTokens: Set<TokenID> = [], isClosed: (@Sendable ([UInt8]) -> Bool)? = nil
    ) throws -> Completion {
        var request = sampled(prompt, sampling)
        request.isClosed = isClosed
        return try tiny.completer(endTokens: endTokens).complete([request])[0]
    }

    @Test func theLengthLimitCountsSampledTokens() throws {
        #expect(whole.finish == .length && whole.ids.count == 60)
        let short = try written(Sampling(maxTokens: 7))
        #expect(short.ids == Array(whole.ids.prefix(7)) && short.logprobs == Array(whole.logprobs.prefix(7)))
        #expect(short.finish == .length)
        #expect(short.bytes == short.ids.flatMap { tiny.tokenizer.bytes(of: $0) })
    }

    @Test func anEndTokenStopsIsRecordedAndAddsNoBytes() throws {
        for place in [0, 1, 20, 59] {
            let end = whole.ids[place], first = try #require(whole.ids.firstIndex(of: end))
            let written = try written(Sampling(maxTokens: 60), endTokens: [end, -5])
            #expect(written.finish == .stop)
            #expect(written.ids == Array(whole.ids[...first]), "the end token is an action with a log-probability")
            #expect(written.logprobs == Array(whole.logprobs[...first]))
            #expect(written.bytes == whole.ids[..<first].flatMap { tiny.tokenizer.bytes(of: $0) })
        }
    }

    /// A completer that writes exactly the bytes that are asked for cannot be had from random weights, so the stop
    /// texts are taken from what it writes. Only ASCII spans can be spelled as a String's UTF-8.
    private func asciiSpans(longerThan least: Int) -> [Range<Int>] {
        var spans: [Range<Int>] = [], start = 0
        for index in 0...whole.bytes.count where index == whole.bytes.count || whole.bytes[index] >= 128 {
            if index - start >= least { spans.append(start..<index) }
            start = index + 1
        }
        return spans
    }

    private func spelled(_ range: Range<Int>) -> String { String(decoding: whole.bytes[range], as: UTF8.self) }

    /// Where `text` first begins in the whole completion.
    private func place(_ text: String) -> Int? {
        let wanted = Array(text.utf8)
        return (0...whole.bytes.count - wanted.count).first { Array(whole.bytes[$0..<$0 + wanted.count]) == wanted }
    }

    /// The tokens after which `bytes` bytes or more are written.
    private func tokens(writing bytes: Int) -> Int {
        var held = 0
        for (index, id) in whole.ids.enumerated() {
            held += tiny.tokenizer.bytes(of: id).count
            if held >= bytes { return index + 1 }
        }
        return whole.ids.count
    }

    @Test func aStopTextIsCutOffAlsoWhenItSpansTokens() throws {
        let spans = asciiSpans(longerThan: 2)
        #expect(!spans.isEmpty)
        for span in spans {
            for range in [span.lowerBound..<span.lowerBound + 1, span.lowerBound..<span.lowerBound + 2, span] {
                let stop = spelled(range), at = try #require(place(stop))
                let written = try written(Sampling(maxTokens: 60, stop: ["absent\u{1}", "", stop]))
                #expect(written.finish == .stop)
                #expect(written.bytes == Array(whole.bytes[..<at]), "\(stop.debugDescription)")
                let count = tokens(writing: at + stop.utf8.count)
                #expect(written.ids == Array(whole.ids.prefix(count)), "ids stay as sampled")
                #expect(written.logprobs == Array(whole.logprobs.prefix(count)))
            }
        }
    }

    @Test func theStopTextThatIsCompleteFirstEndsAndOneTokenWithTwoIsCutAtTheEarlier() throws {
        let span = try #require(asciiSpans(longerThan: 2).first)
        let long = spelled(span), inner = spelled(span.lowerBound + 1..<span.lowerBound + 2)
        for stops in [[long, inner], [inner, long]] {
            let written = try written(Sampling(maxTokens: 60, stop: stops))
            #expect(written.finish == .stop)
            let (a, b) = (try #require(place(long)), try #require(place(inner)))
            let ends = (tokens(writing: a + long.utf8.count), tokens(writing: b + 1))
            let cut = ends.0 == ends.1 ? min(a, b) : (ends.0 < ends.1 ? a : b)
            #expect(written.bytes == Array(whole.bytes[..<cut]))
        }
        // "three" is one token: both stops are complete at once.
        let three = try #require(tiny.tokenizer.id(ofBytes: Array("three".utf8)))
        for sample in 0..<400 {
            let request = sampled(
                prompt, Sampling(temperature: 3, maxTokens: 40, stop: ["ree", "hr", "ee"]), sample: sample)
            let written = try tiny.completer(endTokens: []).complete([request])[0]
            guard written.ids.last == three else { continue }
            #expect(written.bytes.last == UInt8(ascii: "t"))
            return
        }
        Issue.record("no sample wrote the token")
    }

    @Test func isClosedIsAskedAfterEachTokenWithAllBytesAndCutsNothing() throws {
        let limit = whole.bytes.count / 2
        let written = try written(Sampling(maxTokens: 60)) { $0.count >= limit }
        #expect(written.finish == .stop)
        let count = tokens(writing: limit)
        #expect(written.ids == Array(whole.ids.prefix(count)))
        #expect(written.bytes == written.ids.flatMap { tiny.tokenizer.bytes(of: $0) })
        let asked = Asked()
        _ = try self.written(Sampling(maxTokens: 10)) { bytes in
            asked.add(bytes)
            return false
        }
        #expect(asked.texts == (1...10).map { n in whole.ids.prefix(n).flatMap { tiny.tokenizer.bytes(of: $0) } })
    }

    @Test func eventsTellEveryTokenInOrder() throws {
        let requests = (0..<5).map { sampled(prompt, Sampling(maxTokens: 5 + 4 * $0), sample: $0) }
        let events = Events()
        let written = try tiny.completer().complete(requests, cancellation: Cancellation()) { events.all.append($0) }
        for (index, completion) in written.enumerated() {
            let mine = events.all.filter { $0.request == index }
            #expect(mine.count == completion.ids.count && mine.flatMap(\.bytes) == completion.bytes)
        }
    }

    @Test func cancellationMidwayKeepsWhatIsWrittenAndWhatIsFinished() throws {
        let cancellation = Cancellation()
        let requests = (0..<70).map { sampled(prompt, Sampling(maxTokens: $0 == 3 ? 2 : 40), sample: $0) }
        let expected = try tiny.completer(endTokens: []).complete(requests)
        let events = Events()
        let written = try tiny.completer(endTokens: []).complete(requests, cancellation: cancellation) { event in
            events.all.append(event)
            if event.request == 0, events.all.filter({ $0.request == 0 }).count == 6 { cancellation.cancel() }
        }
        #expect(written[3] == expected[3] && written[3].finish == .length)
        for (index, completion) in written.enumerated() where index != 3 {
            #expect(completion.finish == .cancelled)
            #expect(completion.ids == Array(expected[index].ids.prefix(completion.ids.count)))
            #expect(completion.ids.count == completion.logprobs.count && completion.ids.count <= 6)
            #expect(completion.bytes == completion.ids.flatMap { tiny.tokenizer.bytes(of: $0) })
        }
        #expect(written[0].ids.count == 6)
    }

    @Test func cancelledBeforehandDoesNoWork() throws {
        let cancellation = Cancellation()
        cancellation.cancel()
        let completer = tiny.completer()
        let written = try completer.complete(
            [sampled(prompt, Sampling(maxTokens: 5))], cancellation: cancellation, onEvent: nil)
        #expect(written == [Completion(ids: [], logprobs: [], bytes: [], finish: .cancelled)])
        #expect(throws: GenerationError.self) { try completer.nextTokenLogprobs([prompt], cancellation: cancellation) }
        #expect(throws: GenerationError.self) {
            try completer.score(prompt, from: 1, top: 1, cancellation: cancellation)
        }
        #expect(completer.liveBytes == 0)
    }

    @Test func whatDoesNotFitOrIsOutOfRangeIsRefusedBeforeAnyToken() throws {
        let completer = tiny.completer()
        let good = sampled(prompt, Sampling(maxTokens: 5))
        let bad = [
            Sampling(maxTokens: 1200 - 11), Sampling(maxTokens: 0), Sampling(maxTokens: -1),
            Sampling(maxTokens: Int.max),
            Sampling(temperature: -0.1), Sampling(temperature: .nan), Sampling(temperature: .infinity),
            Sampling(topK: -1),
            Sampling(topP: 0), Sampling(topP: 1.1), Sampling(topP: .nan), Sampling(minP: -0.1), Sampling(minP: 1.5),
            Sampling(minP: .nan),
        ]
        for sampling in bad {
            let error = #expect(throws: GenerationError.self, "\(sampling)") {
                try completer.complete([good, sampled(prompt, sampling)], cancellation: Cancellation()) { _ in
                    Issue.record("worked before refusing")
                }
            }
            #expect(error?.what.isEmpty == false && error?.hint?.isEmpty == false)
        }
        #expect(throws: GenerationError.self) { try completer.complete([good, sampled([], Sampling(maxTokens: 5))]) }
        #expect(throws: GenerationError.self) { try completer.next([prompt, []]) }
        let long = tiny.tokens(1201)
        #expect(throws: GenerationError.self) { try completer.next([prompt, long]) }
        #expect(throws: GenerationError.self) {
            try completer.score(long, from: 1, top: 1, cancellation: Cancellation())
        }
        #expect(completer.liveBytes == 0)
        #expect(try completer.complete([sampled(prompt, Sampling(maxTokens: 1200 - 12))]).count == 1)
    }

    @Test func tokensOutsideTheVocabularyAreRefused() throws {
        let completer = tiny.completer()
        let beyond = TokenID(tiny.tokenizer.vocabularySize)
        for id in [beyond, -1, .max] {
            for place in [0, 5, 12] {
                var tokens = prompt
                tokens.insert(id, at: place)
                #expect(throws: (any Error).self) { try completer.complete([sampled(tokens, Sampling(maxTokens: 5))]) }
                #expect(throws: (any Error).self) { try completer.next([tokens]) }
                #expect(throws: (any Error).self) {
                    try completer.score(tokens, from: 1, top: 1, cancellation: Cancellation())
                }
            }
        }
        #expect(try completer.complete([sampled(prompt, Sampling(maxTokens: 60))])[0].ids.first == whole.ids[0])
    }
}

private final class Events { var all: [CompletionEvent] = [] }

private final class Asked: Sendable {
    private let seen = Mutex([[UInt8]]())
    func add(_ bytes: [UInt8]) { seen.withLock { $0.append(bytes) } }
    var texts: [[UInt8]] { seen.withLock { $0 } }
}

/// Logits that are no numbers are an error that says at which token, never text.
@Suite struct NotANumberTests {
    /// The tiny model, one of whose tokens has a spoiled row of the (tied) embedding: its logit alone is no number.
    private func spoiled(_ value: Float) throws -> (completer: LocalCompleter, prompt: [TokenID]) {
        let tiny = try TinyModel(spoiling: value)
        return (tiny.completer(endTokens: []), tiny.tokens(12).filter { Int($0) != TinyModel.spoiledToken })
    }

    @Test(arguments: [Float.nan, .infinity]) func whatIsWrittenFromSuchLogitsIsAnError(_ value: Float) throws {
        let (completer, prompt) = try spoiled(value)
        for temperature in [0.0, 1] {
            let error = #expect(throws: GenerationError.self) {
                try completer.complete([sampled(prompt, Sampling(temperature: temperature, maxTokens: 4))])
            }
            guard case .notANumber("tiny", token: 1, _, tensor: .some(let tensor))? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(tensor.hasPrefix("model.embed_tokens.weight holds"))
        }
    }

    @Test func whatIsReadFromSuchLogitsIsAnError() throws {
        let (completer, prompt) = try spoiled(.nan)
        #expect(throws: GenerationError.self) { try completer.next([prompt]) }
        let error = #expect(throws: GenerationError.self) {
            try completer.score(prompt, from: 3, top: 1, cancellation: Cancellation())
        }
        guard case .notANumber(_, token: 3, _, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("whoever is told of a token may ask the same model something: no lock is held meanwhile")
    func theTellerMayAskTheModel() throws {
        let tiny = try TinyModel.shared.get(), completer = tiny.completer(endTokens: [])
        let done = DispatchSemaphore(value: 0)
        Thread {
            do {
                let prompt = tiny.tokens(9)
                _ = try completer.complete(
                    [sampled(prompt, Sampling(maxTokens: 3))], cancellation: Cancellation()
                ) { _ in
                    do { _ = try completer.next([prompt]) } catch { Issue.record("\(error)") }
                }
            } catch { Issue.record("\(error)") }
            done.signal()
        }.start()
        #expect(done.wait(timeout: .now() + 60) == .success)
    }
}
