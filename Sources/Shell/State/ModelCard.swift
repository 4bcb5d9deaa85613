import Foundation
import Training

/// What a saved model's `README.md` tells: what it is, and the runs it came out of, newest first, each as the command that makes it again.
struct ModelCard {
    let text: String

    init(_ model: LoadedModel, _ session: Session) {
        var lines = [
            "---", "library_name: transformers", "tags: [genac]", "---", "# \(model.name)", "",
            "\(model.summary), written by `genac` from \(model.source).",
        ]
        if let measured = model.measured {
            lines.append(String(format: "As an actor it solved %.1f %% of %d problems, one solution each.", 100 * measured.rate, measured.rollouts))
        }
        let runs = Self.ancestors(of: model.source, session)
        if !runs.isEmpty {
            lines += ["", "## How it was made", "", "Newest first; each began with the weights of the one below it."]
            // Files of the workspace as they are named in it.
            lines += runs.flatMap(\.lines).map { $0.replacingOccurrences(of: session.workspace.directory + "/", with: "") }
        }
        text = lines.joined(separator: "\n") + "\n"
    }

    /// A run that took part.
    private struct Ancestor {
        let id: String
        let step: Int?
        let recipe: Recipe
        let metrics: RunMetrics?

        var lines: [String] {
            let settings = recipe.changed.map { "\($0.key)=\($0.value.contains(" ") ? "\"\($0.value)\"" : $0.value)" }.joined(separator: " ")
            let last = step.map { "\($0)" } ?? "the last"
            return ["", "### \(id), step \(last)", "", "    train \(recipe.stage.rawValue) \(settings)"] + (figures.isEmpty ? [] : ["", figures])
        }

        /// Losses and rewards: the mean over the ten steps up to the one that was taken.
        private var figures: String {
            guard let metrics else { return "" }
            return metrics.names.filter { name in ["loss", "score/mean", "reward/mean"].contains { name.hasSuffix($0) } }.compactMap { name in
                let values = metrics.points(name).filter { point in step.map { point.x <= Double($0) } ?? true }
                return values.suffix(10).map(\.y).mean.map { "`\(name)` " + Chart.number($0) }
            }.joined(separator: ", ")
        }
    }

    /// The chain of runs back to weights that are no run's. A run that is gone ends it: what is known is told.
    private static func ancestors(of source: String, _ session: Session) -> [Ancestor] {
        let runs = session.workspace.runsDirectory
        var found: [Ancestor] = []
        var next = try? session.modelSource.fixed(source)
        while let source = next, source.hasPrefix("run:"), found.count < 100 {
            guard let (id, step) = try? session.modelSource.run(source), let recipe = try? RunDirectory.recipe(of: id, in: runs) else { break }
            found.append(Ancestor(id: id, step: step, recipe: recipe, metrics: try? RunMetrics.load(id, in: runs)))
            next = recipe.text("model.path")
        }
        return found
    }
}
