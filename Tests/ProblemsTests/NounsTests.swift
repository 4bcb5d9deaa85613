import Foundation
import Problems
import Testing

@Suite struct PrefixTests {
    @Test(arguments: [("2.3", 2, 3), ("1.0", 1, 0), ("12.34", 12, 34), ("007.08", 7, 8)])
    func readsSolutionAndStep(text: String, solution: Int, step: Int) {
        #expect(Prefix(text) == Prefix(solution: solution, step: step))
    }

    @Test(arguments: [
        "", ".", "2", "2.", ".3", "2.3.4", "-2.3", "2.-3", "+2.3", " 2.3", "2.3 ", "a.b", "0.1", "2,3", "٢.٣",
        "9999999999.1",
    ])
    func refusesEverythingElse(text: String) {
        #expect(Prefix(text) == nil)
    }

    @Test func ordersBySolutionThenStep() {
        #expect(Prefix(solution: 2, step: 9) < Prefix(solution: 10, step: 0))
        #expect(Prefix(solution: 2, step: 3).description == "2.3")
    }
}

@Suite struct StepRuleTests {
    @Test func survivesItsSpelling() throws {
        for rule in [StepRule.vine, .newline, .tokens(16)] {
            #expect(StepRule(rule.description) == rule)
            #expect(try JSONDecoder().decode(StepRule.self, from: JSONEncoder().encode(rule)) == rule)
        }
        for text in ["", "lines", "tokens:", "tokens:0", "tokens:-1", "tokens:x"] { #expect(StepRule(text) == nil) }
    }
}
