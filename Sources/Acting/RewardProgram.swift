import Compute
import Foundation

/// A running program of the user's that grades: it reads lines, and writes a line for each. Its three streams are
/// sockets, so that nothing of ours waits on it longer than it is told to, and no other child holds an end of them.
///
/// Sendable unchecked: whoever uses it has taken it from where it waits, and nobody else has it then.
final class RewardProgram: @unchecked Sendable {
    /// How asking may end other than with a line.
    enum Fault: Error {
        case timedOut, cancelled
        /// It ended, or closed its output.
        case ended(String)
        case cannotStart(String)
        case tooLong
        /// It wrote what answers nothing: more than a line for a line, or one before it had read the question.
        case unasked(String)
    }

    private let id: pid_t
    /// It reads and writes the one, and complains to the other.
    private let talk: Int32, complaints: Int32
    /// Written by it and not asked for yet.
    private var pending: [UInt8] = []
    /// The end of what it complained.
    private var lastWords: [UInt8] = []

    private static let longestLine = 1 << 20
    /// How long, in milliseconds, it is listened to behind its first answer: a second line then follows every answer.
    private static let quiet: Int32 = 50
    private var hasAnswered = false

    /// Starts it by the shell, in a process group of its own: Ctrl-C is for genac.
    init(_ command: String) throws {
        var talk: [Int32] = [-1, -1], complaints: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &talk) == 0 else { throw Self.cannotStart(errno) }
        guard socketpair(AF_UNIX, kind, 0, &complaints) == 0 else {
            let reason = errno
            talk.forEach { close($0) }
            throw Self.cannotStart(reason)
        }
        defer {
            close(talk[1])
            close(complaints[1])
        }
        (self.talk, self.complaints) = (talk[0], complaints[0])
        var process: pid_t = 0
        let failure = Self.spawn(command, [talk[1], talk[1], complaints[1]], &process)
        id = process
        guard failure == 0 else {
            close(talk[0])
            close(complaints[0])
            throw Self.cannotStart(failure)
        }
    }

    private static func cannotStart(_ code: Int32) -> Fault { .cannotStart(String(cString: strerror(code))) }

    private static func spawn(_ command: String, _ streams: [Int32], _ process: inout pid_t) -> Int32 {
        var files = posix_spawn_file_actions_t(), attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&files)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&files)
            posix_spawnattr_destroy(&attributes)
        }
        for (number, stream) in streams.enumerated() {
            posix_spawn_file_actions_adddup2(&files, stream, Int32(number))
        }
        var none = sigset_t(), all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
        let line = ["sh", "-c", command]
        var words: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        return posix_spawn(&process, "/bin/sh", &files, &attributes, &words, environ)
    }

    deinit { end() }

    /// Kills it with all that it started, and waits for its end.
    private func end() {
        close(talk)
        close(complaints)
        kill(-id, SIGKILL)
        while waitpid(id, nil, 0) < 0, errno == EINTR {}
    }

    // MARK: Asking

    /// Sends a line, and waits for the one that answers it. A line too many would be taken for the next answer, and
    /// shift all later ones: whatever it writes while nothing is asked is an error. The first line's end is sent only
    /// when the rest has been read, so that what a program writes as it starts cannot pass for its answer.
    /// - Parameter line: without its end.
    /// - Throws: ``Fault``; after one nothing can be asked of it any more.
    func answer(to line: [UInt8], within seconds: Double, _ cancellation: Cancellation) throws -> [UInt8] {
        let end = ContinuousClock.now + .seconds(seconds)
        var unsent = (hasAnswered ? line + [0x0A] : line)[...], isWhole = hasAnswered
        try requireQuiet(0)
        while true {
            if let newline = pending.firstIndex(of: 0x0A) {
                guard isWhole, unsent.isEmpty, hasRead else { throw Fault.unasked(firstLine) }
                let answer = Array(pending[..<newline])
                pending.removeFirst(newline + 1)
                try requireQuiet(hasAnswered ? 0 : Self.quiet)
                hasAnswered = true
                return answer
            }
            if cancellation.isCancelled { throw Fault.cancelled }
            guard pending.count <= Self.longestLine else { throw Fault.tooLong }
            guard ContinuousClock.now < end else { throw Fault.timedOut }
            if !isWhole, unsent.isEmpty, hasRead { (unsent, isWhole) = ([0x0A], true) }
            var waiting = [
                pollfd(fd: talk, events: Int16(unsent.isEmpty ? POLLIN : POLLIN | POLLOUT), revents: 0),
                pollfd(fd: complaints, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&waiting, 2, isWhole ? 50 : 2) > 0 else {
                try noticeEnd()
                continue
            }
            if waiting[1].revents != 0 { listen() }
            if waiting[0].revents & Int16(POLLOUT) != 0 { send(&unsent) }
            if waiting[0].revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 { try receive() }
        }
    }

    /// - Parameter wait: milliseconds.
    private func requireQuiet(_ wait: Int32) throws {
        var waiting = pollfd(fd: talk, events: Int16(POLLIN), revents: 0)
        if pending.isEmpty, poll(&waiting, 1, wait) > 0, let bytes = Self.received(talk) { pending += bytes }
        guard pending.isEmpty else { throw Fault.unasked(firstLine) }
    }

    /// For errors.
    private var firstLine: String { String(decoding: pending.prefix { $0 != 0x0A }.prefix(200), as: UTF8.self) }

    /// Whether it has taken all that it was sent. Where the system does not say, it has.
    private var hasRead: Bool {
        var unread: Int32 = 0
        return ioctl(talk, UInt(TIOCOUTQ), &unread) != 0 || unread == 0
    }

    private func send(_ unsent: inout ArraySlice<UInt8>) {
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        let sent = unsent.withUnsafeBytes { Foundation.send(talk, $0.baseAddress, $0.count, flags) }
        // What cannot be sent because it has ended is found out by reading.
        if sent > 0 { unsent.removeFirst(sent) }
    }

    private func receive() throws {
        guard let bytes = Self.received(talk) else { return }
        guard bytes.isEmpty else {
            pending += bytes
            return
        }
        throw Fault.ended(ending())
    }

    /// Something that it started may hold its output open when it has ended itself.
    private func noticeEnd() throws {
        guard exit != nil else { return }
        try receive()
        if !pending.contains(0x0A) { throw Fault.ended(ending()) }
    }

    /// How it ended; nil while it runs. It can be asked again.
    private var exit: String? {
        var info = siginfo_t()
        guard waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT) == 0, info.si_signo == SIGCHLD else {
            return nil
        }
        let status = info._sifields._sigchld.si_status
        return Int(info.si_code) == Int(CLD_EXITED) ? "it ended with status \(status)" : "signal \(status) ended it"
    }

    /// How it ended, with what it said last.
    private func ending() -> String {
        // Its output is closed; its end may be some moments away.
        var waits = 0
        while exit == nil, waits < 20 {
            usleep(10_000)
            waits += 1
        }
        listen()
        let how = exit ?? "it closed its output"
        let words = String(decoding: lastWords, as: UTF8.self).split(whereSeparator: \.isNewline).suffix(3)
        return words.isEmpty ? how : "\(how): \(words.joined(separator: " / "))"
    }

    private func listen() {
        guard let bytes = Self.received(complaints), !bytes.isEmpty else { return }
        lastWords = (lastWords + bytes).suffix(2000)
    }

    /// What is there; nothing at the end, nil where nothing has come.
    private static func received(_ socket: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(socket, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        if count < 0, errno == EAGAIN || errno == EINTR { return nil }
        return Array(bytes.prefix(max(count, 0)))
    }
}
