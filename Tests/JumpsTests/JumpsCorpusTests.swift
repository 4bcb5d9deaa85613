import Formats
import Foundation
import Jumps
import Problems
import Testing
import Tokenizers

@Suite struct JumpsCorpusTests {
    private func rows(_ write: (String) throws -> Void) throws -> [(prompt: String, response: String)] {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("genac-\(UUID().uuidString).jsonl")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try write(path)
        return try JSONLines.load(path).map {
            ($0.value["prompt"]?.asString ?? "", $0.value["response"]?.asString ?? "")
        }
    }

    private func problem(in prompt: String) -> Jumps? {
        prompt.ranges(of: "\n<solution>").first.flatMap { Jumps(text: String(prompt[..<$0.lowerBound])) }
    }

    @Test func anActorsRowsAreRightAndGrow() throws {
        let rows = try rows { path in
            try JumpsCorpus.writeActor(to: path, count: 200, seed: 4) { "\($0.problem.text)\n<solution>\n" }
        }
        #expect(rows.count == 200)
        for (index, row) in rows.enumerated() {
            let jumps = try #require(problem(in: row.prompt))
            #expect(JumpsGrader().grade(row.response, answer: "\(jumps.answer)").status == .right)
            if index < 20 { #expect(jumps.groups.allSatisfy { $0.count == 1 }) }
        }
    }

    @Test func aCriticsRowsBeginWithDrillsAndRedoTheLinesRight() throws {
        let rows = try rows { path in
            try JumpsCorpus.writeCritic(to: path, count: 200, seed: 4) { row, actor, _ in
                #expect(actor.successRate?.value == row.successRate)
                return "\(row.problem.text)\n<solution>\n\(row.beginning)</solution>\n"
            }
        }
        let isLong = rows.map { $0.prompt.contains("\nB") }
        #expect(rows.count == 200 && isLong.contains(true))
        for row in rows {
            let jumps = try #require(problem(in: row.prompt))
            let open = try #require(row.prompt.ranges(of: "<solution>\n").first).upperBound
            let close = try #require(row.prompt.ranges(of: "</solution>\n").first).lowerBound
            let claims = jumps.claims(in: String(row.prompt[open..<close]))
            let check = jumps.check(chain: row.response, claims: claims)
            #expect(check.isExact && check.rightOperations == check.operations && check.copiedClaims == 0)
        }
    }

    @Test func chainsAndPromptsStayShort() throws {
        let tokenizer = try Tokenizer(tokenizerJSON: JumpsTask.tokenizerJSON())
        for index in 0..<500 {
            let row = JumpsCorpus.criticRow(index: index, mix: .init(), seed: 8)
            #expect(tokenizer.encode(row.response, recognisingSpecials: false).count <= 72)
            #expect(tokenizer.encode(row.problem.text + row.beginning, recognisingSpecials: false).count <= 76)
        }
    }

    @Test func aCopiedClaimIsSeen() {
        let jumps = JumpsProblemTests.example
        let copied = jumps.check(chain: "C7 a+5=2 b*3=6 c-4=9/9 ok\nleft B1 A2\nScore: 9", claims: [9])
        #expect(
            copied.copiedClaims == 1 && copied.wrongLines == 1 && copied.operations == 3 && copied.rightOperations == 2)
        #expect(!copied.isExact)
        let right = jumps.check(chain: "C7 a+5=2 b*3=6 c-4=2/9 bad\nScore: 0", claims: [9])
        #expect(right.copiedClaims == 0 && right.rightOperations == 3 && right.isExact)
        #expect(jumps.check(chain: "", claims: [2]).operations == 3)
    }
}
