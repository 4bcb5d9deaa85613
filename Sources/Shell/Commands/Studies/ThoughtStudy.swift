import ArgumentParser
import Plots

struct ThoughtStudy: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "thought", "What a critic's thinking is worth: its error by the number of chains and by how long they may be.",
        discussion: """
            The study of `study approximation` on the same prefixes and truths with one chain as long as \
            critic.response_length allows, with more chains, and with one chain that may be less long; each is set \
            beside the first. A chain that is cut off has no score of its own: the cue is appended and the score read \
            there (critic.parse_fallback).
            """,
        examples: ["study thought --problems 200", "study thought --critic judge --samples 2,4,8,16 --lengths 1,16,32"])

    @OptionGroup var setting: StudyOptions
    @OptionGroup var controls: StudyControls

    @Option(help: ArgumentHelp("Numbers of chains, critic.num_samples.", valueName: "list"))
    var samples = Text("2,4,8")

    @Option(help: ArgumentHelp("Lengths of a chain in tokens, critic.response_length.", valueName: "list"))
    var lengths = Text("1,8,16,32")

    func run(_ context: CommandContext) throws -> Outcome {
        let desk = StudyDesk(context)
        let one = StudyOptions.Variant(name: "1 chain") { try $0.judging.critic($1, samples: 1) }
        let more = try numbers("--samples", samples, 2...1000).map { count in
            StudyOptions.Variant(name: "\(count) chains") { try $0.judging.critic($1, samples: count) }
        }
        let shorter = try numbers("--lengths", lengths, 1...10_000).map { length in
            StudyOptions.Variant(name: "1 chain of at most \(length)") {
                try $0.judging.critic($1, samples: 1, length: length)
            }
        }
        let variants = [one] + more + shorter
        let parts = try setting.parts(desk, variants: variants, controls: controls.names)
        return try setting.approximate(
            "thought", desk, parts: parts, controls: controls.names, rival: "one whole chain's"
        ) { views in
            Self.picture(views, variants: variants.count, chains: more.count + 1)
        }
    }

    /// Error against tokens sampled for a prefix: more chains to the right of one whole chain, shorter ones to its
    /// left.
    private static func picture(_ views: [ApproximationView], variants: Int, chains: Int) -> SVGPlot {
        let panels = views.map { view in
            let rows = view.report.rows.filter { $0.tokens > 0 }
            let series = stride(from: 0, to: rows.count - rows.count % variants, by: variants).map { first in
                let own = rows[first..<first + variants], shorter = own.dropFirst(chains)
                let name = String(own[first].critic.prefix { $0 != "," })
                let points = (shorter + own.prefix(chains)).map { (x: $0.tokens, y: $0.error.mean) }.sorted {
                    $0.x < $1.x
                }
                return Series(name: name, points: points)
            }
            return SVGPlot.Panel(title: view.part.isEmpty ? "mean squared error" : view.part, series: series)
        }
        return SVGPlot(
            title: "thought: error against tokens thought of a prefix",
            note: "from chains cut short to several whole ones", panels: panels, across: "tokens")
    }

    private func numbers(_ option: String, _ list: Text, _ range: ClosedRange<Int>) throws -> [Int] {
        try list.string.split(separator: ",").map { word in
            guard let number = Int(word) else {
                throw ShellError.refused("\(option) \(list.string) is no list of numbers", hint: "write it as 1,8,16")
            }
            try RangeCheck.require(option, number, in: range)
            return number
        }
    }
}
