import ChildProcess
import Compute
import Foundation
import Generation
import Synchronization
import Testing
import Tokenizers

/// The same request gives the same completion, bit for bit, whatever is computed beside it or was before.
@Suite struct IdentityTests {
    let tiny: TinyModel
    let requests: [CompletionRequest]
    let alone: [Completion]

    /// More than are decoded at once, over a few prompts that share prefixes of odd lengths, with all kinds of
    /// sampling.
    static func requests(_ tiny: TinyModel) -> [CompletionRequest] {
        let trunk = tiny.tokens(53)
        return (0..<70).map { index in
            let prompt =
                Array(trunk[0..<[1, 15, 16, 17, 40, 53][index % 6]])
                + (index % 4 == 0 ? tiny.tokens(index % 9, seed: 9) : [])
            let sampling = [
                Sampling(maxTokens: 3 + index % 30), Sampling(temperature: 0.7, topP: 0.9, maxTokens: 24),
                Sampling(temperature: 0, maxTokens: 20),
                Sampling(topK: 7, minP: 0.01, maxTokens: 17, stop: ["e", "\n"]),
            ][index % 4]
            return sampled(prompt, sampling, sample: index)
        }
    }

    init() throws {
        let tiny = try TinyModel.shared.get()
        self.tiny = tiny
        requests = Self.requests(tiny)
        alone = try requests.map { try tiny.completer(sharing: false).complete([$0])[0] }
    }

    @Test(arguments: [true, false]) func aloneOrInAnyBatch(_ sharing: Bool) throws {
        for size in [1, 7, 70] {
            let completer = tiny.completer(sharing: sharing)
            var together: [Completion] = []
            for first in stride(from: 0, to: 70, by: size) {
                together += try completer.complete(Array(requests[first..<min(70, first + size)]))
            }
            #expect(together == alone, "batches of \(size)")
        }
    }

    /// Windows of 21 and of 5 tokens in prompts and texts of up to 90.
    @Test(arguments: [true, false]) func withWindowsAloneOrInAnyBatch(_ sharing: Bool) throws {
        let windowed = try TinyModel.windowed.get(), requests = Self.requests(windowed)
        let alone = try requests.map { try windowed.completer(sharing: false).complete([$0])[0] }
        for size in [7, 70] {
            let completer = windowed.completer(sharing: sharing)
            var together: [Completion] = []
            for first in stride(from: 0, to: 70, by: size) {
                together += try completer.complete(Array(requests[first..<min(70, first + size)]))
            }
            #expect(together == alone, "batches of \(size)")
        }
    }

    @Test(arguments: [true, false]) func inAnyOrder(_ sharing: Bool) throws {
        let orders: [[Int]] = [Array((0..<70).reversed()), (0..<70).map { $0 * 37 % 70 }]
        for order in orders {
            let shuffled = try tiny.completer(sharing: sharing).complete(order.map { requests[$0] })
            #expect(shuffled == order.map { alone[$0] })
        }
    }

    @Test func afterOtherCallsFilledThePrefixStore() throws {
        let completer = tiny.completer()
        _ = try completer.complete(
            (0..<20).map { sampled(tiny.tokens(53 - $0), Sampling(maxTokens: 30), sample: $0, seed: 99) })
        _ = try completer.next((1..<53).map { Array(tiny.tokens(53)[0..<$0]) })
        _ = try completer.score(
            tiny.tokens(53) + tiny.tokens(40, seed: 3), from: 1, top: 2, cancellation: Cancellation())
        #expect(try completer.complete(requests) == alone)
        #expect(try completer.complete(requests) == alone, "and again over its own leavings")
        completer.clear()
        #expect(try completer.complete(requests) == alone)
    }

    @Test func afterACancelledCall() throws {
        let completer = tiny.completer()
        let cancellation = Cancellation()
        _ = try completer.complete(requests, cancellation: cancellation) {
            if $0.request == 5 { cancellation.cancel() }
        }
        #expect(try completer.complete(requests) == alone)
    }

    @Test func fromSeveralThreadsAtOnce() throws {
        let completer = tiny.completer(), requests = requests, alone = alone
        let group = DispatchGroup()
        let results = Results()
        for part in 0..<4 {
            group.enter()
            Thread.detachNewThread {
                let mine = Array(stride(from: part, to: 70, by: 4))
                if let written = try? completer.complete(mine.map { requests[$0] }) {
                    results.add(written == mine.map { alone[$0] })
                }
                group.leave()
            }
        }
        #expect(group.wait(timeout: .now() + 120) == .success)
        #expect(results.values == [true, true, true, true])
    }

    @Test func takenUpInParts() throws {
        for (request, whole) in zip(requests, alone) where whole.ids.count > 2 && request.sampling.stop.isEmpty {
            var rest = request
            rest.begun.ids += whole.ids.prefix(2)
            rest.drawn = 2
            rest.sampling.maxTokens -= 2
            let written = try tiny.completer().complete([rest])[0]
            #expect(
                written.ids == Array(whole.ids.dropFirst(2)) && written.logprobs == Array(whole.logprobs.dropFirst(2)))
        }
    }

    @Test func otherSamplesOfOnePromptDiffer() throws {
        let written = try tiny.completer().complete(
            (0..<50).map { sampled(tiny.tokens(9), Sampling(maxTokens: 12), sample: $0) })
        #expect(Set(written.map(\.ids)).count == 50)
    }

    @Test func samplesOfOnePromptHoldItsKeysAndValuesOnce() throws {
        let completer = tiny.completer()
        let prompt = tiny.tokens(640)
        _ = try completer.complete([sampled(prompt, Sampling(maxTokens: 2))])
        let one = completer.liveBytes
        completer.clear()
        #expect(completer.liveBytes == 0)
        _ = try completer.complete((0..<40).map { sampled(prompt, Sampling(maxTokens: 2), sample: $0) })
        // 40 pages for the prompt and one for the one or two tokens of each sample.
        #expect(completer.liveBytes <= one / 40 * 81)
    }

    /// Runs as the child of the next test, with its own number of threads.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["GENAC_TEST_COMPLETIONS"] != nil))
    func childWritesItsCompletions() throws {
        let path = try #require(ProcessInfo.processInfo.environment["GENAC_TEST_COMPLETIONS"])
        try Data(Self.digest(try tiny.completer().complete(requests)).utf8).write(to: URL(fileURLWithPath: path))
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["GENAC_TEST_COMPLETIONS"] == nil), arguments: [1, 2, 3])
    func withAnyNumberOfThreads(_ threads: Int) throws {
        let path = NSTemporaryDirectory() + "genac-completions-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let child = try ChildProcess(
            try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            ["--testing-library", "swift-testing", "--filter", "childWritesItsCompletions"],
            environment: ProcessInfo.processInfo.environment.merging([
                "GENAC_THREADS": "\(threads)", "GENAC_TEST_COMPLETIONS": path,
            ]) { $1 },
            folder: NSTemporaryDirectory())
        #expect(try child.wait() == 0)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.digest(alone))
    }

    /// Every id and every bit of every log-probability.
    private static func digest(_ completions: [Completion]) -> String {
        completions.map { "\($0.ids) \($0.logprobs.map(\.bitPattern)) \($0.bytes) \($0.finish.rawValue)" }.joined(
            separator: "\n")
    }
}

private final class Results: Sendable {
    private let seen = Mutex([Bool]())
    func add(_ value: Bool) { seen.withLock { $0.append(value) } }
    var values: [Bool] { seen.withLock { $0 } }
}
