import Compute
import Foundation
import Generation
import Problems
import PromptKit
import Prompts
import Testing

@Suite struct ICCTests {
    func field(_ icc: ICC, _ name: String, actor: ActorSnapshot? = snapshot) throws -> ICCValue {
        try #require(icc.values(for: actor).first { "\($0.name)" == name })
    }

    func prompt(_ icc: ICC, actor: ActorSnapshot? = snapshot) throws -> String {
        let builder = PromptBuilder(tokenizer: try makeTokenizer(), chatTemplate: nil, bos: nil)
        return try #require(
            try builder.critic(criticTemplate(), problem: problem.text, solutions: ["so"], icc: icc.values(for: actor))
                .first
        ).text
    }

    @Test func valuesComeFromTheSnapshotWithTheirSource() throws {
        let icc = ICC()
        #expect(try field(icc, "actor").fact?.text == "Tiny, 352K")
        #expect(try field(icc, "success-rate").fact?.text == "42%")
        #expect(try field(icc, "success-rate").source == "ema@7")
        #expect(try field(icc, "sampling").fact?.text == "0.7, 96")
        var measured = snapshot
        measured.successRate = SuccessRate(value: 0.5, source: .measured(64))
        #expect(try field(icc, "success-rate", actor: measured).source == "measured (64)")
    }

    @Test func anUnknownRateLeavesItsSentenceOut() throws {
        var unknown = snapshot
        unknown.successRate = nil
        #expect(try field(ICC(), "success-rate", actor: unknown).source == "unknown")
        #expect(try !prompt(ICC(), actor: unknown).contains("It is right"))
        #expect(try prompt(ICC()).contains("It is right 42 times of 100."))
    }

    @Test(arguments: [
        ("actor", "By Tiny, 352K numbers.\n"), ("success-rate", "It is right 42 times of 100.\n"),
        ("sampling", "Temperature 0.7, 96 tokens.\n"), ("infer", "Infer its skill.\n"),
        ("tools", "It has a calculator.\n"),
    ])
    func switchingAFieldOffRemovesExactlyItsSentence(name: String, sentence: String) throws {
        var icc = ICC()
        try icc.add("tools", sentence: "It has a calculator.")
        let on = try prompt(icc)
        try icc.turn(name, on: false)
        let off = try prompt(icc)
        #expect(on.ranges(of: sentence).count == 1)
        #expect(on.replacingOccurrences(of: sentence, with: "") == off)
        let value = try field(icc, name)
        let said = try criticTemplate().sentence(value)
        #expect(!value.isOn && said.map { $0 + "\n" } == sentence)
        try icc.turn(name, on: true)
        #expect(try prompt(icc) == on)
    }

    @Test(arguments: [
        ("20%", "20"), ("20", "20"), ("0.2", "20"), ("1", "100"), ("1%", "1"), ("0", "0"), ("100", "100"),
    ])
    func aSuccessRateIsAPercentageOrAShare(_ written: String, _ percent: String) throws {
        var icc = ICC()
        try icc.set("success-rate", to: written)
        #expect(try field(icc, "success-rate").fact == .successRate(percent: #require(Int(percent))))
    }

    /// What valuations keep of a field, as the first version wrote it.
    @Test(arguments: [
        #"{"isOn":true,"name":"actor","parts":{"name":"Tiny","size":"352K"},"#
            + #""source":"snapshot","value":"Tiny, 352K"}"#,
        #"{"isOn":true,"name":"actor","parts":{"name":"Tiny"},"source":"set","value":"Tiny"}"#,
        #"{"isOn":false,"name":"success-rate","parts":{"percent":"42"},"source":"ema@7","value":"42%"}"#,
        #"{"isOn":true,"name":"success-rate","parts":{"percent":"50"},"source":"measured (64)","value":"50%"}"#,
        #"{"isOn":true,"name":"success-rate","parts":{},"source":"unknown"}"#,
        #"{"isOn":true,"name":"infer","parts":{},"source":"template"}"#,
        #"{"isOn":true,"name":"infer","parts":{"own":"Guess."},"source":"set","value":"Guess."}"#,
        #"{"isOn":true,"name":"sampling","parts":{"temperature":"0.7","tokens":"96"},"#
            + #""source":"snapshot","value":"0.7, 96"}"#,
        #"{"isOn":true,"name":"sampling","parts":{"temperature":"1"},"source":"set","value":"1"}"#,
        #"{"isOn":true,"name":"tools","parts":{"sentence":"It has one."},"source":"set","value":"It has one."}"#,
    ])
    func aKeptFieldIsReadAndWrittenAsItWas(_ kept: String) throws {
        let value = try JSONDecoder().decode(ICCValue.self, from: Data(kept.utf8))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(value), as: UTF8.self) == kept)
    }

    @Test(arguments: [
        #"{"isOn":true,"name":"actor","parts":{},"source":"snapshot"}"#,
        #"{"isOn":true,"name":"success-rate","parts":{"percent":"many"},"source":"set","value":"many%"}"#,
        #"{"isOn":true,"name":"success-rate","parts":{"percent":"4"},"source":"guessed","value":"4%"}"#,
    ])
    func aKeptFieldThatSaysNothingIsRefused(_ kept: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(ICCValue.self, from: Data(kept.utf8)) }
    }

    @Test func aSetValueOverridesTheSnapshotUntilItIsUnset() throws {
        var icc = ICC()
        try icc.set("success-rate", to: "90%")
        try icc.set("actor", to: "Big, really, 7B")
        try icc.set("sampling", to: "0")
        try icc.set("infer", to: "Guess its skill.")
        #expect(try field(icc, "success-rate").source == "set")
        let text = try prompt(icc)
        for said in ["right 90 times", "By Big, really, 7B numbers.", "Temperature 0, 96 tokens.", "Guess its skill."] {
            #expect(text.contains(said))
        }
        #expect(!text.contains("Infer"))
        for name in ["success-rate", "actor", "sampling", "infer"] { try icc.unset(name) }
        #expect(try prompt(icc) == prompt(ICC()))
    }

    @Test func anActorSetWithoutASizeDoesNotBorrowTheSnapshots() throws {
        var icc = ICC()
        try icc.set("actor", to: "Other")
        #expect(try prompt(icc).contains("By Other.\n"))
    }

    @Test(arguments: [
        ("success-rate", "101"), ("success-rate", "-1"), ("success-rate", "nan"), ("success-rate", "high"),
        ("actor", " "),
        ("sampling", "hot"), ("sampling", "-1"), ("sampling", "1, 2, 3"), ("sampling", "1, 0"), ("infer", ""),
    ])
    func aValueThatMakesNoSenseIsRefused(field: String, value: String) {
        var icc = ICC()
        #expect(throws: PromptsError.self) { try icc.set(field, to: value) }
        #expect(icc == ICC())
    }

    @Test func namesAreChecked() throws {
        var icc = ICC()
        #expect(throws: PromptsError.self) { try icc.turn("actr", on: false) }
        #expect(throws: PromptsError.self) { try icc.add("actor", sentence: "x") }
        #expect(throws: PromptsError.self) { try icc.add("two words", sentence: "x") }
        #expect(throws: PromptsError.self) { try icc.remove("actor") }
        try icc.add("a", sentence: "x")
        try icc.remove("a")
        #expect(icc == ICC())
    }

    @Test func anOldSolutionIsReadUnderTheFieldsItWasSampledUnder() throws {
        let (solution, _) = makeSolution("a\nb", tokenizer: try makeTokenizer())
        let before = try prompt(ICC(), actor: solution.actor)
        let restored = try JSONDecoder().decode(Solution.self, from: JSONEncoder().encode(solution))
        #expect(try prompt(ICC(), actor: restored.actor) == before)
    }

    @Test func dropoutHidesFieldsAtItsRateAndNothingElse() {
        let icc = ICC()
        var hidden = 0
        for sample in 0..<1000 {
            let dropped = icc.dropping(rate: 0.25, key: RandomKey(seed: 3, purpose: .dropout, sample: UInt64(sample)))
            hidden += dropped.names.count { !dropped.isOn($0) }
        }
        #expect(abs(Double(hidden) / 4000 - 0.25) < 0.03)
        #expect(icc.dropping(rate: 0, key: RandomKey(seed: 3, purpose: .dropout)) == icc)
    }

    @Test(arguments: [
        (134_515_008, "135M"), (352_000, "352K"), (1_540_000_000, "1.5B"), (999_900, "1M"), (812, "812"),
        (9_960_000, "10M"),
    ])
    func sizesAreSaidAsModelNamesSayThem(parameters: Int, size: String) throws {
        var actor = snapshot
        actor.parameters = parameters
        #expect(try field(ICC(), "actor", actor: actor).fact?.text == "Tiny, \(size)")
    }
}

