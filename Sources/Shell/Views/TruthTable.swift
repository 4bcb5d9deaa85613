import Critics
import Formats
import Foundation
import Terminal

/// What an actor's continuations found one solution's prefixes to be worth.
struct TruthTable {
    let opened: OpenedSolution
    let actor: String
    let valuations: [Valuation]
    /// Nil where one prefix was named.
    let leftOut: LeftOutPrefixes?

    var fields: [JSONObject.Member] {
        let rows: [JSONValue] = valuations.map { valuation in
            .object([
                ("step", .int(valuation.prefix.step)), ("value", .number(valuation.value)),
                ("low", .number(valuation.rollouts?.interval.low)),
                ("high", .number(valuation.rollouts?.interval.high)),
                ("rollouts", .int(valuation.rollouts?.count ?? 0)),
                ("truncated", .int(valuation.rollouts?.truncated ?? 0)),
            ])
        }
        return [("solution", .int(opened.solution.id)), ("actor", .string(actor)), ("prefixes", .array(rows))]
            + (leftOut?.fields ?? [])
    }

    func render(_ page: Page) {
        page.line(page.style.bold("solution \(opened.solution.id)") + " continued by \(actor)")
        var table = Table([
            .init("prefix"), .init("value", right: true), .init("95 %"), .init("0        1"),
            .init("rollouts", right: true),
            .init("cut off", right: true), .init("step", giving: .cut),
        ])
        for valuation in valuations {
            let rollouts = valuation.rollouts
            table.add([
                .init("\(valuation.prefix)"), .init(valuation.value.map { String(format: "%.2f", $0) } ?? "-"),
                .init(rollouts.map { String(format: "%.2f-%.2f", $0.interval.low, $0.interval.high) } ?? ""),
                .init(valuation.value.map { Bar.text($0) } ?? "") { $0.accent($1) },
                .init(String(rollouts?.count ?? 0)),
                .init(String(rollouts?.truncated ?? 0)), .init(valuation.text.trimmingNewlines),
            ])
        }
        page.table(table)
        leftOut?.render(page, reader: actor, command: ("truth", "measures"))
    }
}
