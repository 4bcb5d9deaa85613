import Foundation

/// A question that a person answers before a command does what cannot be undone, or runs what is somebody else's.
enum Confirmation {
    /// Only where a person types: the terminal is the command's while it runs.
    /// - Returns: whether the answer was yes; whatever else was typed, the end of input too, is a no.
    /// - Throws: ``ShellError/interrupted``, ``ShellError/cannotOpen(path:reason:)``.
    static func ask(_ question: String, _ console: Console) throws -> Bool {
        console.output.flush()
        console.messages.write("\(question) [y/N] ")
        var answer: [UInt8] = []
        while true {
            if console.cancellation.isCancelled {
                console.messages.line()
                throw ShellError.interrupted
            }
            guard let byte = try StandardInput.next(1, within: 0.1) else { continue }
            guard let byte = byte.first, byte != 0x0A else { break }
            answer.append(byte)
        }
        return ["y", "yes"].contains(String(decoding: answer, as: UTF8.self).trimmingBlanks.lowercased())
    }
}
