import Testing
import Training

/// How many rows a pass may have, which memory is announced by.
@Suite struct PassRowsTests {
    @Test("what a problem's solutions have in common is counted once, with no sharing each time")
    func sharedBeginnings() {
        #expect(PassRows(solutions: 8, together: 4, limit: 4096).most(before: 100, own: 50) == 2 * 100 + 8 * 50)
        #expect(PassRows(solutions: 8, together: 1, limit: 4096).most(before: 100, own: 50) == 8 * 150)
    }

    @Test("a pass that is full is so with shorter solutions too: the limit, less what is read once")
    func fullPasses() {
        #expect(PassRows(solutions: 8, together: 1, limit: 4096).most(before: 100, own: 2000) == 4096)
        // Two of length 1000 fit; they may be of one problem or of two.
        #expect(PassRows(solutions: 8, together: 4, limit: 2500).most(before: 600, own: 400) == 2500)
        // Five fit, of at most three problems, so that two beginnings are read with another solution's.
        #expect(PassRows(solutions: 8, together: 2, limit: 5000).most(before: 600, own: 400) == 5000 - 2 * 600)
    }

    @Test("a solution longer than the limit is a pass of its own")
    func longSolutions() {
        #expect(PassRows(solutions: 8, together: 4, limit: 100).most(before: 300, own: 50) == 350)
    }
}
