import Foundation
import Testing

@Suite("A template of one's own", .serialized)
struct PromptNewTests {
    @Test("prompt new keeps a skeleton that a model can read at once")
    func skeleton() throws {
        let tiny = try TinyWorkspace()
        let result = try tiny.run(
            "prompt new strict; prompt use strict; prompt new brief --actor; prompt use brief --actor; "
                + "prompt show; models",
            json: true)
        #expect(result.status == 0, "\(result.errors)")
        let path = tiny.folder + "/.genac/prompts/critic/strict.mustache"
        #expect(result.json.dropLast(5).last?["path"] as? String == path)
        #expect(
            result.json.dropLast().last?["text"] as? String == (try String(contentsOfFile: path, encoding: .utf8)))
        let read = try tiny.run(
            "problem '1+1' --answer 2; generate -n 1; prompt new own; prompt use own; prompt show last.0")
        #expect(
            read.output.contains("Problem: 1+1\n") && !read.output.contains("A comment like this"),
            "\(read.output)\(read.errors)")
        #expect(read.output.contains("<solution>\n</solution>"), "the closing mark stands right behind the solution")
    }

    @Test("a name that is taken or none is refused")
    func names() throws {
        let tiny = try TinyWorkspace()
        for (name, words) in [
            ("default", "there is a template default already"), ("a/b", "\"a/b\" is no name for a template"),
            ("''", "\"\" is no name for a template"),
        ] {
            let result = try Binary.run(["-c", "prompt new \(name)"], folder: tiny.folder)
            #expect(result.status == 1 && result.errors.contains(words), "\(result.errors)")
        }
    }

    @Test("in the shell the editor opens it, and what it leaves is checked and never lost")
    func edited() throws {
        let tiny = try TinyWorkspace()
        let terminal = try PseudoTerminal(
            columns: 200, environment: ["EDITOR": "sed -i s/likely/surely/"], folder: tiny.folder)
        try terminal.expectLast("genac>")
        terminal.send("prompt new strict\r")
        try terminal.expect("`prompt use strict` has the critic read it")
        let text = try String(contentsOfFile: tiny.folder + "/.genac/prompts/critic/strict.mustache", encoding: .utf8)
        #expect(text.contains("how surely a language model"))
        let spoilt = try PseudoTerminal(
            columns: 300, environment: ["EDITOR": "sed -i s/{{problem}}/{{probelm}}/"], folder: tiny.folder)
        try spoilt.expectLast("genac>")
        spoilt.send("prompt new spoilt\r")
        try spoilt.expect("the template was not taken")
        try spoilt.expect("no prompt has 'probelm'")
        let kept = try String(contentsOfFile: tiny.folder + "/.genac/prompts/critic-spoilt.refused", encoding: .utf8)
        #expect(kept.contains("{{probelm}}"))
    }
}
