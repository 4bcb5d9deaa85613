import Foundation
import Jumps
import Problems
import Testing
import Tokenizers

@Suite struct JumpsProblemTests {
    static let example = Jumps(
        start: 7,
        groups: [
            [.init(.plus, 5), .init(.times, 3), .init(.minus, 4)], [.init(.times, 7)],
            [.init(.plus, 2), .init(.plus, 9)],
        ])

    @Test func isWrittenAsDocumented() {
        #expect(Self.example.text == "Start 7\nC3 a+5 b*3 c-4\nB1 d*7\nA2 e+2 f+9")
        #expect(Self.example.solutionText == "C7 a b c=2\nB2 d=4\nA4 e f=5")
        #expect(Self.example.solutionText(claims: [2, 3]) == "C7 a b c=2\nB2 d=3")
        #expect(Self.example.solutionText(claims: []) == "")
        #expect(
            Self.example.chain(claims: [2, 4], score: 6)
                == "C7 a+5=2 b*3=6 c-4=2/2 ok\nB2 d*7=4/4 ok\nleft A2\nScore: 6")
        #expect(Self.example.chain(claims: [2, 3], score: 0) == "C7 a+5=2 b*3=6 c-4=2/2 ok\nB2 d*7=4/3 bad\nScore: 0")
        #expect(Self.example.chain(claims: [nil], score: 0) == "C7 a+5=2 b*3=6 c-4=2/? bad\nScore: 0")
        #expect(Self.example.chain(claims: [], score: 10) == "left C3 B1 A2\nScore: 10")
    }

    @Test func textReadsBack() {
        for index in 0..<500 {
            let split = JumpsSplit.allCases[index % 3]
            let jumps = Jumps.generate(
                index: index, split: split, difficulty: .init(groups: 1...8, operations: 1...9), seed: 3)
            #expect(Jumps(text: jumps.text) == jumps)
            #expect(jumps.groups.joined().count <= Jumps.maxOperations)
            for count in 0...jumps.groups.count {
                let claims = Array(jumps.results.prefix(count))
                #expect(jumps.claims(in: jumps.solutionText(claims: claims)) == claims)
            }
        }
    }

    @Test(arguments: [
        "", "Start", "Start 7 ", "Start x", "Start 7\nA1 a+0", "Start 7\nA1 a*2", "Start 7\nB1 a+2", "Start 7\nA2 a+2",
        "Start 7\nA1 b+2", "Start 7\nA1  a+2", "Start 7\nA1 a+22", "Start 7\nA1 a/2", "Start 7\n\nA1 a+2",
        "start 7\nA1 a+2",
        "Start 7\r\nA1 a+2",
    ])
    func refusesWhatItDoesNotWrite(text: String) {
        #expect(Jumps(text: text) == nil)
    }

    @Test func malformedLinesAreNoClaims() {
        let jumps = Self.example
        #expect(jumps.claims(in: "C7 a b c=2\nB2 e=4\n") == [2, nil])
        #expect(jumps.claims(in: "C7 a b c=2\nB2 d=") == [2])
        #expect(jumps.claims(in: "C7 a b c=2\nB2 d=44\n") == [2, nil])
        #expect(jumps.claims(in: "C7 a b c=2\nB3 d=1\n") == [2, nil])
        #expect(jumps.claims(in: "nonsense") == [])
        #expect(jumps.claims(in: "nonsense\n") == [nil])
        #expect(jumps.claims(in: "C7 a b c=2\nB2 d=4\nA4 e f=5\nA4 e f=5\n") == [2, 4, 5])
    }

    @Test func splitsShareNoProblem() {
        func texts(_ split: JumpsSplit) -> Set<String> {
            Set(
                (0..<300).map {
                    Jumps.generate(index: $0, split: split, difficulty: .init(groups: 3...4, operations: 2...3)).text
                })
        }
        let (train, dev, test) = (texts(.train), texts(.dev), texts(.test))
        #expect(
            train.count == 300 && train.isDisjoint(with: dev) && train.isDisjoint(with: test)
                && dev.isDisjoint(with: test))
    }

    @Test func aWrongLineEndsWrongUnlessAnotherErrorMendsIt() {
        for index in 0..<200 {
            let jumps = Jumps.generate(index: index, seed: 9)
            for (line, result) in jumps.results.enumerated() {
                var digit = (result + 1 + index % 9) % 10
                for operation in jumps.groups[(line + 1)...].joined() { digit = operation(digit) }
                #expect(digit != jumps.answer)
            }
        }
    }

    @Test func gradesTheLastGroupsLineOnly() {
        let problem = Self.example.problem(id: 1, source: "test")
        func status(_ text: String) -> Verdict.Status { JumpsGrader().grade(text, answer: problem.answer ?? "").status }
        #expect(status("C7 a b c=2\nB2 d=4\nA4 e f=5") == .right)
        #expect(status("C7 a b c=2\nB2 d=4\nA4 e f=5\n") == .right)
        #expect(status("C7 a b c=1\nB1 d=7\nA7 e f=8") == .wrong)
        #expect(status("C7 a b c=5") == .unparsable)
        #expect(status("") == .unparsable)
        #expect(status("A4 e f=") == .unparsable)
    }

    @Test func theSameSeedGivesTheSameProblems() {
        let set = TaskSet(task: JumpsTask(), split: "test")
        #expect(set.problems(count: 20) == set.problems(count: 20))
        #expect(set.problems(count: 20) != set.problems(count: 20, seed: 1))
    }

    @Test func aSetIsNamedByTaskAndSplit() throws {
        Tasks.register(JumpsTask())
        Tasks.register(JumpsTask())
        #expect(Tasks.all.count == 1 && GraderKind.allCases.map(\.rawValue) == ["answer", "exact", "jumps"])
        #expect(try Tasks.set("starter:jumps")?.description == "starter:jumps:test")
        #expect(try Tasks.set("starter:jumps:train")?.description == "starter:jumps:train")
        #expect(try Tasks.set("problems.jsonl") == nil && Tasks.set("run:x") == nil && Tasks.set("starter") == nil)
        for unknown in ["starter:hops", "starter:jumps:all", "starter:", "starter:jumps:test:x"] {
            let error = #expect(throws: ProblemsError.self) { try Tasks.set(unknown) }
            #expect(error?.what == "there is no starter task '\(unknown)'")
            #expect(
                error?.hint == "there is starter:jumps, with the splits train, dev and test (starter:jumps:test)")
        }
        let file = ProblemsError.file(path: "x", what: "holds no problem", splits: [])
        #expect(
            file.hint?.hasPrefix("give a file of rows (Parquet, ") == true
                && file.hint?.hasSuffix(", or starter:jumps") == true)
    }

    @Test func aProblemIsKeptWithItsGradersName() throws {
        Tasks.register(JumpsTask())
        let problem = Self.example.problem(id: 1, source: "test")
        let kept = String(decoding: try JSONEncoder().encode(problem), as: UTF8.self)
        #expect(kept.contains(#""grader":"jumps""#))
        #expect(try JSONDecoder().decode(Problem.self, from: Data(kept.utf8)) == problem)
        let other = kept.replacing(#""grader":"jumps""#, with: #""grader":"hops""#)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Problem.self, from: Data(other.utf8)) }
    }
}

