import Checkpoints
import Compute
import Formats
import Foundation

/// Where what comes with genac lies: prompts and starter models are looked for in the workspace, then in
/// `$GENAC_HOME`, then upward from the executable (never through `Bundle.module`, which traps when the binary and
/// its build folder part).
package struct Home: Sendable {
    let workspace: String
    let roots: [String]

    /// - Parameter executable: the path of the program that runs.
    package init(
        workspace: String, environment: [String: String] = ProcessInfo.processInfo.environment,
        executable: String = Home.executablePath
    ) {
        self.workspace = workspace
        var roots = [workspace]
        if let home = environment["GENAC_HOME"], !home.isEmpty { roots.append(home) }
        var folder = (executable as NSString).deletingLastPathComponent
        while folder.count > 1 {
            roots.append(folder)
            folder = (folder as NSString).deletingLastPathComponent
        }
        self.roots = roots
    }

    /// What is wrong with `$GENAC_HOME`; nil where nothing is.
    static func refusal(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
        guard let home = environment["GENAC_HOME"], !home.isEmpty, !FileManager.default.fileExists(atPath: home) else {
            return nil
        }
        return "GENAC_HOME=\(home) is not there"
    }

    /// The first root that holds `relative`, with it.
    func find(_ relative: String) -> String? {
        roots.lazy.map { $0 + "/" + relative }.first { FileManager.default.fileExists(atPath: $0) }
    }

    /// Names of the starter models that can be loaded, sorted.
    /// - Throws: where a folder of them cannot be read.
    func starters() throws -> [String] {
        let names = try roots.map { $0 + "/starter" }.flatMap { place in
            try Folder.names(place).filter { FileManager.default.fileExists(atPath: "\(place)/\($0)/config.json") }
        }
        return Set(names).sorted()
    }

    /// A file as a user names it: from the current directory, else from where genac's own files lie, so that its
    /// sessions run from anywhere. A path that is nowhere is given back as it is.
    func file(_ path: String) -> String {
        let place = (path as NSString).expandingTildeInPath
        if place.hasPrefix("/") || FileManager.default.fileExists(atPath: place) { return place }
        return find(place) ?? place
    }

    /// Where a command writes what a user names: from the current directory, never among genac's own files. Folders
    /// above it are made; one that cannot be made is told by the writing itself.
    static func output(_ path: String) -> String {
        let place = (path as NSString).expandingTildeInPath
        let parent = URL(fileURLWithPath: place).deletingLastPathComponent().path
        try? FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        return place
    }

    /// As ``output(_:)``, for a directory that must not be there yet unless it is to be replaced.
    static func newDirectory(_ path: String, replacing: Bool) throws -> String {
        guard !path.isEmpty else { throw ShellError.refused("the directory has no name", hint: "name one") }
        let place = output(path)
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place, isDirectory: &isDirectory) else { return place }
        guard isDirectory.boolValue else {
            throw ShellError.refused("\(path) is a file, not a directory", hint: "name another")
        }
        // What is no link has no destination: that is the answer.
        if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: place) {
            throw ShellError.refused("\(path) is a link to \(target)", hint: "name that, or another")
        }
        guard replacing else { throw ShellError.refused("\(path) is there already", hint: "--replace replaces it") }
        // What is replaced is deleted whole: only what another such command wrote may be.
        if let other = try Folder.names(place).sorted().first(where: { !Checkpoint.savedNames.contains($0) }) {
            throw ShellError.refused(
                "\(path) holds \(other), which no such command wrote, so it is not replaced",
                hint: "name another, or remove it yourself")
        }
        return place
    }

    /// As ``output(_:)``, for a file of training rows: one that is there is replaced where such a command wrote it.
    static func newRows(_ path: String) throws -> String {
        let place = output(path)
        guard FileManager.default.fileExists(atPath: place) else { return place }
        let file = try MappedFile(path: place)
        let first = withExtendedLifetime(file) { Array(file.bytes.prefix(1 << 20).prefix { $0 != 0x0A }) }
        // What is no JSON is no row of ours.
        let row = try? JSONValue.parse(first, name: place)
        guard first.isEmpty || ["prompt", "response"].allSatisfy({ row?[$0] != nil }) else {
            throw ShellError.refused(
                "\(path) is there already and holds other rows, so it is not replaced",
                hint: "name another, or remove it yourself")
        }
        return place
    }

    /// The program that runs, by its own link in /proc.
    package static var executablePath: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }
}
