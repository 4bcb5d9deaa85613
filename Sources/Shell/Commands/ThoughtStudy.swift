import ArgumentParser
import Critics

struct ThoughtStudy: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "thought", "What a critic's thinking is worth: its error by the number of chains and by how long they may be.",
        discussion: """
            The study of `study approximation` on the same prefixes and truths with one chain as long as critic.response_length allows, with \
            more chains, and with one chain that may be less long; each is set beside the first. A chain that is cut off has no score \
            of its own: the cue is appended and the score read there (critic.parse_fallback).
            """,
        examples: ["study thought --problems 200", "study thought --critic judge --samples 2,4,8,16 --lengths 1,16,32"])

    @OptionGroup var setting: StudyOptions

    @Option(help: ArgumentHelp("Numbers of chains, critic.num_samples.", valueName: "list"))
    var samples = Text("2,4,8")

    @Option(help: ArgumentHelp("Lengths of a chain in tokens, critic.response_length.", valueName: "list"))
    var lengths = Text("1,8,16,32")

    func run(_ context: CommandContext) throws -> Outcome {
        let one = StudyOptions.Variant(name: "1 chain") { try $0.critic($1, samples: 1) }
        let more = try numbers("--samples", samples, 2...1000).map { count in
            StudyOptions.Variant(name: "\(count) chains") { try $0.critic($1, samples: count) }
        }
        let shorter = try numbers("--lengths", lengths, 1...10_000).map { length in
            StudyOptions.Variant(name: "1 chain of at most \(length)") { try $0.critic($1, samples: 1, length: length) }
        }
        return try setting.approximate("thought", context, variants: [one] + more + shorter, rival: "one whole chain's")
    }

    private func numbers(_ option: String, _ list: Text, _ range: ClosedRange<Int>) throws -> [Int] {
        try list.string.split(separator: ",").map { word in
            guard let number = Int(word) else { throw ShellError.refused("\(option) \(list.string) is no list of numbers", hint: "write it as 1,8,16") }
            try RangeCheck.require(option, number, in: range)
            return number
        }
    }
}
