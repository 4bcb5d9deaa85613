import Compute
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
        #expect(try texts(#"problem "a b; c # d > e | f" 'x "y" \n'"#) == [["problem", "a b; c # d > e | f", #"x "y" \n"#]])
        #expect(try texts("tokenize don't stop") == [["tokenize", "don't", "stop"]])
        #expect(try texts(#"--stop="\n" x='a b'"#) == [["--stop=\n", "x=a b"]])
        #expect(try texts(#""a"'b'c "" ''"#) == [["abc", "", ""]])
        #expect(try texts("'a\nb' c\nd") == [["a\nb", "c"], ["d"]])
    }

    @Test("double quotes take every JSON escape, pairs of surrogates too")
    func escapes() throws {
        #expect(try texts(#""\"\\\/\b\f\n\r\tA\u00e9\ud83d\ude00""#) == [["\"\\/\u{8}\u{C}\n\r\tA\u{E9}\u{1F600}"]])
        for bad in [#""\x""#, #""\u12""#, #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#] {
            #expect(throws: LanguageError.self, "\(bad)") { try statements(bad) }
        }
    }

    @Test("results go to files and programs")
    func destinations() throws {
        #expect(try statements("show 2 > a.txt; b").map(\.destination) == [.file(path: "a.txt", appending: false), nil])
        #expect(try statements(#"show 2 >> "a b.txt" # c"#)[0].destination == .file(path: "a b.txt", appending: true))
        #expect(try statements("show 2 | grep 'a;b' | wc -l; c").map(\.destination) == [.program(" grep 'a;b' | wc -l"), nil])
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
        do {
            _ = try statements("ok\nproblem \"open\nnext")
            Issue.record("an open quote was accepted")
        } catch let error as LanguageError {
            #expect(error.description == "t:2: the quote \" opened at column 9 is not closed on its line; close it, or write \\n for a line break; '…' may hold several lines")
        }
    }

    @Test("after an error, reading goes on at the next line")
    func recovers() throws {
        var reader = StatementReader("a\n\"x\nb", file: "t")
        #expect(try reader.next()?.words.first?.text == "a")
        #expect(throws: LanguageError.self) { try reader.next() }
        #expect(try reader.next()?.words.first?.text == "b")
        #expect(try reader.next() == nil)
    }

    @Test("an open literal quote asks for more lines; nothing else does")
    func incomplete() {
        #expect(StatementReader.isIncomplete("a 'b\n"))
        #expect(!StatementReader.isIncomplete("a 'b'"))
        #expect(!StatementReader.isIncomplete("a \"b"))
        #expect(!StatementReader.isIncomplete("it's"))
    }

    @Test("every text reads back from how it is spelled, as one word, whatever it holds")
    func roundTrip() throws {
        let key = RandomKey(seed: 1, purpose: .test)
        let alphabet: [Unicode.Scalar] = Array(" \t\n\r;#>|'\"\\-=a/é😀\u{0}\u{1B}\u{7F}\u{10FFFD}n1.\u{202E}\u{301}".unicodeScalars)
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
            #expect(read.count == 1 && read[0].words.map { Array($0.text.unicodeScalars) } == words.map { Array($0.unicodeScalars) }, "\(line)")
        }
    }

    @Test("no text at all makes the reader trap, hang or lose its place")
    func adversarial() {
        let key = RandomKey(seed: 2, purpose: .test)
        let alphabet: [Unicode.Scalar] = Array(" \n;#>|'\"\\=au0d8é\u{FEFF}".unicodeScalars)
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
        }
    }
}

@Suite("Completion, widths and safe text")
struct TerminalTextTests {
    @Test("the unfinished command is found behind ; > and quotes")
    func partial() {
        #expect(PartialStatement("a b; gen").partial == "gen")
        #expect(PartialStatement("show 2 > fi").isFileName)
        #expect(PartialStatement("a 'b c").partial == "b c")
        #expect(PartialStatement("a 'b c' d ").words == ["a", "b c", "d"])
    }

    @Test("Tab inserts what is certain and shows what is not")
    func tab() {
        #expect(TabCompletion.result(["generate", "grade", "help"], partial: "gen", quote: nil) == CompletionResult(insertion: "erate "))
        #expect(TabCompletion.result(["10", "2", "1"], partial: "", quote: nil).choices == ["1", "2", "10"])
        #expect(TabCompletion.result(["sessions/"], partial: "ses", quote: nil).insertion == "sions/")
        #expect(TabCompletion.result(["abcd", "abce"], partial: "a", quote: nil).insertion == "bc")
    }

    @Test("control, direction and invisible characters are made visible")
    func visible() {
        #expect(TextWidth.visible("a\u{1B}[31mb\u{202E}c\rd\u{9B}\n") == "a^[[31mb<U+202E>c^Md<U+9B>\n")
        #expect(TextWidth.visible("a\nb\tc", keepingLines: false) == "a↵b⇥c")
    }

    @Test("bars, charts and durations")
    func pictures() {
        #expect(Bar.text(0.5, width: 4) == "██  ")
        #expect(Bar.text(.nan, width: 3) == "   ")
        #expect(Bar.sparkline([0, 1]) == "▁█")
        #expect(Chart(title: "t", points: []).lines(width: 40).count == 2)
        #expect(Chart(title: "t", points: [(0, 1), (1, 2)]).lines(width: 40, height: 4).count == 6)
        #expect(Span.text(75) == "1:15 min")
    }
}
