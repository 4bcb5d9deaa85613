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
    private static let newSession: Int16 = 0x80

    init(_ arguments: [String] = ["--bare"], columns: Int = 80, environment: [String: String] = [:], folder: String? = nil) throws {
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
            "HOME": self.folder, "PATH": "/usr/bin:/bin", "TERM": "xterm", "GENAC_HOME": Binary.root, "NO_COLOR": "1", "LANG": "C.UTF-8",
        ].merging(environment) { $1 }
        process = try Self.spawn(Binary.path, arguments, terminal: "/dev/pts/\(number)", variables, self.folder)
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

    private static func spawn(
        _ path: String, _ arguments: [String], terminal: String, _ environment: [String: String], _ folder: String
    ) throws -> pid_t {
        var files = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&files)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&files)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawnattr_setflags(&attributes, newSession)
        posix_spawn_file_actions_addopen(&files, 0, terminal, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&files, 0, 1)
        posix_spawn_file_actions_adddup2(&files, 0, 2)
        let line = ["sh", "-c", #"cd "$0" && exec "$@""#, folder, path] + arguments
        var words: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var process: pid_t = 0
        let failure = posix_spawn(&process, "/bin/sh", &files, &attributes, &words, &variables)
        guard failure == 0 else { throw TimedOut(description: "cannot start \(path): \(String(cString: strerror(failure)))") }
        return process
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
            guard Date() < end else { throw TimedOut(description: "waited in vain for \(what); the screen:\n" + screen.lines.joined(separator: "\n")) }
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
        var status: Int32 = 0
        while waitpid(process, &status, WNOHANG) == 0 {
            guard Date() < end else { throw TimedOut(description: "it does not end; the screen:\n" + screen.lines.joined(separator: "\n")) }
            pump(0.05)
        }
        while pump(0) {}
        let signal = status & 0x7F
        let code = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
        exitStatus = code
        return code
    }
}
