import Foundation
import Generation
import Problems
import Testing
import Workspace

@Suite("Numbers of samples")
struct DrawsTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func solution(sample: UInt64, seed: UInt64 = 0, author: Author? = nil) -> Solution {
        Solution(
            id: 0, problem: 1, ids: [1], logprobs: [0], text: "a", finish: .stop,
            actor: ActorSnapshot(name: "m", parameters: 1, sampling: Sampling(maxTokens: 4)), seed: seed,
            sample: sample, author: author)
    }

    private func keep(_ solution: Solution, _ workspace: Workspace) throws {
        _ = try workspace.keep([(solution: solution, steps: [])])
    }

    @Test("go on in the next session, whether what was drawn was kept or not, for each problem and seed")
    func goOn() throws {
        let first = try folder.open()
        _ = try first.keep([problem("a"), problem("b")])
        #expect(try first.nextSamples([(1, 3), (2, 1), (1, 2)], seed: 0) == [0..<3, 0..<1, 3..<5])
        #expect(try first.nextSamples([(1, 1)], seed: 7) == [0..<1])
        let second = try folder.open()
        #expect(try second.nextSamples([(1, 1), (2, 2)], seed: 0) == [5..<6, 1..<3])
        #expect(try first.nextSamples([(1, 1)], seed: 0) == [6..<7], "two that are open at once share no number")
        #expect(try second.nextSamples([(1, 1)], seed: UInt64.max) == [0..<1])
        #expect(try second.nextSamples([(1, 1)], seed: UInt64.max) == [1..<2])
    }

    @Test("go on after what a version without the table kept, but not after what was written elsewhere")
    func afterKept() throws {
        let workspace = try folder.open()
        _ = try workspace.keep([problem("a")])
        try keep(solution(sample: 4), workspace)
        try keep(solution(sample: 90, author: .rollouts("runs/x")), workspace)
        try keep(solution(sample: 50, seed: 3), workspace)
        #expect(try workspace.nextSamples([(1, 2)], seed: 0) == [5..<7])
        #expect(try workspace.drawn(0..<10).map(\.id) == [1] && workspace.drawn(5..<100).isEmpty)
    }

    @Test("a command that counts from 0 moves the next one behind it, never back")
    func markedDrawn() throws {
        let workspace = try folder.open()
        _ = try workspace.keep([problem("a")])
        try workspace.markDrawn(4, of: [1], seed: 5)
        try workspace.markDrawn(2, of: [1], seed: 5)
        #expect(try workspace.nextSamples([(1, 1)], seed: 5) == [4..<5])
    }

    @Test("go with their problem")
    func removed() throws {
        let workspace = try folder.open()
        _ = try workspace.keep([problem("a"), problem("b")])
        _ = try workspace.nextSamples([(1, 3), (2, 3)], seed: 0)
        _ = try workspace.remove(problems: [1])
        #expect(try workspace.nextSamples([(1, 1), (2, 1)], seed: 0) == [0..<1, 3..<4])
        _ = try workspace.remove(problems: nil)
        #expect(try workspace.nextSamples([(2, 1)], seed: 0) == [0..<1])
    }
}

extension Workspace {
    fileprivate func drawn(_ samples: Range<UInt64>) throws -> [Solution] {
        try solutions.drawn(samples, of: 1, seed: 0)
    }
}
