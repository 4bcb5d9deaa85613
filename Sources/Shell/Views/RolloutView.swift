import Formats
import Foundation
import Plots
import Terminal

/// How a rollout reads: what the actor was asked and wrote, step by step, each step's value beside it and the critic's
/// chains under it. All its text is a model's or a file's, and printed with its control characters made visible.
struct RolloutView {
    let page: Page
    /// Whole chains and prompts.
    let isFull: Bool
    private var style: Style { page.style }

    init(_ page: Page, full: Bool) {
        self.page = page
        isFull = full
    }

    /// A problem, once for all its rollouts.
    func problem(_ row: RolloutRow) {
        let problem = row.problem
        let answer = (problem?["answer"] ?? row.json["gts"])?.plain
        let head =
            "problem \(problem?["id"]?.plain ?? "?")"
            + Self.list([problem?["source"]?.plain, answer.map { "answer \($0)" }])
        page.line(style.bold(line(head)))
        if let text = problem?["text"]?.asString ?? row.json["input"]?.asString {
            page.quoted(text.trimmingNewlines, indent: 2)
        }
        if isFull, let input = row.json["input"]?.asString, problem != nil {
            page.line(style.faint("  the actor read:"))
            page.quoted(input, indent: 4)
        }
    }

    func rollout(_ row: RolloutRow, number: Int, of count: Int) {
        let json = row.json
        let outcome = json["status"]?.plain ?? row.score.map { $0 >= 1 ? "right" : "wrong" } ?? "not graded"
        let answer = json["extracted"]?.plain.map { "answer \($0)" }
        let tokens = json["ids"]?.asArray.map { "\($0.count) tokens" }
        let reward = row.score.map { "reward \(Chart.number($0))" }
        let head = "rollout \(number) of \(count)" + (json["sample"]?.plain.map { ", sample \($0)" } ?? "")
        let rest = Self.list([actor(row), outcome, answer, reward, tokens, json["finish"]?.plain])
        page.line(style.bold(line(head)) + coloured(line(rest), by: row.score))
        if let off = json["icc_off"]?.asArray, !off.isEmpty {
            page.line(style.faint(line("  ICC off: " + off.compactMap(\.plain).joined(separator: ", "))))
        }
        others(row.others, indent: 2)
        mask(row.masked, indent: 2)
        if row.prefixes.isEmpty {
            if let output = json["output"]?.asString { page.quoted(output.trimmingNewlines, indent: 2) }
        } else {
            steps(row)
        }
    }

    private func steps(_ row: RolloutRow) {
        page.line(style.faint("  step  value  0        1  return    adv."))
        var rest = Substring(row.json["output"]?.asString ?? "")
        for one in row.prefixes {
            // Not every step need be rated: what lies between is part of the solution all the same.
            if let text = one.json["text"]?.asString, !text.isEmpty, let place = rest.range(of: text, options: .literal)
            {
                unrated(rest[..<place.lowerBound])
                rest = rest[place.upperBound...]
            }
            prefix(one)
        }
        unrated(rest)
    }

    private func unrated(_ text: Substring) {
        let text = String(text).trimmingNewlines
        if !text.allSatisfy(\.isWhitespace) { page.quoted(text, indent: Self.textColumn) }
    }

    private func actor(_ row: RolloutRow) -> String? {
        guard let name = row.actor?["name"]?.plain else { return nil }
        let rate = row.actor?["successRate"]
        let told = rate?["value"]?.asDouble.map { value in
            " told \(String(format: "%.0f", value * 100)) %" + (rate?["source"]?.plain.map { " (\($0))" } ?? "")
        }
        return "by \(name)" + (told.map { "," + $0 } ?? "")
    }

    /// Where a step's text begins: after its numbers.
    private static let textColumn = 43

