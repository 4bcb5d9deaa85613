import Formats
import Foundation
import Jinja
import Testing

@Suite struct JinjaTemplateTests {
    /// The moment at which the oracle's clock stands: 2026-04-05 09:07:03 local time.
    static let now: Date = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .current
        let parts = DateComponents(year: 2026, month: 4, day: 5, hour: 9, minute: 7, second: 3)
        return calendar.date(from: parts) ?? Date(timeIntervalSince1970: 0)
    }()

    @Test func snippetsRenderAsInPython() throws {
        let json = try Fixtures.json("snippets.json")
        let variables = try #require(json["variables"]?.asObject)
        var failures: [String] = []
        for snippet in json["snippets"]?.asArray ?? [] {
            let source = try #require(snippet["source"]?.asString)
            compare(source, variables, snippet, &failures)
        }
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    }

    @Test func conversationsRenderAsInPython() throws {
        let json = try Fixtures.json("templates.json")
        let conversations = json["conversations"]?.asArray ?? []
        var failures: [String] = []
        var count = 0
        for template in json["templates"]?.asArray ?? [] {
            guard let source = try template["source"]?.asString ?? smollm2Source() else { continue }
            for example in template["cases"]?.asArray ?? [] {
                var variables = JSONObject([("tools", .null), ("documents", .null), ("add_generation_prompt", false)])
                if example["tokens"]?.asBool == true {
                    variables["bos_token"] = "<s>"
                    variables["eos_token"] = "</s>"
                }
                let conversation = conversations[try #require(example["conversation"]?.asInt)]
                for (name, value) in conversation.asObject?.members ?? [] { variables[name] = value }
                compare(source, variables, example, &failures)
                count += 1
            }
        }
        #expect(count >= 6 * 19)
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    }

    private func smollm2Source() throws -> String? {
        try Fixtures.smollm2Path.flatMap { try GGUFFile(path: $0).metadata["tokenizer.chat_template"]?.asString }
    }

    private func compare(_ source: String, _ variables: JSONObject, _ oracle: JSONValue, _ failures: inout [String]) {
        let expected = oracle["text"]?.asString
        do {
            let text = try JinjaTemplate(source: source).render(variables, now: Self.now)
            if let expected, text.utf8.elementsEqual(expected.utf8) { return }
            failures.append(
                "\(source.prefix(300))\n  gave \(text.debugDescription)\n  not  "
                    + "\(expected?.debugDescription ?? "an error: \(oracle["error"]?.asString ?? "")")"
            )
        } catch let error as JinjaError {
            if expected != nil {
                failures.append(
                    "\(source.prefix(300))\n  failed: \(error)\n  instead of \(expected?.debugDescription ?? "")")
            }
        } catch {
            failures.append("\(source): \(error)")
        }
    }

    /// Nothing of one rendering is left for the next, however many run at a time.
    @Test func renderingsKnowNothingOfEachOther() async throws {
        let template = try JinjaTemplate(
            source: """
                {% set ns = namespace(n=0, all=[]) %}{% set j = joiner('-') %}{% set xs = l | map('string') %}
                {% macro m(x) %}{{ j() }}{{ x }}{{ caller() if caller }}{% endmacro %}
                {% for x in xs %}{% set ns.n = ns.n + x | int %}{% set ns.all = ns.all + [ns, m] %}{{ m(x) }}
                {% call m(x) %}!{% endcall %}{% endfor %}{{ ns.n }} {{ xs | list }} {{ ns.all | length }}
                """)
        let wanted = try template.render(JSONObject([("l", [3, 1, 2])]))
        #expect(wanted.hasSuffix("6 [] 6"))
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 { group.addTask { try template.render(JSONObject([("l", [3, 1, 2])])) } }
            for try await text in group { #expect(text == wanted) }
        }
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
            "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
            "{% set ns = namespace(x='ab') %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
            "{% set ns = namespace(x=[1]) %}{% for i in range(100000) %}{% set ns.x = [ns.x] %}{% endfor %}",
            "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x "
                + "}}",
            "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x | "
                + "tojson }}",
            "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x "
                + "== (ns.x + []) }}",
            "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
            "{% set ns = namespace() %}{% for i in range(1000) %}{% for j in range(1000) %}"
                + "{% set ns.x = namespace(y=ns) %}{% endfor %}{% endfor %}",
            "{% set ns = namespace(x=[1]) %}{% for i in range(100) %}{% set ns.x = ns.x | map('upper') %}{% endfor %}",
            "{% set ns = namespace(x=1) %}{% for i in range(100000) %}{% for j in range(100) %}{% macro m() %}{{ ns }}"
                + "{% endmacro %}{% set ns.x = m %}{% endfor %}{% endfor %}",
            "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
            "{% macro m() %}{% call m() %}{% endcall %}{% endmacro %}{{ m() }}",
            "{{ '%999999999d' % 1 }}", "{{ '%*d' | format(999999999, 1) }}", "{{ '{:999999999}'.format(1) }}",
            "{{ '%.999999999f' % 1 }}", "{{ 'a'.center(9999999999) }}", "{{ '\t'.expandtabs(99999999999) }}",
            "{{ ('a' * 2000000 ~ 'b').split('') }}", "{{ ('a' * 2000000) | list }}{{ (',' * 2000000).split(',') }}",
            "{{ [1] | batch(99999999, 0) | list }}", "{{ [1] | slice(99999999) | list }}",
            "{% set x = 'a' * 2000000 %}{% for i in range(100000) %}{{ x.count('ab') ~ (x | length) }}{% endfor %}",
            "{% set x = 'a' * 2000000 %}{% for i in range(100000) %}{% if x == x + '' %}{% endif %}{% endfor %}",
            "{% set x = 'a' * 2000000 %}{% for i in range(100000) %}{% if 'b' in x %}{% endif %}{% endfor %}",
            "{% set x = 'a' * 1000000 %}{{ x.count('a' * 500000 + 'b') }}{{ (x | list) + (x | list) }}",
            "{% set x = range(99999) | list %}{% for i in x %}{% if i in x %}{% endif %}{% endfor %}",
            "{% for i in range(100000) %}{{ 'x' * 1000 }}{% endfor %}",
            "{{ joiner(joiner(joiner)) ~ [joiner([joiner])].x.y }}",
            "{{ 'x' * 100000000000 }}", "{{ [1] * 100000000000 }}", "{{ ('x' * 1000000).replace('x', 'y' * 1000000) }}",
            "{{ 'x' | indent(99999999999) }}", "{{ '1'.zfill(999999999999) }}", "{{ 9223372036854775807 + 1 }}",
            "{{ range(0, 1000000) }}",
            "{{ -9223372036854775807 - 2 }}", "{{ 2 ** 100 }}",
            "{{ [1] | tojson(indent=999999999) | length and missing.x }}",
            "{{ range(-9223372036854775807, 9223372036854775807, 1) }}", "{{ 'a'[99999999999999999999] }}",
            "{{" + String(repeating: "(", count: 100_000),
            "{{" + String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000) + "}}",
            "{{ 1" + String(repeating: "+1", count: 50_000) + "}}",
            "{{ a" + String(repeating: ".a", count: 50_000) + "}}",
            "{{ " + String(repeating: "not ", count: 50_000) + "a}}",
            "{{ " + String(repeating: "-", count: 50_000) + "1}}",
            "{{ a" + String(repeating: "|trim", count: 50_000) + "}}", String(repeating: "{% if a %}", count: 50_000),
            "{{ 1" + String(repeating: " if 1 else 1", count: 50_000) + "}}", String(repeating: "x", count: 2_000_000),
        ])
    func forgedTemplatesEndInAnError(_ source: String) throws {
        #expect(throws: JinjaError.self) {
            _ = try JinjaTemplate(source: source).render(JSONObject())
        }
    }
}
