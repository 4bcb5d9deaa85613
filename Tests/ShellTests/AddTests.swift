import Foundation
import Testing

@Suite("Solutions and problems of one's own", .serialized)
struct AddTests {
    private let tiny: TinyWorkspace
    private static let school = "Ann has 3 apples and buys 4. How many has she?"

    init() throws { tiny = try TinyWorkspace() }

    private func run(_ commands: String, input: String = "", editor: String? = nil) throws -> Binary.Result {
        try run(commands, bytes: Data(input.utf8), editor: editor)
    }

    private func run(_ commands: String, bytes: Data, editor: String? = nil) throws -> Binary.Result {
        try Binary.run(
            ["--json", "-c", TinyWorkspace.opening.split(separator: "\n").joined(separator: "; ") + "; " + commands],
            input: bytes, folder: tiny.folder, environment: editor.map { ["EDITOR": $0] } ?? [:])
    }

    private func added(_ result: Binary.Result) throws -> [String: Any] {
        let last = try Binary.last(result, "add")
        if let problem = last["problem"] as? [String: Any] { return problem }
        return try #require((last["solutions"] as? [[String: Any]])?.first, "\(result.output)")
    }

    @Test("text of several words is a solution, graded; a file of that name is the file")
    func solutions() throws {
        let problem = "problem \"\(Self.school)\" --answer 7; "
        let typed = try added(run(problem + "add \"3 + 4 = 7. The answer is 7.\""))
        #expect(typed["text"] as? String == "3 + 4 = 7. The answer is 7." && typed["outcome"] as? Int == 1)
        #expect(typed["author"] as? String == "added from typed text")
        try tiny.write("my own.txt", "The answer is 8.\n")
        let file = try added(run(problem + "add \"my own.txt\""))
        #expect(file["text"] as? String == "The answer is 8.\n" && file["status"] as? String == "wrong")
        let piped = try added(run(problem + "add -", input: "So it is \\boxed{7}.\n"))
        #expect(piped["status"] as? String == "right" && piped["author"] as? String == "added from standard input")
        let edited = try added(run(problem + "add --edit", editor: "printf 'It is 7.' > "))
        #expect(edited["text"] as? String == "It is 7." && edited["author"] as? String == "added from the editor")
        let nothing = try Binary.last(run(problem + "add --edit", editor: "true"), "add")
        #expect((nothing["solutions"] as? [Any])?.isEmpty == true)
    }

    @Test("with an answer, or --problem, it is a new problem, and the current one")
    func problems() throws {
        let typed = try added(run("add \"\(Self.school)\" --answer 7"))
        #expect(typed["text"] as? String == Self.school && typed["answer"] as? String == "7")
        #expect(typed["source"] as? String == "typed")
        let same = try added(run("problem \"\(Self.school)\" --answer 7; add \"\(Self.school)\" --answer 7"))
        #expect(same["id"] as? Int == typed["id"] as? Int)
        let piped = try run("add - --problem; problem", input: "\(Self.school)\n")
        #expect(try added(piped)["text"] as? String == Self.school && added(piped)["answer"] is NSNull)
        #expect(
            (try Binary.last(piped, "problem")["problem"] as? [String: Any])?["source"] as? String == "standard input")
        let edited = try added(run("add --edit --answer -7", editor: "printf 'What is 3 - 10?\\n' > "))
        #expect(edited["text"] as? String == "What is 3 - 10?" && edited["answer"] as? String == "-7")
    }

    @Test("JSON Lines on standard input are problems; `problems load -` takes any rows")
    func rows() throws {
        let rows = "{\"question\":\"1+1\",\"answer\":\"2\"}\n{\"question\":\"1+2\",\"answer\":3}\n"
        for (command, input) in [("add -", rows), ("problems load -", "question,answer\n1+1,2\n1+2,3\n")] {
            let result = try run("\(command); problems", input: input)
            let problems = try #require(try Binary.last(result, "problems")["problems"] as? [[String: Any]])
            #expect(problems.suffix(2).map { $0["answer"] as? String } == ["2", "3"], "\(command)")
            #expect((problems.last?["source"] as? String)?.hasPrefix("standard input:") == true, "\(problems)")
        }
        #expect(try run("add - --answer 3", input: rows).errors.contains("rows, which say their own answers"))
        #expect(try run("add -", input: rows + "{\"question\"").errors.contains("standard input:3: "))
        let set = try added(run("problem 1+1 --answer 2; add -", input: "{1, 2} has 2 elements"))
        #expect(set["text"] as? String == "{1, 2} has 2 elements")
    }

    @Test("what cannot be meant is refused, and says what to do")
    func refusals() throws {
        let problem = "problem \"1+1\" --answer 2; "
        for (command, words) in [
            ("add", "there is nothing to add; give a file, text in quotes, - for standard input, or --edit"),
            ("add mine.txt --edit", "--edit takes no file and no text"),
            ("add mine.txt", "mine.txt: cannot be opened: no such file"),
            ("add \"my mine.txt\"", "my mine.txt: cannot be opened: no such file"),
            ("add - --problem --answer 3", "--problem says that no answer is known; give --answer alone"),
            ("add -", "standard input: there is no text"),
        ] {
            let result = try run(problem + command)
            #expect(result.status == 1 && result.errors.contains(words), "\(command): \(result.errors)")
        }
        #expect(try run("add \"It is 2.\"").errors.contains("no problem is chosen"))
        let bytes = try run(problem + "add -", bytes: Data([0x63, 0xE9]))
        #expect(bytes.errors.contains("standard input: no UTF-8 text of at most a megabyte"), "\(bytes.errors)")
        let commands = try Binary.run([], input: Data("add - --problem\n1+1\n".utf8), folder: tiny.folder)
        #expect(commands.errors.contains("standard input is where the commands come from"), "\(commands.errors)")
    }

    @Test("in a terminal the editor is the user's own, and standard input is the commands'")
    func terminal() throws {
        let terminal = try PseudoTerminal(environment: ["EDITOR": "sh -c 'echo What is 2+2? > $0'"])
        try terminal.expectLast("genac>")
        terminal.send("add --edit --answer 4\r")
        try terminal.expect("answer: 4")
        try terminal.expect("What is 2+2?")
        terminal.send("add -\r")
        try terminal.expect("standard input is where the commands come from")
    }
}