    private func prefix(_ prefix: RolloutPrefix) {
        let json = prefix.json
        let value = json["value"]?.asDouble
        let numbers = [
            TextWidth.padded(json["step"]?.plain ?? "?", to: 4, right: true),
            TextWidth.padded(value.map(Self.fixed) ?? "-", to: 5, right: true),
            style.accent(value.map { Bar.text($0) } ?? String(repeating: " ", count: 10)),
            TextWidth.padded(json["return"]?.asDouble.map(Self.fixed) ?? "", to: 6, right: true),
            advantage(json["advantage"]?.asDouble, width: 6),
        ].joined(separator: "  ")
        let text = json["text"]?.asString?.trimmingNewlines ?? ""
        let lines = TextWidth.wrapped(TextWidth.visible(text), to: max(20, page.width - Self.textColumn))
        page.line("  " + numbers + "  " + (text.isEmpty ? style.faint("(nothing but the problem)") : lines.first ?? ""))
        for line in lines.dropFirst() { page.line(String(repeating: " ", count: Self.textColumn) + line) }
        mask(prefix.masked, indent: 8)
        others(prefix.others, indent: 8)
        if isFull, let prompt = json["prompt"]?.asString {
            page.line(
                style.faint(
                    "        the critic read" + (json["prompt_tokens"]?.plain.map { " (\($0) tokens)" } ?? "") + ":"))
            page.quoted(prompt, indent: 10)
        }
        let chains = prefix.chains
        for (index, chain) in chains.enumerated() { self.chain(chain, number: chains.count > 1 ? index + 1 : nil) }
    }

    private func chain(_ chain: RolloutChain, number: Int?) {
        let json = chain.json
        let status = json["status"]?.plain ?? "no status"
        let failure = json["failure"]?.plain.map { " (\($0))" } ?? ""
        let head = [
            "chain" + (number.map { " \($0)" } ?? ""), status + failure, "score \(json["score"]?.plain ?? "-")",
            json["reward"]?.asDouble.map { "reward \(Self.fixed($0))" },
            json["advantage"]?.asDouble.map { "adv. \(Self.signed($0))" },
        ].compactMap { $0 }.joined(separator: "  ")
        let text = json["text"]?.asString ?? ""
        let painted = chain.isParseFailure ? style.warning(line(head)) : style.faint(line(head))
        let room = max(20, page.width - 10 - TextWidth.columns(line(head)))
        page.line("        " + painted + (isFull ? "" : "  " + TextWidth.truncated(Self.ends(of: text), to: room)))
        if isFull { page.quoted(text.trimmingNewlines, indent: 10) }
        mask(chain.masked, indent: 10)
        others(chain.others, indent: 10)
    }

    /// The first and the last line, which say what a chain begins with and comes to.
    private static func ends(of text: String) -> String {
        let lines = TextWidth.visible(text).split(separator: "\n").map(String.init).filter {
            !$0.allSatisfy(\.isWhitespace)
        }
        guard let first = lines.first, let last = lines.last, lines.count > 1 else { return lines.first ?? "(empty)" }
        return lines.count == 2 ? "\(first) ↵ \(last)" : "\(first) … \(last)"
    }

    private func mask(_ why: String?, indent: Int) {
        guard let why else { return }
        page.line(String(repeating: " ", count: indent) + style.warning("left out of training: \(line(why))"))
    }

    private func others(_ members: [JSONObject.Member], indent: Int) {
        guard !members.isEmpty else { return }
        let text = members.map { "\($0.key) \($0.value.plain ?? "")" }.joined(separator: ", ")
        page.line(style.faint(TextWidth.truncated(String(repeating: " ", count: indent) + line(text), to: page.width)))
    }

    private func advantage(_ value: Double?, width: Int) -> String {
        let text = TextWidth.padded(value.map(Self.signed) ?? "", to: width, right: true)
        guard let value, value != 0 else { return text }
        return value > 0 ? style.good(text) : style.bad(text)
    }

    private func coloured(_ text: String, by score: Double?) -> String {
        guard let score else { return text }
        return score >= 1 ? style.good(text) : style.bad(text)
    }

    private func line(_ text: String) -> String { TextWidth.visible(text, keepingLines: false) }

    private static func list(_ parts: [String?]) -> String {
        let known = parts.compactMap { $0 }
        return known.isEmpty ? "" : "  " + known.joined(separator: ", ")
    }

    private static func fixed(_ value: Double) -> String {
        abs(value) < 1000 ? String(format: "%.2f", value) : Chart.number(value)
    }

    /// Advantages are small beside rewards, and -0.00 says nothing.
    private static func signed(_ value: Double) -> String {
        abs(value) < 0.0005 ? "0" : abs(value) < 100 ? String(format: "%+.3f", value) : Chart.number(value)
    }
}

extension JSONValue {
    /// A plain value as text; nil for null, arrays and objects.
    var plain: String? {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        case .number(let number): Chart.number(number)
        case .bool(let flag): flag ? "yes" : "no"
        case .null, .array, .object: nil
        }
    }
}
