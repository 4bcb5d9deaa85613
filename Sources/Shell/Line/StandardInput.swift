import Compute
import Foundation

/// What a program is given beside its commands: the bytes of standard input, read so that Ctrl-C ends the reading.
enum StandardInput {
    /// Bytes that are there, at most so many; none at the end of the input, nil when nothing comes within the time.
    /// - Throws: ``ShellError/cannotOpen(path:reason:)``.
    static func next(_ count: Int, within seconds: Double) throws -> [UInt8]? {
        var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        let ready = poll(&waiting, 1, Int32(seconds * 1000))
        guard ready > 0 else {
            guard ready == 0 || errno == EINTR else { throw failure }
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: count)
        let read = read(STDIN_FILENO, &bytes, count)
        guard read >= 0 else {
            guard errno == EINTR else { throw failure }
            return nil
        }
        return Array(bytes.prefix(read))
    }

    /// All of it, to its end, or as far as it is wanted.
    /// - Parameters:
    ///   - limit: bytes it may have at most.
    ///   - isEnough: asked of each piece.
    /// - Throws: ``ShellError/interrupted``, ``ShellError/cannotOpen(path:reason:)``, a refusal of more than the limit.
    static func all(
        limit: Int, _ cancellation: Cancellation, until isEnough: ([UInt8]) -> Bool = { _ in false }
    ) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            if cancellation.isCancelled { throw ShellError.interrupted }
            guard let piece = try next(1 << 16, within: 0.1) else { continue }
            guard !piece.isEmpty else { return bytes }
            bytes += piece
            if isEnough(piece) { return bytes }
            guard bytes.count <= limit else {
                throw ShellError.invalid(
                    what: "more than the \(limit >> 20) MB allowed", location: name, hint: "put it into a file")
            }
        }
    }

    /// Its bytes as a file that lasts as long as `body` runs. Errors about that file name standard input.
    static func asFile<R>(_ bytes: [UInt8], _ body: (_ path: String) throws -> R) throws -> R {
        try TemporaryFolder.with { folder in
            let path = folder + "/rows"
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            do {
                return try body(path)
            } catch let error as any GenacError {
                let parts = ErrorParts(error)
                guard let place = parts.location, place.hasPrefix(path) else { throw error }
                throw ShellError.invalid(
                    what: parts.what, location: name + place.dropFirst(path.count), hint: parts.hint)
            }
        }
    }

    /// As errors name it, and records of what came from it.
    static let name = "standard input"

    private static var failure: ShellError { .cannotOpen(path: name, reason: String(cString: strerror(errno))) }
}
