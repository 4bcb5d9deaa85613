import Foundation
import Testing

/// What commands print, kept under Tests/Fixtures/snapshots: a change that nobody meant shows as a difference.
/// `GENAC_RECORD=1 swift test …` keeps what is printed now; git then shows what has changed.
enum Snapshot {
    static let isRecording = ProcessInfo.processInfo.environment["GENAC_RECORD"] != nil
    private static let folder = Binary.root + "/Tests/Fixtures/snapshots"

    /// Compares `text` with what is kept under `name`, or keeps it.
    static func expect(_ text: String, is name: String) throws {
        let path = "\(folder)/\(name)"
        guard !isRecording else { return try record(text, path) }
        let kept = try #require(
            try? String(contentsOfFile: path, encoding: .utf8), "\(name) is not recorded yet; GENAC_RECORD=1 records it"
        )
        let found = text.components(separatedBy: "\n"), wanted = kept.components(separatedBy: "\n")
        guard found != wanted else { return }
        let line = zip(found, wanted).prefix { $0 == $1 }.count
        func shown(_ lines: [String]) -> String { lines.dropFirst(line).prefix(3).joined(separator: "\n  ") }
        Issue.record(
            """
            \(name):\(line + 1) is
              \(shown(found))
            and was recorded as
              \(shown(wanted))
            """)
    }

    /// The names kept in a folder of snapshots.
    static func names(in subfolder: String) throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(subfolder)"))
    }

    static func kept(_ name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }

    private static func record(_ text: String, _ path: String) throws {
        let parent = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }
}

/// The kernels whose bits recorded numbers have: those that every x86-64 machine of the last ten years runs.
enum RecordedKernels {
    static let environment = ["GENAC_KERNELS": "x86-64-v3"]

    static let areHere: Bool = {
        #if arch(x86_64)
            let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
            let flags = text.split(separator: "\n").first { $0.hasPrefix("flags") }?.split(separator: " ") ?? []
            return ["avx2", "fma", "bmi2", "f16c"].allSatisfy { flags.contains(Substring($0)) }
        #else
            return false
        #endif
    }()
}
