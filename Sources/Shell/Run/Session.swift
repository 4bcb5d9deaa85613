import Compute
import Foundation
import Problems
import Workspace

/// How a shell was started.
public struct Options: Sendable {
    public var json = false
    public var keepGoing = false
    public var isInteractive = false
    public var colour = ColourChoice.auto

    public init() {}
}

/// The state of one shell, passed to every command. Only the thread that runs commands touches it.
public final class Session {
    public var options: Options
    public let home: Home
    public let workspace: Workspace
    public let mailbox: Mailbox
    /// Signals; nil where the shell is driven by a test in its own process.
    var interrupts: Interrupts?
    public var settings = Settings()
    public var timing = false
    /// What was typed in this session, oldest first.
    public var history: [String] = []

    public init(options: Options, workspace: Workspace, home: Home, mailbox: Mailbox = Mailbox()) {
        self.options = options
        self.workspace = workspace
        self.home = home
        self.mailbox = mailbox
    }

    public var seed: UInt64 { settings.unsigned("seed") }

    /// Shows what jobs said while a command ran.
    func flushMessages(_ output: Output) {
        for event in mailbox.drain() {
            if case .message(let text) = event { output.write(text.hasSuffix("\n") ? text : text + "\n") }
        }
    }

    /// Names for completion, by the name of the argument's value.
    func choices(_ valueName: String, _ partial: String) -> [String] {
        switch valueName {
        case "file", "dir", "path": Paths.choices(partial)
        case "key": Settings.all.map(\.key)
        case "command", "topic": Registry.names
        case "problem": ((try? workspace.problems.ids()) ?? []).map(String.init)
        case "solution", "prefix": ((try? workspace.solutions.ids()) ?? []).map(String.init) + ["last"]
        default: []
        }
    }
}