@Suite struct ToldTests {
    private func told(_ text: String, _ icc: ICC = ICC(), opening: Bool = false) throws -> [String] {
        try criticTemplate(text).told(icc.values(for: snapshot), opening: opening).map(\.name.description)
    }

    private func without(_ section: String) throws -> String {
        let start = try #require(criticText.range(of: "{{#\(section)}}\n")),
            end = try #require(criticText.range(of: "{{/\(section)}}\n"))
        return criticText.replacingCharacters(in: start.lowerBound..<end.upperBound, with: "")
    }

    @Test func whatTheTemplateHasNoPlaceForIsNotTold() throws {
        var icc = ICC()
        try icc.add("tools", sentence: "It has a calculator.")
        #expect(try told(criticText, icc) == ["actor", "success-rate", "infer", "sampling", "tools"])
        #expect(try told(without("sampling"), icc) == ["actor", "success-rate", "infer", "tools"])
        #expect(try told(without("fields"), icc) == ["actor", "success-rate", "infer", "sampling"])
        let own = try #require(icc.values(for: snapshot).last)
        #expect(
            try criticTemplate(without("fields")).sentence(own) == nil
                && criticTemplate().sentence(own) == "It has a calculator.")
        try icc.turn("infer", on: false)
        #expect(try !told(criticText, icc).contains("infer"))
    }

    @Test func aSectionInsideAnotherIsToldOnlyWithIt() throws {
        let text = try without("infer").replacingOccurrences(
            of: "{{/actor}}", with: "{{#infer}}Infer.{{/infer}}\n{{/actor}}")
        var icc = ICC()
        #expect(try told(text, icc).contains("infer"))
        try icc.turn("actor", on: false)
        #expect(try !told(text, icc).contains("infer"))
    }

    @Test func aValueHeadIsToldNothingBehindTheSolution() throws {
        let text = try without("infer").replacingOccurrences(of: "Think,", with: "{{#infer}}Infer. {{/infer}}Think,")
        #expect(try told(text).contains("infer"))
        #expect(try told(text, opening: true) == ["actor", "success-rate", "sampling"])
    }
}
