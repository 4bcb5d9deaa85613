import CEdit
import Foundation
import Terminal

/// Where one command's results go, opened before it runs and closed after it.
final class Sink {
    let output: Output
    private let owned: Int32?
    private let program: (id: pid_t, name: String)?

    /// - Throws: ``ShellError/cannotOpen(path:reason:)``, ``ShellError/cannotRun(program:reason:)``.
    init(_ destination: Destination?, standard: Output, colour: ColourChoice) throws {
        switch destination {
        case nil:
            output = standard
            owned = nil
            program = nil
        case .file(let path, let appending):
            let place = (path as NSString).expandingTildeInPath
            let descriptor = open(place, O_WRONLY | O_CREAT | O_CLOEXEC | (appending ? O_APPEND : O_TRUNC), 0o644)
            guard descriptor >= 0 else { throw ShellError.cannotOpen(path: path, reason: Self.reason) }
            output = Output(descriptor: descriptor, colour: colour == .always ? .always : .never)
            owned = descriptor
            program = nil
        case .program(let command):
            var reading: Int32 = -1
            var writing: Int32 = -1
            guard genac_pipe(&reading, &writing, 0) == 0 else {
                throw ShellError.cannotRun(program: command, reason: Self.reason)
            }
            standard.flush()
            let process = genac_spawn_shell(command, reading, standard.descriptor)
            close(reading)
            guard process > 0 else {
                close(writing)
                throw ShellError.cannotRun(program: command, reason: Self.reason)
            }
            let columns = standard.isTerminal ? standard.columns : nil
            output = Output(descriptor: writing, colour: colour == .always ? .always : .never, columns: columns)
            owned = writing
            program = (process, command.trimmingCharacters(in: .whitespaces))
        }
    }

    private static var reason: String { String(cString: strerror(errno)) }

    /// Writes what is left, closes, and waits for the program.
    /// - Throws: ``ShellError/cannotWrite(reason:)``; a program that stopped reading early is no failure.
    func finish(_ interrupts: Interrupts? = nil) throws {
        output.flush()
        let failure = output.failure
        if let owned { close(owned) }
        if let program {
            let status =
                interrupts?.whileForeign { ForegroundProcess.wait(program.id) } ?? ForegroundProcess.wait(program.id)
            if status == 127 || status == 126 {
                throw ShellError.cannotRun(program: program.name, reason: "no such program")
            }
        }
        if let failure, failure != EPIPE { throw ShellError.cannotWrite(reason: String(cString: strerror(failure))) }
    }
}
