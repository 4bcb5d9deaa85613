import Foundation
import Shell
import Testing

@Suite("Completion in the command language")
struct CompletionLanguageTests {
    @Test("the unfinished command is found behind ; > and quotes")
    func partial() {
        #expect(PartialStatement("a b; gen").partial == "gen")
        #expect(PartialStatement("show 2 > fi").isFileName)
        #expect(PartialStatement("a 'b c").partial == "b c")
        #expect(PartialStatement("a 'b c' d ").words == ["a", "b c", "d"])
        #expect(PartialStatement("a x | b ").isForeign && !PartialStatement("a x | b; c ").isForeign)
        #expect(PartialStatement("a # b").isForeign && !PartialStatement("a#b").isForeign)
    }

    @Test(
        "the word at the cursor is read as the language has it",
        arguments: [
            (#"a "\frac \"b"#, #"\frac "b"#, Quote.double), (#"a "b\"#, #"b\"#, .double),
            (#"a 'b\n"#, #"b\n"#, .literal),
            (#"a $'b\n\'c"#, "b\n'c", .escaped), (#"a x=$'b"#, "x=b", .escaped),
            (#"a $'\n'b"#, "\nb", nil), ("a it's", "it's", nil),
        ])
    func partialQuotes(_ text: String, _ partial: String, _ quote: Quote?) {
        let statement = PartialStatement(text)
        #expect(statement.words == ["a"] && statement.partial == partial && statement.quote == quote)
    }

    @Test("behind a bad escape nothing is proposed")
    func partialError() {
        let statement = PartialStatement(#"a $'\q' b"#)
        #expect(statement.isForeign && statement.words.isEmpty)
    }

    @Test(
        "a whole word is read as the shell reads it",
        arguments: [
            "generate -n 4", #"problem "a \"b\" c" --answer -5"#, "a 'b c' d=$'e\\nf'", "x; y z", "# c\ny 'z'",
            #"a "\frac{1}{2}\\""#,
        ])
    func agreement(_ text: String) throws {
        var reader = StatementReader(text, file: "t"), last: Statement?
        while let statement = try reader.next() { last = statement }
        #expect(PartialStatement(text + " ").words == last?.words.map(\.text))
    }

    @Test("Tab inserts what is certain and shows what is not")
    func tab() {
        #expect(
            TabCompletion.result(["generate", "grade", "help"], partial: "gen", quote: nil)
                == CompletionResult(insertion: "erate "))
        #expect(TabCompletion.result(["10", "2", "1"], partial: "", quote: nil).choices == ["1", "2", "10"])
        #expect(TabCompletion.result(["sessions/"], partial: "ses", quote: nil).insertion == "sions/")
        #expect(TabCompletion.result(["abcd", "abce"], partial: "a", quote: nil).insertion == "bc")
    }

    @Test(
        "Tab types a choice as the open quote has it, and passes over what that cannot hold",
        arguments: [
            (#"it's "a"\b"#, Quote.double, #"'s \"a\"\b" "#), (#"it's"#, .literal, ""), (#"it"s"#, .literal, #""s' "#),
            (#"it's\b"#, .escaped, #"\'s\\b' "#), (#"it\"#, .double, ""), ("it's", nil, ""), ("its", nil, "s "),
        ])
    func tabQuotes(_ choice: String, _ quote: Quote?, _ insertion: String) {
        #expect(TabCompletion.result([choice], partial: "it", quote: quote) == CompletionResult(insertion: insertion))
    }
}
