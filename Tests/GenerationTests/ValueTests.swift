import Compute
import Generation
import Testing
import Tokenizers
import Transformer

@Suite struct ValueTests {
    typealias Sequence = (ids: [TokenID], positions: [Int])

    let tiny: TinyModel
    let head: ValueHead
    let text: [TokenID]
    /// The value after each token of `text`, by one forward pass.
    let expected: [Float]

    init() throws {
        tiny = try TinyModel.shared.get()
        let key = RandomKey(seed: 3, purpose: .test)
        let head = ValueHead(weight: try FloatBuffer((0..<40).map { Float(key.uniform($0)) - 0.5 }), bias: 0.25)
        self.head = head
        text = tiny.tokens(90)
        expected = try Self.direct(tiny.model, head, text)
    }

    private static func direct(_ model: Model, _ head: ValueHead, _ ids: [TokenID]) throws -> [Float] {
        try Cores.shared.withLease(.interactive) {
            let cache = KVCache(configuration: model.configuration)
            let segment = Segment(tokens: ids, path: try cache.extended(KVPath(), by: ids.count))
            return head.values(
                try model.forward([segment], cache: cache, scratch: ForwardScratch()), rows: Array(ids.indices))
        }
    }

    private func values(
        _ sequences: [Sequence], _ completer: LocalCompleter? = nil
    ) throws -> (values: [[Float]], computed: Int) {
        var computed = 0
        let values = try LocalValueModel(completer ?? tiny.completer(), head: head).values(
            sequences, cancellation: Cancellation(), progress: { computed = max($0, $1) })
        return (values, computed)
    }

    @Test(arguments: [true, false]) func valuesAreThoseOfOneForwardPassBitForBit(_ sharing: Bool) throws {
        let found = try values(
            [(text, Array(0..<90)), (text, [89, 3, 3, 0]), (text, [])], tiny.completer(sharing: sharing))
        #expect(found.values == [expected, [expected[89], expected[3], expected[3], expected[0]], []])
        #expect(found.computed == (sharing ? 90 : 180))
    }

    @Test func prefixesOfOneSequenceAreComputedOnceInAnyOrder() throws {
        let ends = [17, 89, 30, 31, 64, 2]
        let found = try values(ends.map { (Array(text[...$0]), [$0]) })
        #expect(found.values == ends.map { [expected[$0]] })
        // The shorter ones behind a longer one recompute nothing: their positions are that one's.
        #expect(found.computed == 90)
    }

    @Test func branchesShareTheirTrunkAndItsValues() throws {
        let branches = (0..<5).map { Array(text[..<50]) + tiny.tokens(20, seed: UInt64(20 + $0)) }
        let found = try values(branches.map { ($0, Array(45..<70)) })
        for (branch, values) in zip(branches, found.values) {
            try #expect(values == Array(Self.direct(tiny.model, head, branch)[45..<70]))
        }
        #expect(found.computed == 50 + 5 * 20)
    }

    /// Keys and values are kept from call to call, hidden states are not.
    @Test func whatTheCompleterHoldsAlreadyChangesNoValue() throws {
        let completer = tiny.completer()
        _ = try completer.next([Array(text[0..<60]), Array(text[0..<25]) + tiny.tokens(10, seed: 3)])
        for (positions, computed) in [([70, 80], 81 - 60), ([40, 59], 60 - 40), ([0], 1), ([89, 88], 90 - 81)] {
            let found = try values([(text, positions)], completer)
            #expect(found.values == [positions.map { expected[$0] }])
            #expect(found.computed == computed, "\(positions)")
        }
        // A sequence that wants what an earlier one of the same call took from memory.
        let late = try values([(text, [89]), (text, [10, 89]), (text, [88])], completer)
        #expect(late.values == [[expected[89]], [expected[10], expected[89]], [expected[88]]])
        // And what it now holds serves completions.
        try #expect(completer.next([text]) == tiny.completer().next([text]))
    }

    @Test func longSequencesInSeveralChunksAgree() throws {
        let long = tiny.tokens(1150)
        let expected = try Self.direct(tiny.model, head, long), positions = [0, 511, 512, 1023, 1024, 1149]
        let short = Array(long[..<700]) + tiny.tokens(300, seed: 9)
        let found = try values([(long, positions), (short, [600, 999])])
        #expect(found.values[0] == positions.map { expected[$0] })
        try #expect(found.values[1] == [expected[600], Self.direct(tiny.model, head, short)[999]])
        #expect(found.computed == 1450)
    }

    @Test func contextAndCancellationAreErrorsBeforeAnyWork() throws {
        let long = tiny.tokens(1201)
        #expect(throws: GenerationError.self) { try values([(long, [1200])]) }
        try #expect(values([(long, [1199])]).values[0].count == 1)
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(throws: GenerationError.self) {
            try LocalValueModel(tiny.completer(), head: head).values(
                [(text, [4])], cancellation: cancellation, progress: nil)
        }
    }
}
