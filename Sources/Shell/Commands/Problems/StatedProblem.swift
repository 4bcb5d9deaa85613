import Problems
import Terminal

extension Problem {
    /// A problem as a person states it; one of a built-in task has that task's own answer and rules.
    /// - Parameters:
    ///   - steps: a step rule's name; nil: the usual one.
    ///   - grader: a grader's name; nil: the usual one.
    /// - Throws: ``ShellError/refused(_:hint:)`` for an empty text and for names that there are not.
    static func stated(
        _ text: String, answer: String?, steps: String? = nil, grader: String? = nil, source: String
    ) throws -> Problem {
        guard text.contains(where: { !$0.isWhitespace }) else { throw ShellError.refused("the problem is empty") }
        if let own = Tasks.all.lazy.compactMap({ $0.problem(text: text, id: 0, source: source) }).first,
            answer == nil || answer == own.answer
        {
            return own
        }
        var problem = Problem(id: 0, text: text, answer: answer, source: source)
        if let steps {
            guard let rule = StepRule(steps) else {
                throw ShellError.refused("there is no step rule \(steps)", hint: "vine, newline or tokens:N")
            }
            problem.stepRule = rule
        }
        if let grader {
            guard let kind = GraderKind(rawValue: grader) else {
                throw ShellError.refused(
                    "there is no grader \(grader)", hint: GraderKind.allCases.map(\.rawValue).joined(separator: ", "))
            }
            problem.grader = kind
        }
        return problem
    }

    /// As the commands show it that choose or state one.
    func describe(on page: Page) {
        let source = TextWidth.visible(source, keepingLines: false)
        page.line(page.style.bold("problem \(id)") + page.style.faint("  \(source)"))
        page.quoted(text, indent: 2)
        for message in conversation?.instructions ?? [] {
            page.line("  to the actor alone, by the \(message.role):")
            page.quoted(message.content, indent: 4)
        }
        page.line("  answer: " + TextWidth.visible(answer ?? "unknown", keepingLines: false))
    }

    /// Its beginning, as much as leaves room on a terminal for what is said beside it; elsewhere the whole.
    func preview(on page: Page) {
        page.quoted(text, indent: 2, rows: 8, rest: "`problem \(id)` shows all of it")
    }
}
