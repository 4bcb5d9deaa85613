import ArgumentParser
import Foundation
import Plots
import Studies

struct ScalingStudy: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "scaling", "Whether critics gain from size: each beside the next smaller one of its kind.",
        discussion: """
            The study of `study approximation`, with critics in the order of their parameters, generative ones and \
            value heads apart. A critic given as A,B,C is one training under several seeds. Controls (--control rate, \
            exact, …) come last.
            """,
        examples: [
            "study scaling --critic small --critic medium --critic large --critic small-head --critic large-head"
        ])

    @OptionGroup var setting: StudyOptions
    @OptionGroup var controls: StudyControls

    func run(_ context: CommandContext) throws -> Outcome {
        let desk = StudyDesk(context)
        var sized = setting
        for text in setting.critic.map(\.string) where StudyOptions.Control(rawValue: text) != nil {
            throw ShellError.refused(
                "\(text) is no model, so it has no size", hint: "show it beside them with --control \(text)")
        }
        let models = try setting.critic.map { text in
            let model = try desk.models.find(
                text.string.split(separator: ",").first.map(String.init) ?? text.string)
            return (
                text: text, parameters: try model.weights(for: "a study of sizes").parameters,
                isHead: model.isValueModel
            )
        }.sorted { a, b in a.isHead == b.isHead ? a.parameters < b.parameters : !a.isHead }
        guard models.count > 1 else {
            throw ShellError.refused("scaling needs two or more critics", hint: "name each with --critic")
        }
        sized.critic = models.map(\.text)
        let parts = try sized.parts(desk, controls: controls.names).map { part in
            var part = part
            for place in models.indices {
                let critic = part.critics[place]
                let isFirst = place == 0 || models[place - 1].isHead != models[place].isHead
                let size = String(format: "%.2fM", Double(models[place].parameters) / 1e6)
                part.critics[place] = .init(
                    name: "\(critic.name), \(size)", runs: critic.runs, rival: isFirst ? place : place - 1)
            }
            return part
        }
        let sizes = models.map { (parameters: Double($0.parameters), isHead: $0.isHead) }
        return try sized.approximate(
            "scaling", desk, parts: parts, controls: controls.names, rival: "the next smaller one's"
        ) { Self.picture($0, sizes) }
    }

    private static func picture(_ views: [ApproximationView], _ sizes: [(parameters: Double, isHead: Bool)]) -> SVGPlot
    {
        func series(_ name: String, _ view: ApproximationView, isHead: Bool) -> Series {
            let own = sizes.indices.filter { sizes[$0].isHead == isHead }
            return Series(
                name: name, points: own.map { (log10(sizes[$0].parameters), view.report.rows[$0].error.mean) })
        }
        return SVGPlot(
            title: "scaling: mean squared error by size", note: "powers of ten of the parameters",
            panels: views.map { view in
                .init(
                    title: view.part.isEmpty ? "mean squared error" : view.part,
                    series: [
                        series("generative", view, isHead: false), series("value head", view, isHead: true),
                    ])
            }, across: "log10 of parameters")
    }
}
