import Genac
import Testing

/// The library as a program of somebody else's uses it: no import but its own.
@Suite struct LibraryTests {
    static let problem = "Start 6\nC2 a+4 b+2\nB3 c*9 d+9 e-4\nA2 f-9 g-5"
    static let actor = Critic.Actor(name: "actor", parameters: 912_000, successRate: 0.55)

    @Test("a critic says of a wrong line that it is bad, and rates it below a right one")
    func ratesAPrefix() throws {
        let critic = try Critic(at: "starter/critic")
        let wrong = try critic.value(of: "C6 a b=1\n", problem: Self.problem, by: Self.actor, samples: 4)
        #expect(wrong.chains.count == 4 && wrong.chain.contains("bad"))
        let right = try critic.value(of: "C6 a b=2\n", problem: Self.problem, by: Self.actor, samples: 4)
        let (low, high) = (try #require(wrong.value), try #require(right.value))
        #expect(high > low + 0.2)
    }

    @Test("the same seed gives the same chains, and more of them are averaged")
    func isReproducible() throws {
        let critic = try Critic(at: "starter/critic")
        let once = try critic.value(of: "", problem: Self.problem, by: Self.actor, samples: 4, seed: 3)
        let again = try critic.value(of: "", problem: Self.problem, by: Self.actor, samples: 4, seed: 3)
        #expect(once.chains.map(\.text) == again.chains.map(\.text) && once.chains.count == 4)
        let scores = once.chains.compactMap(\.score)
        #expect(once.value == scores.map { Double($0) / 10 }.reduce(0, +) / Double(scores.count))
    }

    @Test("what a critic is told of the actor moves its value of the bare problem")
    func isTold() throws {
        let critic = try Critic(at: "starter/critic")
        func value(_ rate: Double) throws -> Double {
            let actor = Critic.Actor(name: "actor", parameters: 912_000, successRate: rate)
            return try #require(critic.value(of: "", problem: Self.problem, by: actor, samples: 4).value)
        }
        #expect(try value(0.9) > value(0.1))
        #expect(try critic.value(of: "", problem: Self.problem).chains.count == 1)
    }

    @Test("a language model goes on with a text")
    func completes() throws {
        let model = try LanguageModel(at: "starter/actor")
        #expect(model.parameters > 900_000)
        let text = try model.complete(Self.problem + "\n", maxTokens: 40, temperature: 0)
        #expect(
            try text == model.complete(Self.problem + "\n", maxTokens: 40, temperature: 0, seed: 9) && !text.isEmpty)
    }

    @Test(
        "what cannot be had is one error with its place", arguments: ["no/such/model", "Package.swift", "starter/head"])
    func refuses(_ path: String) {
        #expect { try LanguageModel(at: path) } throws: { error in
            guard let failure = error as? Failure else { return false }
            return failure.description.contains(path) && !failure.what.isEmpty
        }
    }

    @Test("a model without a critic's prompt is no critic, unless one is given")
    func needsATemplate() throws {
        #expect(throws: Failure.self) { try Critic(at: "starter/actor") }
        let critic = try Critic(at: "starter/actor", template: "prompts/critic/starter.mustache")
        #expect(try critic.value(of: "", problem: Self.problem).chains.count == 1)
        #expect(throws: Failure.self) { try Critic(at: "starter/critic", template: "no/such/file.mustache") }
    }

    @Test("numbers that make no sense are refused")
    func refusesNumbers() throws {
        let model = try LanguageModel(at: "starter/actor"), critic = try Critic(at: "starter/critic")
        #expect(throws: Failure.self) { try model.complete("a", maxTokens: 0) }
        #expect(throws: Failure.self) { try model.complete("a", temperature: -1) }
        #expect(throws: Failure.self) { try model.complete("a", maxTokens: 1_000_000) }
        #expect(throws: Failure.self) { try critic.value(of: "", problem: "a", samples: 0) }
    }
}
