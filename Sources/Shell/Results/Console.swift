import Compute
import Terminal

/// Where one command prints, and whether it is to end.
struct Console: Sendable {
    /// Where the results go: the terminal, a file or a program.
    let output: Output
    let messages: Output
    /// Set by Ctrl-C; long work looks at it and keeps what is finished.
    let cancellation: Cancellation
    /// Text may be written as it comes; false when one JSON line is all that is wanted.
    let streams: Bool
    /// The command as it was typed.
    let typed: String

    /// - Parameter total: 0 where it comes to be known later.
    func progress(_ label: String, unit: String, total: Int) -> ProgressBar {
        ProgressBar(messages, label: label, unit: unit, total: total)
    }

    /// A remark on standard error that is no part of the result.
    func remark(_ text: String) { messages.prose(text) }
}
