import Critics
import Formats
import Foundation
import Plots
import Terminal

/// How a generative critic's chains become a value.
struct Reading {
    let readout: GenerativeCritic.Readout
    /// Chains of each prefix.
    let samples: Int

    init(_ critic: GenerativeCritic) { (readout, samples) = (critic.options.readout, max(critic.options.samples, 1)) }

    /// In the table's head.
    var words: String {
        switch (readout, samples) {
        case (.parsed, 1): "the chain's integer"
        case (.parsed, _): "mean of \(samples) chains' integers"
        case (.expected, 1): "mean of p(0…10)"
        case (.expected, _): "mean of p(0…10) over \(samples) chains"
        }
    }

    var fields: [JSONObject.Member] { [("readout", .string(readout.rawValue)), ("samples", .int(samples))] }
}

/// One critic's values of one solution's prefixes.
struct ScoreTable {
    let opened: OpenedSolution
    let critic: String
    /// How a chain's value is read; nil of a value head.
    let reading: Reading?
    let prompt: PromptInUse
    let valuations: [Valuation]
    let truth: [Int: Valuation]
    let icc: [ToldField]
    /// Nil where one prefix was named.
    let leftOut: LeftOutPrefixes?
    let showsChains: Bool

    var fields: [JSONObject.Member] {
        [
            ("solution", .int(opened.solution.id)), ("author", .text(opened.solution.author?.description)),
            ("critic", .string(critic)),
        ] + (reading?.fields ?? []) + prompt.fields + [
            ("icc", .array(icc.map(\.json))), ("prefixes", .array(valuations.map(\.json))),
        ] + (leftOut?.fields ?? [])
    }

    var json: JSONValue { .object(fields) }

    func render(_ page: Page) {
        let author = opened.solution.author.map { ", \(TextWidth.visible($0.description, keepingLines: false))," } ?? ""
        page.line(
            page.style.bold("solution \(opened.solution.id)") + "\(author) rated by \(critic)"
                + (reading.map { "; value: \($0.words)" } ?? ""))
        page.line(page.style.faint("template \(prompt.name); ICC: \(fieldsTold)"))
        var table = Table([
            .init("prefix"), .init("value", right: true), .init("change", right: true), .init("0        1"),
            .init("truth", right: true),
            .init("status"), .init("step", giving: .cut),
        ])
        var before: Double?
        for valuation in valuations {
            let value = valuation.value
            let change = value.flatMap { value in before.map { value - $0 } }
            before = value ?? before
            table.add([
                .init("\(valuation.prefix)"), .init(value.map { String(format: "%.2f", $0) } ?? "-"),
                .init(change.map { String(format: "%+.2f", $0) } ?? "") { style, text in
                    text.hasPrefix("-") ? style.bad(text) : style.good(text)
                },
                .init(value.map { Bar.text($0) } ?? "") { $0.accent($1) },
                .init(truth[valuation.prefix.step]?.value.map { String(format: "%.2f", $0) } ?? ""),
                .init(status(valuation)),
                .init(valuation.text.trimmingNewlines),
            ])
        }
        page.table(table)
        leftOut?.render(page, reader: critic, command: ("score", "rates"))
        if let outcome = opened.solution.outcome {
            let answer = TextWidth.visible(opened.solution.extracted ?? "none", keepingLines: false)
            page.line(page.style.faint("outcome \(Chart.number(outcome)), answer \(answer)"))
        }
        if showsChains { renderChains(page) }
    }

    private var fieldsTold: String {
        let told = icc.filter(\.isTold).map(\.value.name.description)
        return told.isEmpty ? "none" : told.joined(separator: ", ")
    }

    private func status(_ valuation: Valuation) -> String {
        let counts = Dictionary(grouping: valuation.chains, by: \.status).mapValues(\.count)
        if counts.count == 1, let only = valuation.chains.first { return only.status.rawValue }
        return counts.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key.rawValue)" }.joined(
            separator: ", ")
    }

    private func renderChains(_ page: Page) {
        for valuation in valuations {
            for (index, chain) in valuation.chains.enumerated() {
                let which = valuation.chains.count > 1 ? ", chain \(index + 1)" : ""
                let score = chain.score.map { "score \($0)" } ?? "no score"
                page.line(
                    page.style.bold("\(valuation.prefix)\(which)")
                        + page.style.faint(
                            "  \(score), \(chain.status.rawValue)\(chain.failure.map { ": \($0.rawValue)" } ?? "")"))
                page.quoted(chain.text.trimmingNewlines, indent: 2)
                if let distribution = chain.distribution {
                    let peak = distribution.max() ?? 1
                    page.line(
                        "  p(0…10) " + Bar.sparkline(distribution)
                            + page.style.faint("  peak \(String(format: "%.2f", peak))"))
                }
            }
        }
    }
}
