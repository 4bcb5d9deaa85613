import ChildProcess
import Foundation
import Testing

/// The harness itself: what hangs must fail its test, and what a test kills on purpose must not.
@Suite struct ChildProcessTests {
    private func shell(_ script: String, input: Data? = Data()) throws -> ChildProcess {
        try ChildProcess(
            "/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin"], folder: NSTemporaryDirectory(),
            input: input)
    }

    /// Whether there is such a process, a zombie too.
    private func exists(_ process: pid_t) -> Bool { kill(process, 0) == 0 }

    @Test("a child that hangs is killed; the error names the command, the limit and what was written last")
    func hanging() throws {
        let child = try shell("echo so far; echo trouble >&2; exec sleep 600")
        try child.waitUntil("speaks") { child.output.contains("so far") && child.errors.contains("trouble") }
        let failure = try #require(throws: ChildProcess.Failure.self) { _ = try child.wait(seconds: 0.25) }
        for part in ["/bin/sh -c echo so far", "0.25 seconds", "never ends", "so far", "trouble"] {
            #expect(failure.description.contains(part), "\(failure)")
        }
        #expect(!exists(child.id) && !child.isRunning)
    }

    @Test("such a test fails: its error is recorded as an issue")
    func hangingFailsItsTest() throws {
        try withKnownIssue {
            let child = try shell("exec sleep 600")
            #expect(try child.wait(seconds: 0.1) == 128 + SIGKILL)
        } matching: { issue in
            issue.error is ChildProcess.Failure
        }
    }

    @Test("a child that never comes to where it is waited for is killed as well, whatever signal it was to get there")
    func neverThere() throws {
        let child = try shell("exec sleep 600")
        let failure = try #require(throws: ChildProcess.Failure.self) {
            _ = try child.waitUntil("writes a line", seconds: 0.1) { !child.output.isEmpty }
        }
        #expect(failure.description.contains("never writes a line") && !exists(child.id))
    }

    @Test("a signal that the test sends is told from all else", arguments: [SIGKILL, SIGTERM])
    func signalled(_ signal: Int32) throws {
        let child = try shell("echo ready; exec sleep 600")
        #expect(try child.waitUntil("is ready") { child.output == "ready\n" })
        child.send(signal)
        #expect(try child.wait() == 128 + signal)
    }

    @Test("a child that has ended is not waited for, and keeps its exit code and words")
    func ended() throws {
        let child = try shell("echo out; echo err >&2; exit 7")
        #expect(try child.waitUntil("sings") { false } == false)
        #expect(try child.wait(seconds: 0) == 7 && child.output == "out\n" && child.errors == "err\n")
    }

    @Test("a child that a test forgets is ended with it")
    func forgotten() throws {
        var child: ChildProcess? = try shell("exec sleep 600")
        let id = try #require(child?.id)
        #expect(exists(id))
        child = nil
        #expect(!exists(id))
    }

    @Test func standardInputIsReadToItsEnd() throws {
        #expect(try shell("cat", input: Data("given".utf8)).waitedOutput() == "given")
        let child = try shell("cat", input: nil)
        child.write("typed")
        child.closeInput()
        #expect(try child.waitedOutput() == "typed")
    }
}

extension ChildProcess {
    fileprivate func waitedOutput() throws -> String {
        _ = try wait()
        return output
    }
}
