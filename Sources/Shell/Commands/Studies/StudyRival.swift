import ArgumentParser
import Formats

/// Whom a study sets the critics beside.
struct StudyRival: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Set every critic beside this one of them (default: each beside the one before it).", valueName: "critic"))
    var beside: Text?

    /// As a column's title says it.
    var title: String { beside.map { "\($0)'s" } ?? "the one's above" }

    func applied(to parts: [StudyOptions.Part]) throws -> [StudyOptions.Part] {
        guard let beside else { return parts }
        return try parts.map { part in
            guard let place = part.critics.firstIndex(where: { $0.name == beside.string }) else {
                throw ShellError.refused(
                    "--beside \(beside) is no critic of the study",
                    hint: "there are: \(part.critics.map(\.name).joined(separator: "; "))")
            }
            var part = part
            for index in part.critics.indices { part.critics[index].rival = place }
            return part
        }
    }
}
