import Foundation

/// The folders prompts are found in: the workspace's own first, then those that came with the program.
/// A folder holds `critic/NAME.mustache` and `actor/NAME.mustache`.
package struct PromptLibrary: Sendable {
    /// Where edits go, such as `WORKSPACE/prompts`; it need not exist yet.
    package let workspace: String?
    /// Folders that came with the program, the first that has a template counts.
    package let homes: [String]
    /// Whether it is a run's, and so holds exactly the templates that the run was begun with.
    package let isOfRun: Bool

    /// The library of a session.
    package init(workspace: String?, homes: [String]) {
        self.workspace = workspace
        self.homes = homes
        isOfRun = false
    }

    /// The templates that a run keeps in its folder `run`.
    package init(run: String) {
        workspace = nil
        homes = [run + "/prompts"]
        isOfRun = true
    }

    private var folders: [String] { (workspace.map { [$0] } ?? []) + homes }

    /// - Throws: ``PromptsError/missingTemplate(name:folders:)``, ``PromptsError/badTemplate(name:line:reason:)``.
    package func load(_ role: PromptTemplate.Role, _ name: String) throws -> PromptTemplate {
        try load(role, name, from: folders)
    }

    /// The only template of a role, where there is just one.
    /// - Throws: ``PromptsError/notOneTemplate(names:folders:)``.
    package func only(_ role: PromptTemplate.Role) throws -> PromptTemplate {
        let names = names(role)
        guard let name = names.first, names.count == 1 else {
            throw PromptsError.notOneTemplate(names: names, folders: folders.map { "\($0)/\(role)" })
        }
        return try load(role, name)
    }

    /// Whether a name means the workspace's copy, and that copy says something else than what it hides.
    /// - Throws: as ``load(_:_:)``.
    package func isEdited(_ role: PromptTemplate.Role, _ name: String) throws -> Bool {
        guard let copy = try workspace.flatMap({ try find(role, name, in: $0) }) else { return false }
        let original = try homes.lazy.compactMap { try find(role, name, in: $0) }.first
        return original.map { Array($0.text.utf8) != Array(copy.text.utf8) } ?? true
    }

    /// Forgets a template of the workspace's that hides none.
    /// - Throws: ``PromptsError/cannotWrite(path:reason:)``.
    package func remove(_ role: PromptTemplate.Role, _ name: String) throws {
        guard let path = workspacePath(role, name), FileManager.default.fileExists(atPath: path) else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw PromptsError.cannotWrite(path: path, reason: error.localizedDescription)
        }
    }

    /// Every name that can be loaded, sorted.
    package func names(_ role: PromptTemplate.Role) -> [String] {
        let files = folders.flatMap { folder in
            (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(role)")) ?? []
        }
        return Set(files.filter { $0.hasSuffix(Self.suffix) }.map { String($0.dropLast(Self.suffix.count)) }).sorted()
    }

    /// Keeps an edited text in the workspace, where it hides the template it began as.
    /// - Throws: as the template's initialiser, before anything is written; ``PromptsError/cannotWrite(path:reason:)``.
    @discardableResult
    package func save(_ role: PromptTemplate.Role, _ name: String, text: String) throws -> PromptTemplate {
        guard let path = workspacePath(role, name) else {
            throw PromptsError.cannotWrite(
                path: "\(role)/\(name)", reason: "there is no workspace, or the name is no file name")
        }
        let template = try PromptTemplate(name: name, role: role, text: text, path: path)
        do {
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw PromptsError.cannotWrite(path: path, reason: error.localizedDescription)
        }
        return template
    }

    /// Forgets the workspace's version and gives what counts again.
    /// - Throws: ``PromptsError/missingTemplate(name:folders:)`` when no other folder has it: nothing is deleted then.
    @discardableResult
    package func reset(_ role: PromptTemplate.Role, _ name: String) throws -> PromptTemplate {
        let original = try load(role, name, from: homes)
        try remove(role, name)
        return original
    }

    /// The lines by which the workspace's version differs from the original: each begins with `-` or `+`,
    /// unchanged ones with a blank. Empty when there is no difference.
    package func diff(_ role: PromptTemplate.Role, _ name: String) throws -> [String] {
        Self.diff(try load(role, name, from: homes).text, try load(role, name).text)
    }

    /// The lines by which two texts differ, each beginning with `-`, `+` or a blank.
    package static func diff(_ old: String, _ new: String) -> [String] {
        guard Array(old.utf8) != Array(new.utf8) else { return [] }
        let before = old.split(separator: "\n", omittingEmptySubsequences: false)
        let after = new.split(separator: "\n", omittingEmptySubsequences: false)
        let changes = after.difference(from: before)
        let removed = Set(changes.removals.map { change in Self.offset(change) })
        let inserted = Set(changes.insertions.map { change in Self.offset(change) })
        var lines: [String] = []
        var (i, j) = (0, 0)
        while i < before.count || j < after.count {
            if i < before.count, removed.contains(i) {
                lines.append("-" + before[i])
                i += 1
            } else if j < after.count, inserted.contains(j) {
                lines.append("+" + after[j])
                j += 1
            } else {
                lines.append(" " + after[j])
                (i, j) = (i + 1, j + 1)
            }
        }
        return lines
    }

    private static func offset(_ change: CollectionDifference<Substring>.Change) -> Int {
        switch change {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }

    private static let suffix = ".mustache"
    private static let largest = 65_536

    private func load(_ role: PromptTemplate.Role, _ name: String, from folders: [String]) throws -> PromptTemplate {
        for folder in folders {
            if let template = try find(role, name, in: folder) { return template }
        }
        throw PromptsError.missingTemplate(name: name, folders: folders.map { "\($0)/\(role)" })
    }

    /// The template of one folder; nil when it has none of the name. One that is there and cannot be read is an error:
    /// the next folder's would be another template under the same name.
    private func find(_ role: PromptTemplate.Role, _ name: String, in folder: String) throws -> PromptTemplate? {
        let path = "\(folder)/\(role)/\(name)\(Self.suffix)"
        guard Self.isFileName(name), Self.isThere(path) else { return nil }
        func failure(_ reason: String) -> PromptsError { .badTemplate(name: path, line: nil, reason: reason) }
        guard let file = FileHandle(forReadingAtPath: path) else { throw failure("the template cannot be read") }
        let bytes: Data
        do {
            bytes = try file.read(upToCount: Self.largest + 1) ?? Data()
        } catch {
            throw failure("the template cannot be read: \(error.localizedDescription)")
        }
        guard bytes.count <= Self.largest else { throw failure("the template is longer than \(Self.largest) bytes") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("the template is not UTF-8") }
        return try PromptTemplate(name: name, role: role, text: text, path: path)
    }

    /// Also a link that leads nowhere.
    private static func isThere(_ path: String) -> Bool {
        var entry = stat()
        return lstat(path, &entry) == 0
    }

    private func workspacePath(_ role: PromptTemplate.Role, _ name: String) -> String? {
        workspace.flatMap { Self.isFileName(name) ? "\($0)/\(role)/\(name)\(Self.suffix)" : nil }
    }

    private static func isFileName(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && !name.contains("/") && !name.contains("\0")
    }
}
