import Acting
import Compute
import Foundation
import Generation
import ModelKit
import Problems
import PromptKit
import Testing

@Suite("A program that grades")
struct RewardCommandTests {
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "genac-reward-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func read(_ name: String) throws -> [String] {
        let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        return text.split(separator: "\n").map(String.init)
    }

    /// A loop of sh over the lines it reads, in `line`, that first notes its process.
    private func loop(_ body: String, seconds: Double = 20, start: Double = 20) -> RewardCommand {
        let script = "cd '\(folder)'; echo $$ >> started; while IFS= read -r line; do \(body); done"
        return RewardCommand(script, seconds: seconds, startSeconds: start)
    }

    private func verdict(_ command: RewardCommand, _ solution: String, answer: String? = "7") throws -> Verdict? {
        try command.verdict(
            on: solution, of: Problem(id: 1, text: "What is\n3 + 4?", answer: answer), Cancellation())
    }

    @Test("it is told problem, answer and solution on a line, and says right, wrong or no answer; it is started once")
    func verdicts() throws {
        let command = loop(
            """
            printf '%s\\n' "$line" >> seen; case "$line" in *good*) echo '{"right": true}';; \
            *none*) echo '{"right": null, "why": "-"}';; *) echo '{"right": false}';; esac
            """)
        #expect(try verdict(command, "a \"good\" one\u{E9}") == Verdict(status: .right, extracted: nil))
        #expect(try verdict(command, "a bad one", answer: nil)?.outcome == 0)
        let unknown = try verdict(command, "none")
        #expect(unknown?.status == .undecided && unknown?.outcome == nil, "unknown is not wrong")
        for _ in 0..<20 { #expect(try verdict(command, "good")?.outcome == 1) }
        #expect(try read("started").count == 1)
        let seen = try read("seen")
        #expect(
            seen[0] == #"{"problem":"What is\n3 + 4?","answer":"7","solution":"a \"good\" one\u00e9"}"#, "\(seen[0])")
        #expect(seen[1].contains(#""answer":null"#) && seen.count == 23)
    }

    @Test("one that is late is no verdict; it is killed with what it started, and the next is asked of a new one")
    func timeOut() throws {
        let command = loop(
            """
            case "$line" in *slow*) sleep 300 & echo $! > sleeper; wait;; esac; echo '{"right": true}'
            """, seconds: 0.5)
        #expect(try verdict(command, "quick")?.status == .right)
        let late = try verdict(command, "slow")
        #expect(late?.status == .timedOut && late?.outcome == nil)
        let sleeper = try #require(pid_t(try read("sleeper")[0]))
        let end = Date(timeIntervalSinceNow: 20)
        while kill(sleeper, 0) == 0, Date() < end { usleep(10_000) }
        #expect(kill(sleeper, 0) != 0, "what it started lives on")
        #expect(try verdict(command, "quick")?.status == .right)
        #expect(try read("started").count == 2)
    }

    @Test("one that never answers is an error, not a time-out of each solution")
    func silence() throws {
        let error = #expect(throws: ActingError.self) { try verdict(loop(":", seconds: 0.2, start: 0.2), "x") }
        #expect(error?.what == "it has answered nothing in 0 seconds: does it write out each line at once?")
    }

    @Test(
        "a crash and bad output are one error, with what the program said last",
        arguments: [
            ("echo nothing to import >&2; exit 3", "it ended with status 3: nothing to import"),
            ("kill -9 $$", "signal 9 ended it"),
            ("echo yes", "it wrote what is no JSON: yes"),
            ("echo '{\"score\": 1}'", "its line has no \"right\" that is true, false or null: {\"score\": 1}"),
            ("echo '{\"right\": 1}'", "its line has no \"right\" that is true, false or null: {\"right\": 1}"),
            ("echo true", "its line has no \"right\" that is true, false or null: true"),
            ("head -c 3000000 /dev/zero | tr '\\0' a", "it writes a line without an end"),
        ])
    func failures(body: String, what: String) throws {
        let command = loop(body)
        #expect(throws: ActingError.reward(command: command.command, what: what)) { try verdict(command, "x") }
        // It is not asked again: a new one is started.
        #expect(throws: ActingError.self) { try verdict(command, "x") }
        #expect(try read("started").count == 2)
    }

    private static let unasked = "it wrote a line that answers nothing: "

    @Test("a line too many is an error, never the next solution's verdict", arguments: [1, 2])
    func surplus(pause: Int) throws {
        let late = pause == 1 ? "" : "sleep 0.02; "
        let command = loop("echo '{\"right\": true}'; \(late)echo '{\"right\": false}'")
        let error = #expect(throws: ActingError.self) { try verdict(command, "x") }
        #expect(error?.what == Self.unasked + "{\"right\": false}")
    }

    @Test("one that comes later is found before the next is asked")
    func lateSurplus() throws {
        let command = loop("echo '{\"right\": true}'; sleep 0.3; echo '{\"right\": false}'")
        #expect(try verdict(command, "x")?.status == .right)
        usleep(1_000_000)
        let error = #expect(throws: ActingError.self) { try verdict(command, "x") }
        #expect(error?.what == Self.unasked + "{\"right\": false}")
    }

    @Test("what a program writes before it reads is no verdict, however slow its own is")
    func early() throws {
        let script = "echo '{\"right\": true}'; while IFS= read -r line; do sleep 1; echo '{\"right\": false}'; done"
        for start in ["", "sleep 0.3; "] {
            let command = RewardCommand(start + script, seconds: 20)
            let error = #expect(throws: ActingError.self) { try verdict(command, "x") }
            #expect(error?.what == Self.unasked + "{\"right\": true}")
        }
    }

    @Test("the end of a program is noticed though a child of it holds its output open")
    func childHoldsOutput() throws {
        let start = Date()
        let error = #expect(throws: ActingError.self) {
            try verdict(RewardCommand("sleep 300 & echo gone >&2; exit 3", seconds: 60), "x")
        }
        #expect(error?.what == "it ended with status 3: gone" && Date().timeIntervalSince(start) < 15)
        let after = loop("sleep 300 & echo '{\"right\": true}'; exit 4")
        #expect(try verdict(after, "x")?.status == .right)
        #expect(throws: ActingError.self) { try verdict(after, "x") }
    }

    @Test("none is no program")
    func none() {
        #expect(RewardCommand.named("none", seconds: 1) == nil && RewardCommand.named("", seconds: 1) == nil)
        #expect(RewardCommand.named("cat", seconds: 1)?.command == "cat")
    }

    @Test("a program that ends in the middle takes no solution with it")
    func endsInTheMiddle() throws {
        let command = loop("case \"$line\" in *p1*) exit 5;; esac; echo '{\"right\": true}'")
        let plain = try makeActor(TextOnlyModel { _ in "good" })
        let actor = Actor(
            name: plain.name, parameters: nil, model: plain.model, builder: plain.builder, template: plain.template,
            sampling: plain.sampling, reward: command)
        let orders = (0..<3).map {
            Actor.Order(
                problem: Problem(id: $0, text: "p\($0)"),
                key: RandomKey(seed: 1, purpose: .sampling, problem: UInt64($0)))
        }
        var failures: [ActingError] = []
        let kept = try actor.write(orders, as: actor.snapshot(rate: nil), onFailure: { failures.append($0) })
        #expect(kept.map(\.outcome) == [1, nil, nil] && kept.allSatisfy { $0.text == "good" })
        #expect(failures.map(\.what) == ["it ended with status 5"])
        #expect(throws: ActingError.self) { try actor.write(orders, as: actor.snapshot(rate: nil)) }
    }

    @Test("a program that is not there is named")
    func missing() throws {
        let error = #expect(throws: ActingError.self) { try verdict(RewardCommand("/no/such grade", seconds: 5), "x") }
        #expect(error?.what.contains("it ended with status 127: ") == true, "\(error?.what ?? "")")
        #expect(error?.location == "reward.command (/no/such grade)")
    }

    @Test("long lines and a lot of complaints block nobody")
    func long() throws {
        let command = loop("head -c 3000000 /dev/zero >&2; echo '{\"right\": true}'")
        let long = String(repeating: "x", count: 2_000_000)
        #expect(try verdict(command, long)?.status == .right)
        #expect(try verdict(command, long)?.status == .right)
    }

    @Test("a cancellation ends the waiting, and is no verdict")
    func cancelled() throws {
        let cancellation = Cancellation()
        Thread.detachNewThread {
            usleep(200_000)
            cancellation.cancel()
        }
        let start = Date()
        let verdict = try loop("sleep 300").verdict(on: "x", of: Problem(id: 1, text: "p"), cancellation)
        #expect(verdict == nil && Date().timeIntervalSince(start) < 15)
    }

    @Test("threads that ask at once each have a program of their own")
    func threads() async throws {
        let command = loop("case \"$line\" in *good*) echo '{\"right\": true}';; *) echo '{\"right\": false}';; esac")
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for one in 0..<8 {
                group.addTask {
                    let text = one % 2 == 0 ? "good" : "bad"
                    let problem = Problem(id: 1, text: "p")
                    return try (0..<20).allSatisfy { _ in
                        try command.verdict(on: text, of: problem, Cancellation())?.outcome == (one % 2 == 0 ? 1 : 0)
                    }
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }

    @Test("an actor's solutions are graded by it, problems without an answer too; a late one is not measured")
    func actor() throws {
        let command = loop(
            """
            case "$line" in *late*) sleep 300;; *good*) echo '{"right": true}';; *) echo '{"right": false}';; esac
            """, seconds: 0.5)
        let plain = try makeActor(
            TextOnlyModel { request in
                request.prompt.text.contains("p0") ? "good" : request.prompt.text.contains("p1") ? "bad" : "late"
            })
        let actor = Actor(
            name: plain.name, parameters: nil, model: plain.model, builder: plain.builder, template: plain.template,
            sampling: plain.sampling, reward: command)
        let problems = (0..<3).map { Problem(id: $0, text: "p\($0)") }
        let orders = problems.map {
            Actor.Order(problem: $0, key: RandomKey(seed: 1, purpose: .sampling, problem: UInt64($0.id)))
        }
        let snapshot = actor.snapshot(rate: nil)
        let solved = try actor.solve(orders, as: snapshot, mayTimeOut: true).map(\.solution)
        #expect(solved.map(\.outcome) == [1, 0, nil] && solved[2].status == .timedOut)
        #expect(throws: ActingError.noOutcome(problem: 2)) { try actor.solve(orders, as: snapshot) }
        #expect(try actor.measure(problems, seed: 1) == MeasuredRate(rate: 0.5, rollouts: 2))
    }
}
