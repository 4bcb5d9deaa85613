import ArgumentParser
import Compute
import Formats
import Foundation
import Terminal
import Training

struct StudiesCommand: ShellCommand {
    static let configuration = CommandConfiguration.shell(
        "studies", "List the studies kept in the workspace, or tell one again.",
        examples: ["studies", "studies approximation-1"])

    @Argument(help: ArgumentHelp("A kept study.", valueName: "study"))
    var name: Text?

    func run(_ context: CommandContext) throws -> Outcome {
        let folder = context.workspace.studiesDirectory
        guard let name else { return list(try KeptStudy.all(in: folder)) }
        let study = try KeptStudy.named(name.string, in: folder)
        return Outcome(study.fields + (study.result.map { [("result", $0)] } ?? [])) { page in
            study.page?.render(on: page)
            page.line(page.style.faint(study.closing))
        }
    }

    private func list(_ studies: [KeptStudy]) -> Outcome {
        Outcome([("studies", .array(studies.map { .object($0.fields) }))]) { page in
            guard !studies.isEmpty else {
                return page.line("no studies are kept; `study approximation --quick` makes one")
            }
            var table = Table([
                .init("study", giving: .cut), .init("kind", spare: true), .init("when", spare: true),
                .init("measured", right: true), .init("state"), .init("found", giving: .cut, least: 26),
            ])
            for study in studies {
                table.add([
                    .init(study.name), .init(study.kind), .init(study.when), .init(study.progress),
                    .init(study.state) { study.isWhole ? $1 : $0.warning($1) }, .init(study.page?.headline ?? ""),
                ])
            }
            page.table(table)
            if studies.contains(where: { !$0.isWhole }) { page.line("`studies NAME` says how one goes on") }
        }
    }
}

/// A study's folder, read.
private struct KeptStudy {
    let name: String
    let kind: String
    private let plan: StudyPlan?
    private let measured: Int
    private let changed: Date?
    private let holder: RunHolder?
    let page: StudyPage?
    /// Its figures, where it is complete.
    let result: JSONValue?

    /// - Throws: where a file of it cannot be read.
    init(_ name: String, in folder: String) throws {
        let place = "\(folder)/\(name)"
        func load(_ file: String) throws -> JSONValue? {
            guard FileManager.default.fileExists(atPath: "\(place)/\(file)") else { return nil }
            return try JSONValue.load("\(place)/\(file)", limits: JSONLimits(bytes: 1 << 26))
        }
        self.name = name
        holder = RunLock.holder(of: place)
        plan = try StudyPlan(in: place)
        kind = try plan?.study ?? load("question.json")?["study"]?.asString ?? "?"
        let log = "\(place)/measurements.jsonl"
        measured = try JSONLines.objects(in: log).count
        // One that has measured nothing yet has none.
        changed = try? FileManager.default.attributesOfItem(atPath: log)[.modificationDate] as? Date
        page = try load(StudyPage.file).map { try StudyPage($0, file: "\(place)/\(StudyPage.file)") }
        result = try load("result.json")
    }

    /// Oldest first.
    static func all(in folder: String) throws -> [KeptStudy] {
        try names(in: folder).map { try KeptStudy($0, in: folder) }
            .sorted { ($0.changed ?? .distantPast, $0.name) < ($1.changed ?? .distantPast, $1.name) }
    }

    /// - Throws: ``ShellError/refused(_:hint:)`` where there is none of that name.
    static func named(_ name: String, in folder: String) throws -> KeptStudy {
        let names = try names(in: folder)
        guard name != "last" else {
            guard let last = try all(in: folder).last else {
                throw ShellError.refused("no study is kept", hint: "`study approximation --quick` makes one")
            }
            return last
        }
        guard names.contains(name) else {
            let near = DidYouMean.nearest(to: name, in: names).map { "did you mean \($0)?" }
            throw ShellError.refused("there is no study \(name)", hint: near ?? "`studies` lists them")
        }
        return try KeptStudy(name, in: folder)
    }

    static func names(in folder: String) throws -> [String] {
        try Folder.names(folder).filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/question.json") }
    }

    var isWhole: Bool { result != nil }

    var state: String { holder != nil ? "running" : isWhole ? "complete" : "stopped" }

    /// `5/32`; of what, the kind says.
    var progress: String { "\(measured)" + (plan.map { "/\($0.count)" } ?? "") }

    var when: String {
        guard let changed else { return "" }
        let format = DateFormatter()
        (format.locale, format.dateFormat) = (Locale(identifier: "en_US_POSIX"), "yyyy-MM-dd HH:mm")
        return format.string(from: changed)
    }

    /// What stands below its page: where it lies, or how it goes on.
    var closing: String {
        if let holder { return "\(name) is being measured by \(holder): \(progress)" }
        if isWhole { return "kept in studies/\(name)" + (page == nil ? ": table.csv, result.json" : "") }
        guard let plan else {
            return "\(measured) measurements; the same `study` with --name \(name) goes on from them"
        }
        return "\(plan.progress(measured)) measured; with the same models and settings it goes on by: \(plan.command)"
    }

    var fields: [JSONObject.Member] {
        [
            ("study", .string(name)), ("kind", .string(kind)), ("changed", .string(when)),
            ("measured", .int(measured)), ("wanted", plan.map { .int($0.count) } ?? .null), ("state", .string(state)),
            ("headline", .text(page?.headline)), ("command", .text(plan?.command)),
        ]
    }
}
