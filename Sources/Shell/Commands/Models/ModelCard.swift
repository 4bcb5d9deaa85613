import Checkpoints
import Compute
import Foundation
import Plots
import Training

/// What a saved model's `README.md` tells: what it is, how it is asked, and the runs it came out of, newest first, each
/// as the command that makes it again.
struct ModelCard {
    let text: String

    /// - Parameter criticPrompt: the template that is written beside the weights.
    init(_ model: LoadedModel, criticPrompt: PromptFile?, sources: ModelSource, workspace: String) {
        // A path means the same next year; a run is named with its step.
        let source = model.fixedSource.hasPrefix("run:") ? model.fixedSource : model.source
        var lines = [
            "---", "library_name: transformers", "tags: [genac]", "---", "# \(model.name)", "",
            "\(model.summary), written by `genac` from \(source).",
        ]
        if let measured = model.measured {
            lines.append(
                String(
                    format: "As an actor it solved %.1f %% of %d problems, one solution each.", 100 * measured.rate,
                    measured.rollouts))
        }
        if let criticPrompt {
            lines.append("As a critic it is asked with `\(criticPrompt.place)`, which `load critic` reads.")
        }
        let history = Ancestry(of: model.fixedSource, sources)
        if !history.runs.isEmpty || history.end != nil {
            lines += ["", "## How it was made", "", "Newest first; each began with the weights of the one below it."]
            // Files of the workspace as they are named in it.
            lines += history.runs.flatMap(\.lines).map {
                $0.replacingOccurrences(of: workspace + "/", with: "")
            }
            if let end = history.end { lines += ["", end] }
        }
        text = lines.joined(separator: "\n") + "\n"
    }
}

/// The chain of runs back to weights that are no run's.
private struct Ancestry {
    private(set) var runs: [Ancestor] = []
    /// Why no more is known, where the chain is cut off.
    private(set) var end: String?

    init(of source: String, _ sources: ModelSource) {
        let folder = sources.runs.path
        var next = source
        while next.hasPrefix("run:") {
            guard runs.count < 100 else {
                end = "What came before is left out."
                return
            }
            do {
                let (id, step) = try sources.run(next)
                let recipe = try RunDirectory.recipe(of: id, in: folder)
                runs.append(
                    Ancestor(id: id, step: step, recipe: recipe, figures: Self.figures(of: id, step, in: folder)))
                next = recipe.text("model.path")
            } catch {
                end = "What came before is not known: \(next) is gone or cannot be read (\(Self.said(error)))."
                return
            }
        }
    }

    /// Losses and rewards: the mean over the ten steps up to the one that was taken.
    private static func figures(of id: String, _ step: Int?, in runs: String) -> String {
        let metrics: RunMetrics
        do {
            metrics = try RunMetrics.load(id, in: runs)
        } catch {
            return "Its metrics cannot be read (\(said(error)))."
        }
        let names = metrics.names.filter { name in
            ["loss", "score/mean", "reward/mean"].contains { name.hasSuffix($0) }
        }
        return names.compactMap { name in
            let values = metrics.points(name).filter { point in step.map { point.x <= Double($0) } ?? true }
            return values.suffix(10).map(\.y).mean.map { "`\(name)` " + Chart.number($0) }
        }.joined(separator: ", ")
    }

    private static func said(_ error: any Error) -> String {
        (error as? any GenacError)?.what ?? error.localizedDescription
    }
}

/// A run that took part.
private struct Ancestor {
    let id: String
    let step: Int?
    let recipe: Recipe
    let figures: String

    var lines: [String] {
        let settings = recipe.changed.map { "\($0.key)=\($0.value.contains(" ") ? "\"\($0.value)\"" : $0.value)" }
            .joined(separator: " ")
        let last = step.map { "\($0)" } ?? "the last"
        return ["", "### \(id), step \(last)", "", "    train \(recipe.method.name) \(settings)"]
            + (figures.isEmpty ? [] : ["", figures])
    }
}
