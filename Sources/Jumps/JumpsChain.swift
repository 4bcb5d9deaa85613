import Problems

/// The chain of thought an exact critic writes: each line of the partial solution is done again one operation at a
/// time, its claim is put beside the result, and the first wrong line ends the checking; a right beginning is
/// followed by the groups still to come with their sizes, from which (and the actor's success rate) the score is told:
///
///     C7 a+5=2 b*3=6 c-4=2/2 ok
///     B2 d*7=4/3 bad
///     Score: 0
///
/// and, had the second line been right, `B2 d*7=4/4 ok`, `left A2`, `Score: 6`.
extension Jumps {
    /// The chain up to and including its score; no newline at its end.
    package func chain(claims: [Int?], score: Int) -> String {
        (checks(claims) + ["Score: \(score)"]).joined(separator: "\n")
    }

    /// The chain's lines before the score.
    func checks(_ claims: [Int?]) -> [String] {
        var lines: [String] = []
        var digit = start
        for (index, claim) in claims.enumerated().prefix(groups.count) {
            var line = "\(name(ofGroup: index))\(digit)"
            for (operation, letter) in zip(groups[index], letters(ofGroup: index)) {
                digit = operation(digit)
                line += " \(letter)\(operation.sign.rawValue)\(operation.operand)=\(digit)"
            }
            let isRight = claim == digit
            lines.append(line + "/" + (claim.map(String.init) ?? "?") + (isRight ? " ok" : " bad"))
            guard isRight else { return lines }
        }
        let left = groups.indices.dropFirst(claims.count).map { " \(name(ofGroup: $0))\(groups[$0].count)" }
        return lines + ["left" + left.joined()]
    }
}

extension Jumps {
    /// Compares what a critic wrote about a partial solution with what the exact solver writes.
    package func check(chain: String, claims: [Int?]) -> ChainCheck {
        let truth = checks(claims).map { $0.split(separator: " ") }
        let lines = chain.split(separator: "\n").filter { !$0.hasPrefix("Score:") }
        let given = lines.map { $0.split(separator: " ") }
        var check = ChainCheck()
        check.isExact = truth == given
        for (index, words) in truth.enumerated() where words.first != "left" {
            let operations = words.dropFirst().dropLast()
            let theirs = index < given.count ? given[index].dropFirst() : []
            check.operations += operations.count
            check.rightOperations += zip(operations, theirs).count { Self.result($0) == Self.result($1) }
            guard words.last == "bad" else { continue }
            check.wrongLines += 1
            if let claim = claims[index], theirs.count >= operations.count,
                Self.result(theirs[theirs.startIndex + operations.count - 1]).hasSuffix("=\(claim)")
            {
                check.copiedClaims += 1
            }
        }
        return check
    }

    /// `c-4=2` of `c-4=2/3`.
    private static func result(_ word: Substring) -> Substring {
        word.prefix { $0 != "/" }
    }
}
