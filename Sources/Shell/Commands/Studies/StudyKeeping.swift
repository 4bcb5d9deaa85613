import ArgumentParser
import Critics
import Formats
import Foundation
import Studies
import Terminal
import Training

/// Where a study keeps what it measures and what it found: `studies/NAME/` of the workspace.
struct StudyKeeping: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Keep it as studies/NAME; of that name and the same question it goes on where it was stopped (default: the \
            study and a new number).
            """,
            valueName: "name"))
    var name: Text?

    /// - Parameters:
    ///   - study: what kind it is.
    ///   - measures: how many measurements there are to be, and what each is of.
    ///   - question: what beside the session's settings and prompts its measurements depend on.
    ///   - models: those that are measured.
    ///   - measure: measures what the log does not have yet.
    func keep(
        _ study: String, _ desk: StudyDesk, measures: (count: Int, of: String), question: [JSONObject.Member],
        models: [LoadedModel], measure: (StudyLog) throws -> StudyResult
    ) throws -> Outcome {
        let name = try self.name?.string ?? Self.free(study, in: desk.folder)
        let log = try Self.log(study, in: name, desk, question: question, models: models)
        let plan = StudyPlan(
            study: study, command: desk.console.typed + (self.name == nil ? " --name \(name)" : ""), measures)
        try plan.write(to: log.folder)
        let result: StudyResult
        do {
            result = try measure(log)
        } catch {
            log.abandon()
            if log.count > 0 {
                desk.console.remark(
                    "\(plan.progress(log.count)) measured and kept in studies/\(name); go on with: \(plan.command)")
            }
            throw error
        }
        try result.write(to: log.folder)
        return Outcome([("study", .string(name))] + result.fields) { page in
            result.page.render(on: page)
            page.line(page.style.faint("kept in studies/\(name): \(result.files.joined(separator: ", "))"))
        }
    }

    /// The log of the measurements under a name, with what is in it already.
    static func log(
        _ study: String, in name: String, _ desk: StudyDesk, question: [JSONObject.Member],
        models: [LoadedModel]
    ) throws -> StudyLog {
        let folder = "\(desk.folder)/\(try checked(name))"
        let log = try StudyLog(in: folder, question: try desk.question(study, question, models))
        if log.count > 0 { desk.console.remark("\(folder) has \(log.count) of its measurements already") }
        return log
    }

    private static func checked(_ name: String) throws -> String {
        guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/") else {
            throw ShellError.refused(
                "\"\(name)\" is no name for a study", hint: "it becomes a folder: write letters, digits and hyphens")
        }
        return name
    }

    private static func free(_ study: String, in folder: String) throws -> String {
        let numbers = try Folder.names(folder).compactMap {
            $0.hasPrefix(study + "-") ? Int($0.dropFirst(study.count + 1)) : nil
        }
        return "\(study)-\((numbers.max() ?? 0) + 1)"
    }
}

extension StudyDesk {
    /// All that a study's measurements depend on: kind, seed, settings and ICC of the session, models by their weights
    /// and templates.
    fileprivate func question(_ study: String, _ own: [JSONObject.Member], _ models: [LoadedModel]) throws -> JSONObject
    {
        let told = judging.icc.values(for: nil).map { value in
            JSONValue.object([
                ("name", .string("\(value.name)")), ("on", .bool(value.isOn)), ("value", .text(value.fact?.text)),
                ("source", .string(value.source)),
                ("sentence", .text(judging.icc.own.first { $0.name == "\(value.name)" }?.sentence)),
            ])
        }
        let described = try models.map { model in
            return JSONValue.object([
                ("name", .string(model.name)),
                ("weights", .string(model.fingerprint)),
                ("actor_prompt", .string(try templates.template(model, .actor).text)),
                ("critic_prompt", .string(try templates.template(model, .critic).text)),
                ("measured", .number(model.measured?.rate)), ("untold", .bool(model.isUntold)),
            ])
        }
        let changed = settings.changed.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
        return JSONObject(
            [("study", .string(study))] + own + [
                ("settings", .object(changed)), ("icc", .array(told)), ("models", .array(described)),
            ])
    }
}
