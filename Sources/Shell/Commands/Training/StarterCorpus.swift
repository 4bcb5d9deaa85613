import ArgumentParser
import Compute
import Critics
import Formats
import Foundation
import Jumps
import Problems
import Prompts

struct StarterCorpusCommand: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "corpus",
        "Write the built-in task's rows by its own solver: solutions for an actor, checking chains for a critic.",
        discussion:
            "Rows are rendered by the templates prompts/actor/starter and prompts/critic/starter; small problems come "
            + "first, so that reading the file in order is a curriculum. Beginnings are invented; `traces make` "
            + "takes those of real actors.",
        examples: [
            "starter corpus --role actor --rows 100000 actor.jsonl",
            "starter corpus --role critic --rows 100000 --dropout 0.15 critic.jsonl",
        ])

    @Argument(help: ArgumentHelp("The file to write.", valueName: "file"))
    var file: Text

    @Option(help: "For whom: actor or critic.")
    var role: Role = .critic

    @Option(help: ArgumentHelp("How many rows.", valueName: "count"))
    var rows: Int = 10_000

    @Option(help: ArgumentHelp("Share of ICC fields left out at random, a critic's.", valueName: "share"))
    var dropout: Double = 0.15

    @Option(help: ArgumentHelp("Groups of a problem, such as 2-4.", valueName: "range"))
    var groups: NumberRange?

    @Option(help: ArgumentHelp("Operations of each group, such as 1-3.", valueName: "range"))
    var operations: NumberRange?

    @Option(
        help: ArgumentHelp(
            """
            Shares of right lines over 1, 2, 3 … operations of the actor that a critic's beginnings are by, as \
            0.99,0.9,0.5 (default: what is typical of each row's success rate).
            """,
            valueName: "list"))
    var skill: Text?

    func run(_ context: CommandContext) throws -> Outcome {
        try RangeCheck.require("--rows", rows, in: 1...10_000_000)
        guard (0...1).contains(dropout) else { throw ShellError.refused("--dropout is a share from 0 to 1") }
        var mix = JumpsCorpus.CriticMix(difficulty: JumpsDifficulty(try .asked(groups, operations)))
        mix.skill = try accuracies().map(JumpsSkill.init(accuracy:))
        let template = try context.templates.library.load(role.template, JumpsTask.templateName)
        let path = try Home.newRows(file.string)
        let bar = context.console.progress("corpus", unit: "rows", total: rows)
        defer { bar.finish() }
        var done = 0
        func count() throws {
            done += 1
            bar.update(done)
            if context.console.cancellation.isCancelled { throw ShellError.interrupted }
        }
        switch role {
        case .actor:
            try JumpsCorpus.writeActor(to: path, count: rows, difficulty: mix.difficulty, seed: context.settings.seed) {
                row in
                try count()
                return row.prompt(template)
            }
        case .critic:
            try JumpsCorpus.writeCritic(to: path, count: rows, mix: mix, seed: context.settings.seed) {
                row, actor, key in
                try count()
                let icc = context.judging.icc.dropping(rate: dropout, key: key)
                return row.prompt(template, icc: icc, actor: actor)
            }
        }
        return .note(
            "\(rows) rows for the \(role.rawValue) in \(file)",
            [("file", .string(file.string)), ("rows", .int(rows)), ("role", .string(role.rawValue))])
    }

    private func accuracies() throws -> [Double]? {
        guard let skill else { return nil }
        let values = skill.string.split(separator: ",").map { Double($0) }
        guard !values.isEmpty, values.allSatisfy({ $0.map { (0...1).contains($0) } ?? false }) else {
            throw ShellError.refused("--skill \(skill.string) is no list of shares", hint: "write it as 0.99,0.9,0.5")
        }
        return values.compactMap { $0 }
    }
}
