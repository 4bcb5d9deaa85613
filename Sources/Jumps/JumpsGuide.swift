import Problems

extension JumpsTask {
    /// One problem, one solution with an error, and a critic's chains about two beginnings of it, line by line.
    package var guide: [GuidePart] {
        let jumps = Jumps(
            start: 6,
            groups: [
                [.init(.plus, 4), .init(.plus, 2)], [.init(.times, 9), .init(.plus, 9), .init(.minus, 4)],
                [.init(.minus, 9), .init(.minus, 5)],
            ])
        return [
            GuidePart(
                "The problem: a digit and groups of operations; all results are modulo 10.", jumps.text,
                [
                    "the digit to begin with",
                    "group C: the digit after a group's letter counts its operations, here 2. Groups count down to A; "
                        + "every operation has a letter of its own, a and b",
                    "group B, of 3 operations: times 9, plus 9, minus 4",
                    "the last group, whose result is the answer",
                ]),
            GuidePart(
                "A solution of it, a line a group; a line jumps over all of a group's operations at once.",
                jumps.solutionText(claims: [2, 5, 1]),
                [
                    "here the digit after the letter is the one that the group begins with: C6 is group C from 6. Its "
                        + "operations a and b come to 2",
                    "B2 is group B from the 2 of the line before (from 8 it would be B8). c, d and e come to 3: the 5 "
                        + "is an error",
                    "goes on from the wrong 5: an error is never repaired. The answer is 1; right would be 9",
                ]),
            GuidePart(
                "A critic's chain about the beginning \(jumps.solutionText(claims: [2])), which is right.",
                jumps.chain(claims: [2], score: 6),
                [
                    "group C once more, one operation at a time: a+4 gives 0, b+2 gives 2. Behind / stands what the "
                        + "actor wrote, 2; both agree: ok",
                    "the groups still to come, with how many operations each has: B has 3, A has 2",
                    "six chances in ten that the actor ends right, from what is left and from its success rate",
                ]),
            GuidePart(
                "A critic's chain about the beginning of two lines, which is wrong.",
                jumps.chain(claims: [2, 5], score: 0),
                [
                    "as above",
                    "group B from 2: 8, then 7, then 3. The actor wrote 5: 3/5 bad (9/5 bad: it is 9, the actor wrote "
                        + "5). The first wrong line ends the checking",
                    "no chance",
                ]),
        ]
    }
}
