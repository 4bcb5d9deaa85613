import Compute
import Foundation
import Shell
import Testing

private func statements(_ text: String) throws -> [Statement] {
    var reader = StatementReader(text, file: "t")
    var result: [Statement] = []
    while let statement = try reader.next() { result.append(statement) }
    return result
}

private func texts(_ text: String) throws -> [[String]] { try statements(text).map { $0.words.map(\.text) } }

@Suite("The command language")
struct LanguageTests {
    @Test("blanks, semicolons, newlines and comments split commands")
    func splits() throws {
        #expect(try texts("a  b\tc; d # e; f\n\n ;; g") == [["a", "b", "c"], ["d"], ["g"]])
        #expect(try texts("a#b #c") == [["a#b"]])
        #expect(try texts("a;b") == [["a"], ["b"]])
        #expect(try texts("a\r\nb\r\n") == [["a"], ["b"]])
    }

    @Test("quotes hold blanks, signs and comments; an apostrophe inside a word is text")
    func quotes() throws {
        #expect(
            try texts(#"problem "a b; c # d > e | f" 'x "y" \n'"#) == [["problem", "a b; c # d > e | f", #"x "y" \n"#]])
        #expect(try texts("tokenize don't stop") == [["tokenize", "don't", "stop"]])
        #expect(try texts(#"--stop=$'\n' x='a b' y=$x"#) == [["--stop=\n", "x=a b", "y=$x"]])
        #expect(try texts(#""a"'b'$'\t'c "" '' $''"#) == [["ab\tc", "", "", ""]])
        #expect(try texts("a$'b' $5 $") == [["a$'b'", "$5", "$"]])
        #expect(try statements(#""-a" '-b' $'-c' -d"#)[0].words.map(\.isQuoted) == [true, true, true, false])
        #expect(try texts("'a\nb' c\nd") == [["a\nb", "c"], ["d"]])
    }

    @Test(
        "in double quotes only \\\" and a backslash before the line's end are escapes",
        arguments: [
            (#""\frac{1}{2}+\binom{4}{2} \text{now}""#, #"\frac{1}{2}+\binom{4}{2} \text{now}"#),
            (#""a & b \\ c & d \\[2pt]""#, #"a & b \\ c & d \\[2pt]"#),
            (#""\n \t \u00e9 \/ \d \'""#, #"\n \t \u00e9 \/ \d \'"#),
            (#""say \"hi\"""#, #"say "hi""#),
            (#""a \\""#, #"a \\"#), (#""\\""#, #"\\"#), (#""\\\"""#, #"\\""#), (#""\\\\""#, #"\\\\"#),
            ("\"one \\\ntwo\\\r\nthree\"", "one twothree"),
            ("\"\\\n\"", ""),
        ])
    func doubleQuotes(_ written: String, _ meant: String) throws {
        #expect(try texts(written) == [[meant]])
    }

    @Test("a line that goes on counts as a line, and the word's place is its beginning")
    func continued() throws {
        let read = try statements("a \"b\\\nc\" d\ne")
        #expect(read.map { $0.words.map(\.text) } == [["a", "bc", "d"], ["e"]])
        #expect(read.flatMap(\.words).map(\.position.line) == [1, 1, 2, 3])
    }

    @Test("$'…' takes escapes")
    func escapes() throws {
        let all = #"$'\' \" \\ \/ \a\b\e\f\n\r\t\v \x41\x7f \u00e9\ud83d\ude00 \U0001F600 \0\101\33[1m\0012'"#
        let meant = "' \" \\ / \u{7}\u{8}\u{1B}\u{C}\n\r\t\u{B} A\u{7F} \u{E9}\u{1F600} \u{1F600} \0A\u{1B}[1m\u{1}2"
        #expect(try texts(all) == [[meant]])
        #expect(try texts("$'a\nb' c\nd") == [["a\nb", "c"], ["d"]])
    }

    @Test(
        "what is no escape of $'…' is named with its column",
        arguments: [
            (#"a $'b\qc'"#, #"\q at column 6"#),
            (#"$'\d{2}'"#, #"\d at column 3"#),
            (#"$'\x4'"#, #"\x without 2 hexadecimal digits at column 3"#),
            (#"$'\xe9'"#, #"the byte 0xe9 (a character is \uXXXX) at column 3"#),
            (#"$'\377'"#, #"the byte 0xff (a character is \uXXXX) at column 3"#),
            (#"$'\u12'"#, #"\u without 4 hexadecimal digits at column 3"#),
            (#"$'é\ud800'"#, #"\ud800, half of a surrogate pair, at column 4"#),
            (#"$'\ud800\u0041'"#, #"\ud800, half of a surrogate pair, at column 3"#),
            (#"$'\udc00'"#, #"\udc00, half of a surrogate pair, at column 3"#),
            (#"$'\U0001F60'"#, #"\U without 8 hexadecimal digits at column 3"#),
            (#"$'\U00110000'"#, #"\U00110000, which is no character, at column 3"#),
            ("$'a\\\nb'", "a backslash before the line's end at column 4"),
        ])
    func badEscapes(_ written: String, _ named: String) throws {
        let error = try #require(throws: LanguageError.self) { try statements(written) }
        #expect(error.what == named + " is no escape of $'…'")
    }

    @Test(
        "an escape of an older script is found once, and LaTeX is none",
        arguments: [
            (#""one\n""#, #"\n"#), (#""one\n\ntwo""#, #"\n"#), (#""Start 5\nB2 a+3""#, #"\n"#), (#""a\t1""#, #"\t"#),
            (#""\\\n""#, #"\n"#), (#""caf\u00e9""#, #"\u00e9"#), (#"x="\n""#, #"\n"#), (#"'\n' "\t""#, #"\t"#),
            (#""\nabla \nu \theta \text{a} \to""#, nil), (#""a \\n=5 \\ \\t""#, nil), (#"'\n' $'\n' \n"#, nil),
            (#""\uparrow \"n \frac12 \begin{x}\r""#, nil),
        ])
    func oldEscapes(_ written: String, _ found: String?) throws {
        var reader = StatementReader("a\nb " + written + "\nc \"\\t\"", file: "t")
        #expect(try reader.next() != nil && reader.oldEscape == nil)
        #expect(try reader.next() != nil && reader.oldEscape?.text == found)
        let first = reader.oldEscape
        #expect(first == nil || first?.position.line == 2)
        #expect(try reader.next() != nil && reader.oldEscape?.text == found ?? #"\t"#)
    }

    @Test("results go to files and programs")
    func destinations() throws {
        #expect(
            try statements("show 2 > a.txt; b").map(\.destination) == [.file(path: "a.txt", appending: false), nil])
        #expect(try statements(#"show 2 >> "a b.txt" # c"#)[0].destination == .file(path: "a b.txt", appending: true))
        #expect(
            try statements("show 2 | grep 'a;b' | wc -l; c").map(\.destination) == [
                .program(" grep 'a;b' | wc -l"), nil,
            ])
        #expect(try statements(#"grade ">" "|""#)[0].destination == nil)
        #expect(try statements("tokenize <|im_end|>")[0].words.map(\.text) == ["tokenize", "<|im_end|>"])
        for bad in ["a >", "a > ; b", "a |", "> f", "| p", "a > f g"] {
            #expect(throws: LanguageError.self, "\(bad)") { try statements(bad) }
        }
    }

    @Test("words and errors know their line and column")
    func positions() throws {
        let words = try statements("a\n  b c")[1].words
        #expect(words.map { "\($0.position.line):\($0.position.column)" } == ["2:3", "2:5"])
    }

    @Test(
        "a quote that is not closed says where it opened and what may hold the text",
        arguments: [
            (
                "ok\nproblem \"open\nnext",
                "t:2: the quote \" opened at column 9 is not closed on its line; "
                    + "close it; '…' may hold several lines, and a \\ before its end"
            ),
            (
                #"grade "a \" b"#,
                "t:1: the quote \" opened at column 7 is not closed on its line; "
                    + "close it; '…' may hold several lines, and a \\ before its end"
            ),
            (
                "a \"b \\\n",
                "t:1: the quote \" opened at column 3 is never closed; "
                    + "close it; '…' may hold several lines, and a \\ before its end"
            ),
            (
                "a 'b\n",
                "t:1: the quote ' opened at column 3 is never closed; "
                    + "close it; inside \"…\" an apostrophe is plain"
            ),
            (
                "a x=$'b\\'",
                "t:1: the quote $' opened at column 5 is never closed; "
                    + "close it; inside $'…' an apostrophe is \\'"
            ),
        ])
    func unclosed(_ written: String, _ said: String) throws {
        let error = try #require(throws: LanguageError.self) { try statements(written) }
        #expect(error.description == said)
    }

    @Test("after an error, reading goes on at the next line")
    func recovers() throws {
        var reader = StatementReader("a\n\"x\nb", file: "t")
        #expect(try reader.next()?.words.first?.text == "a")
        #expect(throws: LanguageError.self) { try reader.next() }
        #expect(try reader.next()?.words.first?.text == "b")
        #expect(try reader.next() == nil)
        reader = StatementReader("a |\nb", file: "t")
        #expect(throws: LanguageError.self) { try reader.next() }
        #expect(try reader.next()?.words.first?.text == "b")
    }

    @Test("an open quote asks for more lines where it may hold them; nothing else does")
    func incomplete() {
        let incomplete = ["a 'b\n", "a $'b", #"a $'b\"#, #"a $'b\'"#, #"a "b\"#]
        for open in incomplete + ["a \"b\\\n", "a \"b\\\r\n", "a \"b\\\nc\\\n"] {
            #expect(StatementReader.isIncomplete(open), "\(open)")
        }
        let whole = ["a 'b'", "a \"b", "it's", "a\\", #"a "b\\"#, #"a "b\\""#]
        for closed in whole + ["a \"b\\\nc", #"a $'b\\'"#, #"a $'\q"#, "a $b"] {
            #expect(!StatementReader.isIncomplete(closed), "\(closed)")
        }
    }

    @Test(
        "text is spelled as a user would: bare, in the plainest quotes, escaped where it must be",
        arguments: [
            ("a.b/c", "a.b/c"), ("", "\"\""), ("a b", #""a b""#), ("-5", "-5"), ("-x", #""-x""#), ("--", #""--""#),
            (#"\frac{1}{2}"#, #"'\frac{1}{2}'"#), (#"a\"#, #"'a\'"#), (#"it's \n"#, #""it's \n""#),
            (#"it's a\"#, #"$'it\'s a\\'"#), (#"it's a\\"#, #""it's a\\""#), (#"'\""#, #"$'\'\\"'"#),
            (#"'\\""#, #""'\\\"""#),
            (#"say "hi""#, #"'say "hi"'"#), (#"it's "so""#, #""it's \"so\"""#),
            ("a\nb\t\u{1B}'", #"$'a\nb\t\u001b\''"#),
        ])
    func spelled(_ text: String, _ written: String) {
        #expect(Word.spelled(text) == written)
    }

    @Test(
        "a command is echoed as it could be typed: options stay options, text stays text",
        arguments: [
            (#"generate --stop=$'\n' -n 4 >> 'a b'"#, #"generate --stop=$'\n' -n 4 >> "a b""#),
            (#"grade -5 "-x" --grader=exact"#, #"grade -5 "-x" --grader=exact"#),
            (#"problem "a \frac12 b" --answer="\"" --x"y"#, #"problem 'a \frac12 b' --answer='"' --x"y"#),
        ])
    func echoed(_ written: String, _ shown: String) throws {
        let statement = try #require(try statements(written).first)
        #expect(statement.spelled == shown)
        let again = try #require(try statements(shown).first)
        #expect(again.words.map(\.text) == statement.words.map(\.text) && again.destination == statement.destination)
    }

    @Test("every text reads back from how it is spelled, as one word, whatever it holds")
    func roundTrip() throws {
        let key = RandomKey(seed: 1, purpose: .test)
        let alphabet: [Unicode.Scalar] = Array(
            " \t\n\r;#>|'\"\\$-=a/é😀\u{0}\u{1B}\u{7F}\u{85}\u{10FFFD}n1.\u{202E}\u{301}".unicodeScalars)
        var counter: UInt64 = 0
        for _ in 0..<5000 {
            var words: [String] = []
            for _ in 0..<(1 + key.index(below: 4, counter)) {
                counter += 1
                var text = String.UnicodeScalarView()
                for _ in 0..<key.index(below: 8, counter) {
                    counter += 1
                    text.append(alphabet[key.index(below: alphabet.count, counter)])
                }
                counter += 1
                words.append(String(text))
            }
            let line = words.map(Word.spelled).joined(separator: " ")
            let read = try statements(line)
            // On one line, too: a script's commands are echoed so.
            #expect(!line.unicodeScalars.contains("\n"))
            #expect(
                read.count == 1
                    && read[0].words.map { Array($0.text.unicodeScalars) } == words.map { Array($0.unicodeScalars) },
                "\(line)")
        }
    }

    @Test("no text at all makes the reader trap, hang or lose its place")
    func adversarial() {
        let key = RandomKey(seed: 2, purpose: .test)
        let alphabet: [Unicode.Scalar] = Array(" \n\r;#>|'\"\\$=auxU0d8é\u{FEFF}".unicodeScalars)
        for sample in 0..<5000 {
            var text = String.UnicodeScalarView()
            for place in 0..<40 { text.append(alphabet[key.index(below: alphabet.count, UInt64(sample * 40 + place))]) }
            var reader = StatementReader(String(text), file: "t")
            var turns = 0
            while turns < 200 {
                turns += 1
                do {
                    guard try reader.next() != nil else { break }
                } catch {
                    continue
                }
            }
            #expect(turns < 200)
            _ = (StatementReader.isIncomplete(String(text)), PartialStatement(String(text)))
        }
    }
}

@Suite("Quotes and numbers, as the program takes them")
struct QuotingTests {
    @Test("an older script's escape is warned of once in a session, with its place")
    func warnsOnce() throws {
        let tiny = try TinyWorkspace()
        try tiny.write("old.genac", "set seed 1\ngrade 1 \"1\\n\"\ngrade 1 \"1\\t\"\n")
        let warning =
            "old.genac:2: warning: \\n inside \"…\" is plain text now; "
            + "write $'…' where escapes are meant (said once)\n"
        #expect(try Binary.run(["old.genac"], folder: tiny.folder).errors == warning)
        #expect(try Binary.run(["old.genac", "old.genac"], folder: tiny.folder).errors == warning)
        let nested = try Binary.run([], input: Data("source old.genac\ngrade 1 \"1\\n\"\n".utf8), folder: tiny.folder)
        #expect(nested.status == 0 && nested.errors == warning)
        let json = try Binary.run(["--json", "-c", #"grade 1 "1\n"; grade 1 "1\n""#])
        #expect(json.errors.hasPrefix("-c:1: warning: ") && json.errors.split(separator: "\n").count == 1)
        #expect(json.json.count == 2)
        #expect(try Binary.run(["-c", #"grade 1 "\nu \theta \\n=1 \boxed{1}"; grade 1 $'1\n'"#]).errors == "")
    }

    @Test("LaTeX in double quotes is the problem's text, over lines too")
    func latex() throws {
        let script =
            #"problem "Compute \frac{1}{2}+\binom{4}{2} \text{now} \\" --answer 5"# + "\n"
            + "problem \"Name \\\n\\theta\"\nproblem $'two\\nlines'\n"
        let result = try Binary.run(["--json"], input: Data(script.utf8))
        #expect(result.status == 0 && result.errors == "")
        let problems = result.json.compactMap { $0["problem"] as? [String: Any] }.compactMap { $0["text"] as? String }
        #expect(problems == [#"Compute \frac{1}{2}+\binom{4}{2} \text{now} \\"#, #"Name \theta"#, "two\nlines"])
    }

    @Test(
        "a word that begins like a number is no option, in every kind of argument",
        arguments: [
            // Text as positional and as option's value, before, between and behind.
            (#"grade -5 "so \boxed{-5}""#, "right: extracted -5\n", ""),
            (#"grade -.5 "so \boxed{-.5}" --grader answer"#, "right: extracted -.5\n", ""),
            (#"grade -1/2 "so \boxed{-\frac{1}{2}}""#, "right: extracted -\\frac{1}{2}\n", ""),
            ("problem --answer -5 'x y'", "problem 1  typed\n  x y\n  answer: -5\n", ""),
            ("problem -5 --answer -1e-3", "problem 1  typed\n  -5\n  answer: -1e-3\n", ""),
            ("problem 'x y' --answer '-z'", "problem 1  typed\n  x y\n  answer: -z\n", ""),
            ("problem 'x y' --answer=-5", "problem 1  typed\n  x y\n  answer: -5\n", ""),
            ("problem 'x y' --answer -5 | tail -n 1", "  answer: -5\n", ""),
            // A setting, numbers of options, and types of their own refuse it themselves.
            ("set rollout.temperature -1", "", "rollout.temperature cannot be -1; it may be: a number from 0.0"),
            ("plot x --smooth -1", "", "--smooth cannot be -1; it goes from 1"),
            ("problems load starter:jumps --limit -2", "", "--limit cannot be -2"),
            ("problems -n -3", "", "-n cannot be -3"),
            ("history -n -3", "", "-n cannot be -3"),
            ("starter corpus x --dropout -0.5", "", "--dropout is a share"),
            ("study success --problems \"-3\"", "", "--problems cannot be -3"),
            ("icc set success-rate -5", "", "'-5' is not a percentage"),
            ("show -5", "", "-5 is no SOLUTION: a solution or prefix"),
            ("train -5", "", "-5 is no STAGE: it is one of sft"),
            // What was an option stays one, also where it is unknown or lacks its value.
            ("problems -n 4", "no problems are kept; `problems load FILE` or `problems load starter:jumps`\n", ""),
            ("grade -x y z", "", "grade has no option -x; quote a word"),
            ("grade --5 y z", "", "grade has no option --5"),
            ("problem 'x y' --answer --steps vine", "", "--answer needs ANSWER after it"),
            ("grade 1 -- -5", "wrong: extracted -5\n", ""),
            ("grade -- --grader -5", "wrong: extracted -5\n", ""),
        ])
    func dashes(_ command: String, _ output: String, _ refusal: String) throws {
        let result = try Binary.run(["-c", command])
        #expect(result.output == output && (result.status == 0) == refusal.isEmpty, "\(result.errors)")
        #expect(refusal.isEmpty ? result.errors.isEmpty : result.errors.contains(refusal), "\(result.errors)")
    }
}