@Suite struct JumpsSkillTests {
    @Test func typicalSkillHasTheSuccessRate() {
        let difficulty = JumpsDifficulty()
        for rate in stride(from: 0.05, through: 0.99, by: 0.02) {
            let found = JumpsSkill.typical(successRate: rate, difficulty: difficulty).successRate(difficulty)
            #expect(abs(found - rate) < 0.03, "\(rate) became \(found)")
        }
    }

    @Test func scoresRestOnTheValue() {
        let mix = JumpsCorpus.CriticMix()
        var (squared, rows) = (0.0, 0)
        for index in 0..<2000 {
            let row = JumpsCorpus.criticRow(index: index, mix: mix, seed: 5)
            #expect(row == JumpsCorpus.criticRow(index: index, mix: mix, seed: 5))
            #expect((0...10).contains(row.score) && row.claims.count < row.problem.groups.count)
            #expect(row.problem.claims(in: row.beginning) == row.claims)
            squared += (Double(row.score) / 10 - row.value) * (Double(row.score) / 10 - row.value)
            rows += 1
        }
        #expect(squared / Double(rows) < 0.005)
    }
}

@Suite struct StarterVocabularyTests {
    @Test func everyWordIsOneTokenAndAnyTextRoundTrips() throws {
        let tokenizer = try Tokenizer(tokenizerJSON: JumpsTask.tokenizerJSON())
        #expect(tokenizer.vocabularySize <= 1024)
        for word in JumpsTask.words {
            #expect(tokenizer.encode(word, recognisingSpecials: false).count == 1, "\(word)")
        }
        for text in ["Über\r\n\u{0}  42 <|endoftext|> 👩‍👩‍👧", JumpsProblemTests.example.text] {
            #expect(tokenizer.decode(tokenizer.encode(text, recognisingSpecials: false)) == text)
        }
        let text = JumpsProblemTests.example.text
        #expect(tokenizer.encode(text, recognisingSpecials: false).count == 3 + 3 * 3 + 6 * 3)
        #expect(tokenizer.id(ofSpecial: JumpsTask.endOfText) != nil)
    }
}
