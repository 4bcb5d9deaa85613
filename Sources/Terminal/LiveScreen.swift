import Foundation

/// A picture redrawn in place: on the terminal's other screen, so that whatever was there comes back, and no resize can
/// leave rows of it behind.
///
/// What is typed meanwhile is not shown; it waits for the next command unless Ctrl-C, as ever, drops it. Ctrl-Z is off,
/// since it would leave the terminal on the wrong screen.
package final class LiveScreen {
    private let output: Output
    private var saved = termios()
    private var isOpen = false

    /// Nil where nothing can be redrawn.
    package init?(_ output: Output, environment: [String: String] = ProcessInfo.processInfo.environment) {
        let name = environment["TERM"] ?? ""
        guard output.size != nil, !name.isEmpty, name != "dumb", tcgetattr(output.descriptor, &saved) == 0 else {
            return nil
        }
        self.output = output
        var quiet = saved
        quiet.c_lflag &= ~tcflag_t(ECHO)
        withUnsafeMutableBytes(of: &quiet.c_cc) { $0[Int(VSUSP)] = 0 }
        tcsetattr(output.descriptor, TCSADRAIN, &quiet)
        isOpen = true
        output.write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J")
    }

    /// Columns and rows now. The last column stays free: clearing the rest of a full row would take its last character.
    package var size: (columns: Int, rows: Int) {
        let size = output.size ?? (80, 24)
        return (max(1, size.columns - 1), max(1, size.rows))
    }

    /// Draws at most the rows and columns that the screen has, in one write between the marks that have a terminal
    /// (if it knows them) show the whole at once.
    package func draw(_ lines: [String]) {
        let (columns, rows) = size
        let shown = lines.prefix(rows).map { TextWidth.clipped($0, to: columns) }
        output.write(
            "\u{1B}[?2026h\u{1B}[H" + shown.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J\u{1B}[?2026l")
    }

    /// Gives the terminal back as it was.
    package func close() {
        guard isOpen else { return }
        isOpen = false
        output.write("\u{1B}[?25h\u{1B}[?1049l")
        tcsetattr(output.descriptor, TCSADRAIN, &saved)
    }

    deinit { close() }
}
