import Compute
import Foundation
import Terminal

/// The shell as a person meets it: a prompt, a history, completion, and jobs that report above the line.
final class Interactive {
    private let interpreter: Interpreter
    private let interrupts: Interrupts
    private let session: Session
    private let isBare: Bool
    private var historyFile: HistoryFile?

    init(_ interpreter: Interpreter, _ interrupts: Interrupts, _ session: Session, isBare: Bool) {
        (self.interpreter, self.interrupts, self.session) = (interpreter, interrupts, session)
        self.isBare = isBare
    }

    func run() -> Int32 {
        let names = NameChoices(session: session, commands: interpreter.commands)
        let completion = CommandCompletion(commands: interpreter.commands, values: names.choices)
        let style = Style(hasColour: interpreter.output.hasColour)
        guard let editor = LineEditor(mailbox: session.mailbox, style: style, completion: completion.result) else {
            interpreter.messages.prose("genac: the line editor could not be opened; reading plain lines")
            return Batch(interpreter).run(ByteLineReader(descriptor: STDIN_FILENO), file: "stdin").rawValue
        }
        loadHistory(editor)
        greet()
        readStartFile()
        let begun = SessionScript(session)
        let code = loop(editor)
        editor.close()
        keepSession(begun)
        Ending(of: session).close(interpreter.messages)
        return code
    }

    private func loadHistory(_ editor: LineEditor) {
        historyFile = HistoryFile.standard()
        for entry in historyFile?.load() ?? [] { editor.remember(entry) }
    }

    private func greet() {
        interpreter.output.line(
            "genac \(Program.version): `help` lists commands, Tab completes, Ctrl-C cancels, Ctrl-D leaves")
        for line in Greeting(session).lines { interpreter.output.prose(line) }
        if !isBare { openStarters() }
    }

    /// What a restart forgets is kept as a script, and said.
    private func keepSession(_ begun: SessionScript) {
        let script = SessionScript(session)
        guard let changes = script.changes(since: begun) else { return }
        do {
            try KeptSession(session).write(script)
            interpreter.messages.prose("a restart forgets \(changes); `session restore` brings that back")
        } catch {
            interpreter.messages.prose("warning: this session's settings are not kept: \(ErrorParts(error).text)")
        }
    }

    private func readStartFile() {
        guard !isBare, let folder = UserFolder.path(.config) else { return }
        let path = folder + "/init.genac"
        guard FileManager.default.fileExists(atPath: path) else { return }
        do {
            _ = try interpreter.runFile(path)
        } catch {
            _ = interpreter.report(error, at: nil, title: nil, seconds: 0)
        }
    }

    private func loop(_ editor: LineEditor) -> Int32 {
        var pending = ""
        var asked = false
        while !interpreter.mustLeave {
            session.mailbox.showMessages(on: interpreter.messages)
            interpreter.output.flush()
            interrupts.enter(.editing)
            let result = editor.read(prompt: pending.isEmpty ? prompt : "....> ")
            interrupts.enter(.idle)
            if let signal = interrupts.leaveSignal { return 128 + signal }
            switch result {
            case .line(let line):
                asked = false
                pending += line
                if StatementReader.isIncomplete(pending) {
                    pending += "\n"
                    continue
                }
                accept(pending, editor)
                pending = ""
            case .interrupted:
                interpreter.output.line("^C")
                pending = ""
            case .end:
                interpreter.output.line()
                if let question = Ending(of: session).question, !asked {
                    interpreter.messages.prose(question)
                    asked = true
                    continue
                }
                return 0
            case .unreadable(let reason):
                interpreter.messages.prose("genac: the terminal cannot be read: \(reason)")
                return 1
            case .notUTF8:
                continue
            }
            if let signal = interrupts.leaveSignal { return 128 + signal }
        }
        return 0
    }

    private func accept(_ text: String, _ editor: LineEditor) {
        guard text.contains(where: { !$0.isWhitespace }) else { return }
        editor.remember(text)
        interpreter.history.append(text)
        if historyFile?.append(text) == false {
            interpreter.messages.prose("warning: the history cannot be written to \(historyFile?.path ?? "")")
            historyFile = nil
        }
        _ = interpreter.run(text, file: "line")
    }

    /// What the shell waits with; says when jobs run beside it.
    private var prompt: String {
        let count = session.jobs.active.count
        return count == 0 ? "genac> " : count == 1 ? "genac (1 job)> " : "genac (\(count) jobs)> "
    }

    /// Opens the shell on the models that come with it.
    private func openStarters() {
        for role in Role.allCases where session.home.find("starter/\(role.rawValue)/config.json") == nil {
            interpreter.messages.prose(
                "there is no starter \(role.rawValue) (starter/\(role.rawValue)) in the workspace, $GENAC_HOME or "
                    + "above the executable; `load \(role.rawValue) SOURCE` loads a model"
            )
            return
        }
        _ = interpreter.run(
            "load actor starter:actor; load critic starter:critic; problems load starter:jumps", file: "start")
        interpreter.output.prose(
            "`generate` lets the actor solve it, `score last` has the critic rate each step, `truth last` measures it.")
    }
}
