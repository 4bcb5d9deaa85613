import ArgumentParser
import Critics
import Prompts

struct ICCStudy: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "icc",
        "What In-Context Conditioning is worth: each critic told nothing, the rate alone, all but the rate, and all.",
        discussion: """
            The study of `study approximation` on the same prefixes and truths under four prompts: no ICC field, the \
            success rate alone, every field but that, and every field; each is set beside the critic told nothing. \
            Values that `icc set` gave count.
            """,
        examples: ["study icc --problems 200", "study icc --critic judge --critic head --groups 3-4"])

    @OptionGroup var setting: StudyOptions
    @OptionGroup var controls: StudyControls

    func run(_ context: CommandContext) throws -> Outcome {
        let desk = StudyDesk(context)
        let rate = ICC.Field.successRate.rawValue, all = desk.judging.icc.names
        func told(_ name: String, _ fields: [String]) throws -> StudyOptions.Variant {
            var icc = desk.judging.icc
            for name in all { try icc.turn(name, on: fields.contains(name)) }
            return .init(name: name) { [icc] in try $0.judging.critic($1, icc: icc) }
        }
        let variants = try [
            told("told nothing", []), told("the rate", [rate]), told("all but the rate", all.filter { $0 != rate }),
            told("all", all),
        ]
        let parts = try setting.parts(desk, variants: variants, controls: controls.names)
        return try setting.approximate("icc", desk, parts: parts, controls: controls.names, rival: "told nothing")
    }
}
