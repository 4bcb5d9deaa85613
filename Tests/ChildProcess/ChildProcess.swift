import Foundation

/// A program that a test runs. What it writes goes to files, so that no pipe is left unread or held open by another
/// child. One that does not come to where its test waits for it is killed, and that is the test's failure: `wait`
/// throws what was run, for how long, and what it wrote last. Only a signal that the test itself has sent is none.
///
/// Foundation's `Process` learns of an end from a socket that other children may have inherited, and in a suite that
/// starts hundreds of them from several threads has waited for ever.
package final class ChildProcess {
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    /// Seconds that a test waits at most, unless it says otherwise: far more than a child takes on a busy machine.
    package static let patience: Double = 180

    /// Where a child's descriptor 0, 1 or 2 leads.
    package enum Stream: Sendable {
        case file(String, flags: Int32)
        case descriptor(Int32)
    }

    package let id: pid_t
    private let name: String
    private let folder: String
    private var code: Int32?
    private var inputEnd: Int32 = -1

    /// - Parameters:
    ///   - folder: where it runs.
    ///   - input: all that it reads; nil gives it a pipe, for `write` and `closeInput`.
    package init(
        _ path: String, _ arguments: [String], environment: [String: String], folder place: String,
        input: Data? = Data()
    ) throws {
        folder = NSTemporaryDirectory() + "genac-child-\(UUID().uuidString)"
        name = ([path] + arguments).joined(separator: " ")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var ends: [Int32] = [-1, -1]
        if let input {
            try input.write(to: URL(fileURLWithPath: folder + "/input"))
        } else if pipe(&ends) != 0 || fcntl(ends[1], F_SETFD, FD_CLOEXEC) != 0 {
            throw Failure(description: "no pipe: \(String(cString: strerror(errno)))")
        }
        inputEnd = ends[1]
        defer { if ends[0] >= 0 { close(ends[0]) } }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        id = try Self.spawn(
            path, arguments, environment, folder: place,
            streams: [
                ends[0] >= 0 ? .descriptor(ends[0]) : .file(folder + "/input", flags: O_RDONLY),
                .file(folder + "/output", flags: flags), .file(folder + "/errors", flags: flags),
            ])
    }

    deinit {
        end()
        closeInput()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Starts a program in `folder` with its first descriptors leading to `streams`.
    package static func spawn(
        _ path: String, _ arguments: [String], _ environment: [String: String], folder: String, streams: [Stream],
        newSession: Bool = false
    ) throws -> pid_t {
        var files = posix_spawn_file_actions_t(), attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&files)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&files)
            posix_spawnattr_destroy(&attributes)
        }
        // It hears every signal, whatever the thread that starts it, or who started the tests, would rather not hear.
        var none = sigset_t(), all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        // Linux' POSIX_SPAWN_SETSIGDEF, _SETSIGMASK and _SETSID; Glibc does not show Swift the last.
        posix_spawnattr_setflags(&attributes, 0x04 | 0x08 | (newSession ? 0x80 : 0))
        for (number, stream) in streams.enumerated() {
            switch stream {
            case .file(let path, let flags):
                posix_spawn_file_actions_addopen(&files, Int32(number), path, flags, 0o600)
            case .descriptor(let descriptor):
                posix_spawn_file_actions_adddup2(&files, descriptor, Int32(number))
            }
        }
        // Glibc does not show Swift `addchdir` either: a shell goes there and becomes the program.
        let line = ["sh", "-c", #"cd "$0" && exec "$@""#, folder, path] + arguments
        var words: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var process: pid_t = 0
        let failure = posix_spawn(&process, "/bin/sh", &files, &attributes, &words, &variables)
        guard failure == 0 else {
            throw Failure(description: "cannot start \(path): \(String(cString: strerror(failure)))")
        }
        return process
    }

    package var isRunning: Bool {
        if code == nil { code = Self.exitCode(of: id) }
        return code == nil
    }

    /// The exit code of a child that has ended, or 128 + the signal that ended it; nil while it runs.
    package static func exitCode(of process: pid_t) -> Int32? {
        var status: Int32 = 0
        guard waitpid(process, &status, WNOHANG) == process else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    /// Sends a signal, unless it has ended.
    package func send(_ signal: Int32) { if isRunning { kill(id, signal) } }

    /// Waits for its end.
    /// - Returns: The exit code, or 128 + the signal that ended it.
    /// - Throws: ``Failure`` when it has not ended in time; it is killed then.
    package func wait(seconds: Double = patience) throws -> Int32 {
        try waitUntil("ends", seconds: seconds) { false }
        guard let code else { throw failure("ends", seconds) }
        return code
    }

    /// Waits until `isReached`, or its end.
    /// - Parameter what: `writes its log`, for the error.
    /// - Returns: Whether it still runs.
    /// - Throws: ``Failure`` when neither has come in time; it is killed then.
    @discardableResult
    package func waitUntil(_ what: String, seconds: Double = patience, _ isReached: () -> Bool) throws -> Bool {
        let end = Date(timeIntervalSinceNow: seconds)
        while isRunning {
            if isReached() { return isRunning }
            guard Date() < end else { throw failure(what, seconds) }
            usleep(500)
        }
        return false
    }

    /// Kills it, and says so.
    private func failure(_ what: String, _ seconds: Double) -> Failure {
        end()
        return Failure(
            description: """
                after \(seconds) seconds this was killed, for it never \(what): \(name)
                its output ends:
                \(output.suffix(2000))
                its errors end:
                \(errors.suffix(2000))
                """)
    }

    /// No zombie stays behind.
    private func end() {
        guard isRunning else { return }
        kill(id, SIGKILL)
        var status: Int32 = 0
        waitpid(id, &status, 0)
        code = 128 + SIGKILL
    }

    package var output: String { text("output") }
    package var errors: String { text("errors") }

    private func text(_ file: String) -> String {
        String(decoding: FileManager.default.contents(atPath: "\(folder)/\(file)") ?? Data(), as: UTF8.self)
    }

    package func write(_ text: String) {
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { Glibc.write(inputEnd, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            start += count
        }
    }

    package func closeInput() {
        if inputEnd >= 0 { close(inputEnd) }
        inputEnd = -1
    }
}
