import Compute
import Foundation
import Formats
import Problems
import Synchronization

/// A program of the user's that grades in place of our graders (`reward.command`), kept running from one solution to
/// the next. It reads a line and writes a line for each:
///
///     {"problem": "…", "answer": "…" or null, "solution": "…"}
///     {"right": true}
///
/// `true` and `false` are right and wrong; `null` says that it cannot tell, and is no outcome. One that does not
/// answer in time has no verdict; it is killed, and the next solution gets a new one.
package final class RewardCommand: Sendable {
    /// As the shell runs it.
    package let command: String
    /// That an answer may take.
    package let seconds: Double
    private struct State {
        /// Waits here while nobody asks it; it is never asked under the lock.
        var idle: RewardProgram?
        /// Seconds that the first answer of a program may take more: as long as nothing is known what was given, then
        /// some times of what the first one took.
        var startSeconds: Double
        /// Whether any has ever answered: if not, a time-out says nothing of a solution.
        var hasAnswered = false
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - command: as the shell runs it.
    ///   - seconds: that an answer may take; the first of a program that starts has `startSeconds` more.
    package init(_ command: String, seconds: Double, startSeconds: Double = 60) {
        (self.command, self.seconds) = (command, seconds)
        state = Mutex(State(startSeconds: startSeconds))
    }

    /// The program that a setting names; nil for an empty one and for `none`.
    package static func named(_ command: String, seconds: Double) -> RewardCommand? {
        command.isEmpty || command == "none" ? nil : RewardCommand(command, seconds: seconds)
    }

    /// - Returns: nil where it was cancelled.
    /// - Throws: ``ActingError/reward(command:what:)`` where it crashes, writes something else, or never answers.
    package func verdict(on solution: String, of problem: Problem, _ cancellation: Cancellation) throws -> Verdict? {
        let request = JSONValue.object(
            JSONObject([
                ("problem", .string(problem.text)), ("answer", problem.answer.map { .string($0) } ?? .null),
                ("solution", .string(solution)),
            ]))
        let (idle, startSeconds) = state.withLock { ($0.idle.take(), $0.startSeconds) }
        let patience = seconds + (idle == nil ? startSeconds : 0)
        do {
            let program = try idle ?? RewardProgram(command), start = ContinuousClock.now
            let line = try program.answer(
                to: request.encoded(.compact, asciiOnly: true), within: patience, cancellation)
            let verdict = try verdict(line), taken = (ContinuousClock.now - start).inSeconds
            state.withLock { state in
                if !state.hasAnswered { state.startSeconds = min(state.startSeconds, max(1, 4 * taken)) }
                state.hasAnswered = true
                state.idle = program
            }
            return verdict
        } catch let fault as RewardProgram.Fault {
            return try verdict(after: fault, patience)
        }
    }

    /// - Returns: nil where it was cancelled.
    private func verdict(after fault: RewardProgram.Fault, _ patience: Double) throws -> Verdict? {
        switch fault {
        case .cancelled: return nil
        case .timedOut:
            guard state.withLock({ $0.hasAnswered }) else {
                throw failure(
                    "it has answered nothing in \(Int(patience.rounded())) seconds: "
                        + "does it write out each line at once?"
                )
            }
            return Verdict(status: .timedOut, extracted: nil)
        case .ended(let how): throw failure(how)
        case .cannotStart(let reason): throw failure("it cannot be started: \(reason)")
        case .tooLong: throw failure("it writes a line without an end")
        case .unasked(let line): throw failure("it wrote a line that answers nothing: \(line)")
        }
    }

    private func verdict(_ line: [UInt8]) throws -> Verdict {
        let said = String(decoding: line.prefix(200), as: UTF8.self)
        let answer: JSONValue
        do {
            answer = try JSONValue.parse(line, name: "reward.command")
        } catch {
            throw failure("it wrote what is no JSON: \(said)")
        }
        switch answer["right"] {
        case .bool(let isRight)?: return Verdict(status: isRight ? .right : .wrong, extracted: nil)
        case .null?: return Verdict(status: .undecided, extracted: nil)
        case nil, .string?, .number?, .integer?, .array?, .object?:
            throw failure("its line has no \"right\" that is true, false or null: \(said)")
        }
    }

    private func failure(_ what: String) -> ActingError { .reward(command: command, what: what) }
}
