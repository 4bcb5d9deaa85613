import ChildProcess
import Foundation

/// `genac` in a terminal of its own, driven as a person would: keys in, a screen out.
final class PseudoTerminal {
    struct TimedOut: Error, CustomStringConvertible {
        var description: String
    }

    private let master: Int32
    let process: pid_t
    private(set) var screen: Screen
    /// Everything written so far, as it came.
    private(set) var raw: [UInt8] = []
    let folder: String
    private var exitStatus: Int32?
    /// Linux' TIOCSPTLCK and TIOCGPTN; Glibc shows Swift neither them nor `grantpt`.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    init(
        _ arguments: [String] = ["--bare"], columns: Int = 80, environment: [String: String] = [:],
        folder: String? = nil
    ) throws {
        self.folder = folder ?? NSTemporaryDirectory() + "genac-terminal-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var unlock: Int32 = 0
        var number: Int32 = -1
        guard master >= 0, ioctl(master, Self.setLock, &unlock) == 0, ioctl(master, Self.getNumber, &number) == 0 else {
            throw TimedOut(description: "no pseudo-terminal: \(String(cString: strerror(errno)))")
        }
        screen = Screen(columns: columns)
        Self.setSize(master, columns: columns)
        let variables = [
            "HOME": self.folder, "PATH": "/usr/bin:/bin", "TERM": "xterm", "GENAC_HOME": Binary.root, "NO_COLOR": "1",
            "LANG": "C.UTF-8",
        ].merging(environment) { $1 }
        process = try ChildProcess.spawn(
            Binary.path, arguments, variables, folder: self.folder,
            streams: Array(repeating: .file("/dev/pts/\(number)", flags: O_RDWR), count: 3), newSession: true)
        _ = fcntl(master, F_SETFL, O_NONBLOCK)
    }

    deinit {
        if exitStatus == nil {
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
        close(master)
        if folder.contains("genac-terminal-") { try? FileManager.default.removeItem(atPath: folder) }
    }

    private static func setSize(_ descriptor: Int32, columns: Int, rows: Int = 50) {
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
    }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
            if count > 0 { start += count } else { pump(0.02) }
        }
    }

    func resize(columns: Int, rows: Int = 50) {
        screen.resize(columns: columns, rows: rows)
        Self.setSize(master, columns: columns, rows: rows)
    }

    /// Reads what has come; waits at most `seconds` for the first of it.
    @discardableResult
    func pump(_ seconds: Double) -> Bool {
        var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, Int32(seconds * 1000)) > 0 else { return false }
        var chunk = [UInt8](repeating: 0, count: 1 << 14)
        let count = read(master, &chunk, chunk.count)
        guard count > 0 else {
            if count < 0, errno == EIO { usleep(20_000) }
            return false
        }
        raw.append(contentsOf: chunk[0..<count])
        screen.feed(chunk[0..<count])
        return true
    }

    /// Waits until `isReached` holds for the screen.
    func wait(_ what: String, seconds: Double = 60, _ isReached: (PseudoTerminal) -> Bool) throws {
        let end = Date().addingTimeInterval(seconds)
        while !isReached(self) {
            guard Date() < end else {
                throw TimedOut(
                    description: "waited in vain for \(what); the screen:\n" + screen.lines.joined(separator: "\n"))
            }
            pump(0.05)
        }
    }

    /// Waits until a row of the screen holds `text`.
    func expect(_ text: String, seconds: Double = 60) throws {
        try wait("\"\(text)\"", seconds: seconds) { $0.screen.lines.contains { $0.contains(text) } }
    }

    /// Waits until the last row is exactly `text` (its trailing blanks aside).
    func expectLast(_ text: String, seconds: Double = 60) throws {
        try wait("a last row \"\(text)\"", seconds: seconds) { $0.screen.lines.last == text }
    }

    /// Waits for the process to end: its exit code, or 128 + signal.
    func exitCode(seconds: Double = 60) throws -> Int32 {
        let end = Date().addingTimeInterval(seconds)
        var ended = ChildProcess.exitCode(of: process)
        while ended == nil {
            guard Date() < end else {
                throw TimedOut(description: "it does not end; the screen:\n" + screen.lines.joined(separator: "\n"))
            }
            pump(0.05)
            ended = ChildProcess.exitCode(of: process)
        }
        while pump(0) {}
        exitStatus = ended
        return ended ?? -1
    }
}
