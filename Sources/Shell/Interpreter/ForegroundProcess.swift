import CEdit
import Foundation

/// Children that run in the terminal's foreground.
enum ForegroundProcess {
    /// The exit status, or 128 + the signal that ended it.
    static func wait(_ process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            if errno != EINTR { return -1 }
        }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    /// Runs a command of the user's (an editor) with the terminal as it is.
    static func runInForeground(_ command: String, interrupts: Interrupts?) throws {
        func run() throws -> Int32 {
            let process = genac_spawn_shell(command, -1, -1)
            guard process > 0 else {
                throw ShellError.cannotRun(program: command, reason: String(cString: strerror(errno)))
            }
            return wait(process)
        }
        let status = try interrupts?.whileForeign(run) ?? run()
        guard status == 0 else {
            throw ShellError.cannotRun(program: command, reason: "it ended with status \(status)")
        }
    }
}
