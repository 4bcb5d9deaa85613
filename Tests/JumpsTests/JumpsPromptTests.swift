import Acting
import Compute
import Critics
import Generation
import Jumps
import Problems
import PromptKit
import Prompts
import Testing
import Tokenizers

@Suite struct JumpsPromptTests {
    let tokenizer: Tokenizer
    let builder: PromptBuilder
    let critic: PromptTemplate
    let actor: PromptTemplate

    init() throws {
        tokenizer = try Tokenizer(tokenizerJSON: JumpsTask.tokenizerJSON())
        builder = PromptBuilder(tokenizer: tokenizer, chatTemplate: nil, bos: nil)
        let library = PromptLibrary(workspace: nil, homes: [promptsFolder()])
        critic = try library.load(.critic, JumpsTask.templateName)
        actor = try library.load(.actor, JumpsTask.templateName)
    }

    @Test func itsWordsAreTokensAndTheWholePromptStaysUnder160() throws {
        var starter = snapshot
        starter.name = "starter-actor"
        for index in 0..<300 {
            let row = JumpsCorpus.criticRow(index: index, mix: .init(), seed: 1)
            let prompt = try #require(
                try builder.critic(
                    critic, problem: row.problem.text, solutions: [row.beginning], icc: ICC().values(for: starter)
                ).first)
            #expect(prompt.ids.count < 160)
            let spelledOut = prompt.ids.filter { id in
                let bytes = tokenizer.bytes(of: id)
                return bytes.count == 1 && (0x61...0x7A).contains(bytes[0])
            }
            #expect(spelledOut.isEmpty, "\(prompt.text)")
        }
    }

    @Test func trainingRowsAreWhatTheCriticIsLaterAsked() throws {
        for index in 0..<100 {
            let row = JumpsCorpus.criticRow(index: index, mix: .init(), seed: 2)
            let trained = row.prompt(critic, icc: ICC(), actor: snapshot)
            var told = snapshot
            told.successRate = SuccessRate(value: row.successRate, source: .measured(64))
            let (solution, steps) = makeSolution(
                row.problem.solutionText(claims: row.claims), tokenizer: tokenizer, actor: told)
            let whole = Problem(id: 1, text: row.problem.text, answer: "\(row.problem.answer)")
            let prefix = try SolutionPrefix(problem: whole, solution: solution, steps: steps, step: steps.count)
            let asked = try #require(
                try builder.critic(critic, problem: whole.text, solutions: [prefix.text], icc: ICC().values(for: told))
                    .first)
            #expect(asked.text == trained)
            #expect(asked.ids == tokenizer.encode(trained, recognisingSpecials: false))
            #expect(critic.grammar.parse(Array(row.response.utf8), ended: true) == .success(row.score))
        }
    }

    @Test func anActorsRowIsItsPromptAndTheRightSolution() throws {
        let row = JumpsCorpus.actorRow(index: 3, difficulty: .init(), seed: 4)
        let trained = row.prompt(actor)
        #expect(try builder.actor(actor, problem: Problem(id: 1, text: row.problem.text)).text == trained)
        #expect(row.response == row.problem.solutionText && trained.hasSuffix("<solution>\n"))
    }

    @Test func anySentenceOfTheUsersStillEncodes() throws {
        var icc = ICC()
        try icc.add("mood", sentence: "Ürsprünglich <|endoftext|> 😀 grumpy")
        let prompt = try #require(
            try builder.critic(critic, problem: "Start 7", solutions: [""], icc: icc.values(for: nil)).first)
        #expect(
            tokenizer.decode(prompt.ids) == prompt.text
                && prompt.text.contains("😀 grumpy\nStart 7\n<solution>\n</solution>\n"))
        #expect(prompt.ids.allSatisfy { !tokenizer.specialIDs.contains($0) })
    }
}
