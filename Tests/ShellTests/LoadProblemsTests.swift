import Foundation
import Testing

/// `problems load` of files and folders, as a user sees it.
@Suite struct LoadProblemsTests {
    @Test("what was taken of a file's columns is said, and what could not be is said with what chooses it")
    func columns() throws {
        let tiny = try TinyWorkspace()
        try tiny.write("set.csv", "\u{FEFF}Problem,Answer,split\n\"1 + 2, or?\",3,test\n2 + 2,,test\nx,1,train\n")
        try tiny.write("two.json", "[{\"question\": \"1 + 2\", \"problem\": \"1+2\", \"n\": 3}]")
        let loaded = try tiny.run("problems load set.csv --split test")
        #expect(
            loaded.output.hasSuffix(
                """
                2 problems, 1 to 2; the current one is 1:
                  1 + 2, or?
                1 row: problem from `problem`, answer from `answer`
                1 row: problem from `problem`, no answer

                """), "\(loaded.output)")
        #expect(
            loaded.errors.contains("warning: 1 of 2 problems have no answer (1: `answer` is null); it is looked for in")
        )
        let json = try Binary.last(tiny.run("problems load set.csv --split train", json: true), "problems load")
        let taken = try #require((json["taken"] as? [[String: Any]])?.first)
        #expect(taken["problem"] as? String == "problem" && taken["rows"] as? Int == 1)
        #expect((taken["answer"] as? [String: String]) == ["member": "answer", "part": "whole"])
        for (command, words) in [
            (
                "problems load two.json",
                "two.json:1: problem and question are two problems, and differ; its columns are "
                    + "question, problem, n; --prompt-key problem or --prompt-key question says which"
            ),
            ("problems load two.json --prompt-key m", "the row has question, problem, n"),
            ("problems load set.csv --split dev", "there are test, train; --split names one"),
            (
                "problems load starter:jumps --split dev",
                "a built-in task's split stands in its name: starter:jumps:dev"
            ),
        ] {
            let refused = try tiny.run(command)
            #expect(refused.status == 1 && refused.errors.contains(words), "\(refused.errors)")
        }
        #expect(
            try tiny.run("problems load two.json --prompt-key problem --answer-key n; problem").output.contains(
                "answer: 3"))
    }

    @Test("what is told the actor alone is shown; what is not taken is named; a program that grades needs no answers")
    func said() throws {
        let tiny = try TinyWorkspace()
        try tiny.write(
            "one.jsonl",
            #"{"prompt": [{"role": "system", "content": "Be brief."},"#
                + #" {"role": "user", "content": "2?"}], "choices": [1]}"#
        )
        let result = try tiny.run(
            "set reward.command 'cat'\nproblems load one.jsonl\nset reward.command none\nproblem\n")
        #expect(
            result.output.contains(
                "problem 1, the current one:\n  2?\nproblem from `prompt`, no answer\nnot taken: choices\n"),
            "\(result.output)")
        #expect(
            result.output.contains("  2?\n  to the actor alone, by the system:\n    Be brief.\n  answer: unknown\n"))
        #expect(result.errors.contains("reward.command grades solutions of them"), "\(result.errors)")
    }

    @Test("of rows that do not end, --limit reads as many as are wanted")
    func endlessInput() throws {
        let tiny = try TinyWorkspace()
        let child = try Binary.start(
            ["--bare", "-c", "problems load - --limit 2"], input: nil, folder: tiny.folder)
        child.write(#"{"question": "a", "answer": 1}"# + "\n" + #"{"question": "b", "answer": 1}"# + "\n{\"que")
        #expect(try child.wait(seconds: 60) == 0)
        #expect(child.output.contains("2 problems, 1 to 2"), "\(child.output) \(child.errors)")
    }

    @Test("Ctrl-C ends the loading, and nothing of it is kept", arguments: [SIGINT, SIGTERM])
    func interrupted(signal: Int32) throws {
        let tiny = try TinyWorkspace()
        try tiny.write("rows.jsonl", (0..<400_000).map { "{\"question\":\"\($0)\",\"answer\":1}\n" }.joined())
        let child = try Binary.start(["--bare", "-c", "problems load rows.jsonl"], folder: tiny.folder)
        usleep(500_000)
        child.send(signal)
        let sent = Date()
        #expect(try child.wait(seconds: 60) != 0)
        #expect(Date().timeIntervalSince(sent) < 10, "\(child.errors)")
        #expect(try tiny.run("problems").output.contains("no problems are kept"))
    }

    @Test("a byte order mark is no part of a script")
    func byteOrderMark() throws {
        let tiny = try TinyWorkspace()
        try tiny.write("marked.genac", "\u{FEFF}grade 7 '\\boxed{7}'\n")
        let sourced = try tiny.run("source marked.genac")
        #expect(sourced.status == 0 && sourced.output.contains("right"), "\(sourced.errors)")
        for text in ["\u{FEFF}grade 7 7\n", "\u{FEFF}", "\u{FEFF}grade 7 7", "grade 7 7"] {
            let typed = try Binary.run([], input: Data(text.utf8), folder: tiny.folder)
            #expect(typed.status == 0 && typed.output.contains("right") == (text.count > 1), "\(typed.errors)")
        }
    }
}
