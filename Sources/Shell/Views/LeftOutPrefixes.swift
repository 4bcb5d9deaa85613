import Acting
import Critics
import Formats
import Terminal

/// Those of a solution's prefixes that have no row in a table of them, and why.
struct LeftOutPrefixes {
    let solution: Int
    /// How many there are, without the full response, whose value is its outcome.
    let possible: Int
    /// Steps that were asked for.
    let selected: Swift.Set<Int>
    /// Those among them that their reader has no room for.
    let tooLong: [TooLong]

    /// - Parameter selected: steps that were asked for.
    init(_ opened: OpenedSolution, selected: [Int], tooLong: [TooLong]) {
        solution = opened.solution.id
        possible = max(opened.steps.count, 1)
        (self.selected, self.tooLong) = (Swift.Set(selected), tooLong)
    }

    /// How many were not asked for, and those that did not fit.
    var fields: [JSONObject.Member] {
        [
            ("not_selected", .int(max(possible - selected.count, 0))),
            (
                "too_long",
                .array(
                    tooLong.map { one in
                        .object([
                            ("step", one.step.map { .int($0) } ?? .null), ("needed", .int(one.needed)),
                            ("context", .int(one.limit)),
                        ])
                    })
            ),
        ]
    }

    /// - Parameters:
    ///   - reader: whose context is too short.
    ///   - command: what takes any prefix by its name, and what it does to it.
    func render(_ page: Page, reader: String, command: (name: String, does: String)) {
        if let other = (0..<possible).first(where: { !selected.contains($0) }) {
            page.line(
                page.style.faint(
                    "\(selected.count) of \(possible) prefixes, evenly spaced (critic.max_prefixes); "
                        + "`\(command.name) \(solution).\(other)` \(command.does) any other"))
        }
        guard let limit = tooLong.first?.limit else { return }
        let shown = tooLong.prefix(3).map { "\($0) by \($0.needed - $0.limit)" }.joined(separator: ", ")
        let rest = tooLong.count > 3 ? " and \(tooLong.count - 3) more" : ""
        page.line(page.style.warning("too long for \(reader), which reads \(limit) tokens: \(shown)\(rest)"))
    }
}
