/// Commands read a line at a time from something that is no terminal.
struct Batch {
    let interpreter: Interpreter

    init(_ interpreter: Interpreter) { self.interpreter = interpreter }

    func run(_ reader: ByteLineReader, file: String) -> RunStatus {
        var worst = RunStatus.ok
        var number = 0
        var pending = ""
        var firstLine = 1
        while !interpreter.mustLeave {
            let result = reader.read()
            number += 1
            let status: RunStatus
            switch result {
            case .line(let line):
                if pending.isEmpty { firstLine = number }
                pending += line + "\n"
                if StatementReader.isIncomplete(pending) { continue }
                status = interpreter.run(pending, file: file, line: firstLine)
                pending = ""
            case .unreadable(let reason):
                return interpreter.report(
                    ShellError.cannotOpen(path: file, reason: reason), at: nil, title: nil, seconds: 0)
            case .notUTF8:
                pending = ""
                let place = SourcePosition(file: file, line: number)
                status = interpreter.report(LanguageError.notUTF8(place), at: nil, title: nil, seconds: 0)
            case .interrupted:
                return .interrupted
            case .end:
                guard !pending.isEmpty else { return worst }
                status = interpreter.run(pending, file: file, line: firstLine)
                pending = ""
            }
            interpreter.output.flush()
            if status == .interrupted { return status }
            if status != .ok {
                if worst == .ok || status == .failed { worst = status }
                if !interpreter.options.keepGoing { return worst }
            }
        }
        return worst
    }
}
